"""The page Teach: sentences wait, are rewritten, approved or rejected, and only then learned."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
import yaml
from django.test import Client

from staff.audit.models import Entry
from staff.records.knowledge import known
from staff.records.models import Label
from staff.teach import labels
from staff.teach.sentences import HELD_OUT_SHARE, held_out, opinion
from tests.staff.rows import conversation, turn

Sign = Callable[[str], Client]
NEW = "what would the bill look like in guatemalan quetzals"
EMPTY = "# There is nothing in it yet.\n"
OTHER = "would a lottery win of nine million cover the whole thing"


@pytest.fixture(autouse=True)
def talk() -> None:
    conversation("web:a")


def labelled(text: str = NEW, target: str = "cost", **columns: object) -> int:
    """A message with a label that waits; the turn's id."""
    id_ = turn(text=text, kind="fallback")
    verdict = "out_of_scope" if target.startswith("oos_") else "answer"
    values = {"time": 1.0, "by": "reviewer", "verdict": verdict, "target": target, **columns}
    Label.objects.create(turn_id=id_, **values)
    return id_


def send(client: Client, **fields: object) -> str:
    """What the page says after the form was sent."""
    response = client.post("/teach/judge/", fields, follow=True)
    assert response.status_code == 200
    return " ".join(str(message) for message in response.context["messages"])


def exported(client: Client, name: str = "reviewed.yml") -> str:
    response = client.get(f"/teach/{name}")
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    return response.content.decode()


def test_without_labels_it_says_what_will_be_there(client_of: Sign) -> None:
    html = client_of("reviewer").get("/teach/").content.decode()
    assert "No sentence waits" in html and "No sentence is approved yet" in html
    assert "No new answer was asked for" in html


def test_a_label_waits_with_its_message_and_answer(client_of: Sign) -> None:
    labelled()
    html = client_of("reviewer").get("/teach/").content.decode()
    assert f'value="{NEW}"' in html and "How much does it cost?" in html


def test_nothing_unapproved_is_exported(client_of: Sign) -> None:
    client = client_of("reviewer")
    waiting, rejected = labelled(NEW), labelled(OTHER)
    labelled("a third way to ask for the sum", verdict="new_answer")
    send(client, reject=str(rejected), **{f"sentence_{rejected}": OTHER})
    assert exported(client) == exported(client, "held_out.yml") == EMPTY
    said = send(client, approve=str(waiting), **{f"sentence_{waiting}": NEW})
    assert "Approved: 1" in said
    both = exported(client) + exported(client, "held_out.yml")
    assert NEW in both and OTHER not in both and "third way" not in both
    assert Entry.objects.filter(action="exported labels", name="reviewer").exists()


def test_a_sentence_is_trained_on_or_held_out_never_both(client_of: Sign) -> None:
    client = client_of("reviewer")
    texts = [f"{NEW} or in {place}" for place in ("yen", "francs", "rupees", "pesos", "kroner",
             "dinars", "shekels", "zlotys", "forints", "baht", "lira", "reais")]  # fmt: skip
    for text in texts:
        id_ = turn(text=text, kind="fallback")
        Label.objects.create(turn_id=id_, time=1.0, by="r", verdict="answer", target="cost",
                             sentence=text, approved_by="r", held_out=held_out(text))  # fmt: skip
    trained = yaml.safe_load(exported(client))["nlu"]
    measured = yaml.safe_load(exported(client, "held_out.yml"))
    taught = {line[2:] for line in trained[0]["examples"].splitlines()}
    asked = {entry["text"] for entry in measured}
    assert taught | asked == set(texts) and not taught & asked and taught and asked
    assert {entry["accept"][0] for entry in measured} == {trained[0]["intent"]} == {"cost"}


def test_the_share_that_is_held_out_is_stable_and_about_one_of_five() -> None:
    texts = [f"sentence number {number} of many" for number in range(2000)]
    share = sum(map(held_out, texts)) / len(texts)
    assert abs(share - HELD_OUT_SHARE) < 0.03
    assert held_out("What IS it?") == held_out("what is it")


def test_a_rewritten_sentence_is_what_is_learned(client_of: Sign) -> None:
    id_ = labelled("hi its Karen S. again, what bout the bill in quetzals??")
    send(client_of("reviewer"), approve=str(id_), **{f"sentence_{id_}": NEW})
    label = Label.objects.get()
    assert (label.sentence, label.approved_by) == (NEW, "reviewer")
    entry = Entry.objects.get(action="approved a sentence")
    assert entry.detail["turn"] == id_ and "quetzal" not in json.dumps(entry.detail)


def test_what_was_rewritten_is_kept_whatever_button_is_pressed(client_of: Sign) -> None:
    first, second = labelled(NEW), labelled(OTHER)
    fields = {f"sentence_{first}": NEW, f"sentence_{second}": "  rewritten \n words of mine "}
    client = client_of("reviewer")
    send(client, approve=str(first), **fields)
    kept = Label.objects.get(pk=second)
    assert (kept.sentence, kept.approved_by) == ("rewritten words of mine", "")
    assert "is kept" in send(client, keep="1", **{f"sentence_{second}": OTHER})
    assert Label.objects.get(pk=second).sentence == OTHER


def test_all_that_was_read_is_approved_at_once(client_of: Sign) -> None:
    first, second, third = labelled(NEW), labelled(OTHER), labelled("the sum for seven siblings")
    fields = {f"sentence_{label.pk}": label.turn.text for label in Label.objects.all()}
    said = send(client_of("reviewer"), approve_read="1", read=[first, third], **fields)
    assert "Approved: 2" in said
    assert set(labels.approved().values_list("pk", flat=True)) == {first, third}
    assert [w.label.pk for w in labels.waiting(known())[0]] == [second]


def test_nothing_read_approves_nothing(client_of: Sign) -> None:
    id_ = labelled()
    assert "No sentence was ticked" in send(
        client_of("reviewer"), approve_read="1", **{f"sentence_{id_}": NEW}
    )
    assert not labels.approved().exists()


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("", "no words"),
        ("?!", "no words"),
        ("my doctor <NAME> named a price", "without <NAME>"),
        ("how much is it", "taught already"),
        ("HOW much is it?!", "taught already"),
        ("How much does it cost?", "taught already"),
    ],
)
def test_what_may_not_be_learned(client_of: Sign, sentence: str, why: str) -> None:
    id_ = labelled()
    said = send(client_of("reviewer"), approve=str(id_), **{f"sentence_{id_}": sentence})
    assert why in said
    assert not labels.approved().exists()


def test_personal_details_are_removed_and_the_sentence_waits(client_of: Sign) -> None:
    id_ = labelled()
    typed = "my name is Karen Smith and I want the price"
    said = send(client_of("reviewer"), approve=str(id_), **{f"sentence_{id_}": typed})
    assert "Personal details were removed" in said and "without <NAME>" in said
    label = Label.objects.get()
    assert "Karen" not in label.sentence and label.approved_by == ""


def test_a_message_that_holds_details_is_not_learned_as_it_is(client_of: Sign) -> None:
    """Such as one that was stored by an older version, which knew fewer kinds."""
    text = "my name is Karen Smith and I want the price"
    id_ = labelled(text)
    said = send(client_of("reviewer"), approve=str(id_), **{f"sentence_{id_}": text})
    assert "without <NAME>" in said and not labels.approved().exists()


def test_copies_of_what_is_taught_are_told(client_of: Sign) -> None:
    labelled("how much is it")
    near = "How much do they ask for the treatment itself, for one single child"
    labelled(near)
    html = client_of("reviewer").get("/teach/").content.decode()
    assert "It is taught already: How much does it cost?" in html
    assert "Nearly the same is taught" in html and "for one child” (How much" in html
    assert opinion(near, "cost", known(), {}).copied


def test_the_same_sentence_is_not_approved_twice(client_of: Sign) -> None:
    first, second = labelled(NEW), labelled(f"{NEW}!", target="crs")
    client = client_of("reviewer")
    send(client, approve=str(first), **{f"sentence_{first}": NEW})
    said = send(client, approve=str(second), **{f"sentence_{second}": NEW})
    assert "taught already: How much does it cost?" in said
    assert labels.approved().count() == 1


def test_an_answer_that_is_gone_cannot_be_taught(client_of: Sign) -> None:
    id_ = labelled(target="answer_of_former_times")
    said = send(client_of("reviewer"), approve=str(id_), **{f"sentence_{id_}": NEW})
    assert "not there any more" in said


def test_approved_and_rejected_sentences_are_taken_back(client_of: Sign) -> None:
    client = client_of("reviewer")
    first, second = labelled(NEW), labelled(OTHER)
    send(client, approve=str(first), **{f"sentence_{first}": NEW})
    send(client, reject=str(second), **{f"sentence_{second}": OTHER})
    assert labels.waiting(known())[1] == 0
    for id_ in (first, second):
        assert "waits again" in client.post(f"/teach/reopen/{id_}/", follow=True).content.decode()
    assert labels.waiting(known())[1] == 2 and exported(client) == EMPTY
    assert Entry.objects.filter(action="reopened a sentence").count() == 2
    assert "no such label" in client.post("/teach/reopen/9999/", follow=True).content.decode()


@pytest.mark.parametrize("button", ["approve", "reject"])
def test_a_label_that_somebody_else_dealt_with(client_of: Sign, button: str) -> None:
    id_ = labelled(approved_by="somebody", sentence=NEW)
    said = send(client_of("reviewer"), **{button: str(id_), f"sentence_{id_}": OTHER})
    assert "dealt with or erased" in said
    label = Label.objects.get()
    assert (label.approved_by, label.sentence, label.rejected_by) == ("somebody", NEW, "")


@pytest.mark.parametrize(
    "fields",
    [{}, {"approve": "x"}, {"approve": "9" * 40}, {"reject": "-1"}, {"sentence_x": "a"},
     {"approve": "77", "sentence_77": "a"}, {"sentence_": ""}, {"approve_read": "1", "read": "z"}],
)  # fmt: skip
def test_a_form_of_nonsense_changes_nothing(client_of: Sign, fields: dict[str, str]) -> None:
    labelled()
    send(client_of("reviewer"), **fields)
    label = Label.objects.get()
    assert (label.approved_by, label.rejected_by, label.sentence) == ("", "", "")


def test_new_answers_are_listed(client_of: Sign) -> None:
    labelled("is there a patient choir", verdict="new_answer", target="")
    html = client_of("reviewer").get("/teach/").content.decode()
    assert "is there a patient choir" in html.split("New answers needed")[1]


def test_only_a_page_of_labels_is_shown(client_of: Sign) -> None:
    for number in range(labels.AT_ONCE + 2):
        labelled(f"{NEW} {number}")
    html = client_of("reviewer").get("/teach/").content.decode()
    assert f"The oldest {labels.AT_ONCE} of {labels.AT_ONCE + 2}" in html
    assert len(re.findall(r'name="sentence_\d+"', html)) == labels.AT_ONCE


def test_labels_of_unknown_kinds_are_shown_or_left_out(client_of: Sign) -> None:
    labelled("odd one", verdict="verdict of later")
    labelled('"><script>alert(1)</script>', target="cost")
    html = client_of("reviewer").get("/teach/").content.decode()
    assert "odd one" not in html and "<script>alert" not in html
