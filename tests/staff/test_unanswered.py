"""The page Unanswered: what stands there, in which order, and each verdict."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from django.core.management import call_command
from django.utils.html import escape
from sqlalchemy import delete, select

from guide.nlu.encoder import EncoderError
from guide.store.tables import CONVERSATIONS, LABELS, MEANINGS
from staff.records.engine import guide_engine
from staff.records.models import Label, Meaning
from staff.unanswered import meanings, queries
from tests.staff.rows import conversation, turn
from tests.staff.unanswered import COST, DOGS, Sign, label, names, page


@pytest.fixture(autouse=True)
def talk() -> None:
    conversation("web:a")


def test_without_messages_it_says_what_will_be_there(client_of: Sign) -> None:
    assert "will stand here" in page(client_of("reader"))


def test_what_stands_there(client_of: Sign) -> None:
    turn(text="refused one", kind="fallback")
    turn(text="declined one", kind="did_you_mean", outcome="declined")
    turn(text="unhelpful one", kind="answer", feedback=0)
    turn(text="chosen one", kind="did_you_mean", outcome="chosen")
    turn(text="undecided one", kind="did_you_mean")
    turn(text="helpful one", kind="answer", feedback=1)
    turn(text="answered one", kind="answer")
    turn(text="advice one", kind="personal_advice")
    html = page(client_of("reader"))
    shown = {word for word in ("refused", "declined", "unhelpful", "chosen", "undecided",
             "helpful", "answered", "advice") if f">{word} one<" in html}  # fmt: skip
    assert shown == {"refused", "declined", "unhelpful"}
    assert ">advice one<" in page(client_of("reader"), "?personal_advice=1")


def test_one_meaning_is_one_group_and_the_biggest_stands_first(client_of: Sign) -> None:
    for text in (*DOGS, *COST):
        turn(text=text, kind="fallback")
    html = page(client_of("reader"))
    first, second = names(html)
    assert first in COST and second in DOGS
    assert "<strong>3 messages</strong>" in html and "<strong>2 messages</strong>" in html


def test_urgent_conversations_stand_first_and_are_marked(client_of: Sign) -> None:
    for text in COST:
        turn(text=text, kind="fallback")
    conversation("web:u", urgent=True)
    turn("web:u", DOGS[0], kind="fallback")
    html = page(client_of("reader"))
    assert names(html)[0] == DOGS[0]
    assert "Urgent conversation" in html.split("</section>")[0]
    assert "Urgent conversation</span>" not in html.split("</section>")[1]


def test_the_best_guesses_can_be_chosen_with_one_click(client_of: Sign) -> None:
    id_ = turn(text=COST[0], kind="fallback", scores=[["cost", 0.41], ["gone", 0.3], ["crs", 0.01]])
    client = client_of("reviewer")
    html = page(client)
    assert 'value="answer:cost"' in html and "41 %" in html
    assert "gone" not in html and 'value="answer:crs"' not in html
    client.post("/unanswered/group/", {"verdict": "answer:cost", "all": str(id_)})
    assert Label.objects.get().target == "cost"


def test_none_of_these_is_no_question(client_of: Sign) -> None:
    turn(text="None of these", kind="fallback", intent="deny")
    turn(text=DOGS[0], kind="fallback", intent="oos_not_in_article")
    assert names(page(client_of("reader"))) == [DOGS[0]]


def test_readers_see_no_buttons(client_of: Sign) -> None:
    turn(text=COST[0], kind="fallback")
    html = page(client_of("reader"))
    assert COST[0] in html and 'name="verdict"' not in html


def test_only_some_messages_are_embedded_at_once_and_the_rest_is_told(client_of: Sign) -> None:
    for number in range(meanings.BATCH + 3):
        turn(text=f"{COST[0]} {number}", kind="fallback")
    client = client_of("reviewer")
    assert "3 messages wait to be grouped" in page(client)
    response = client.post("/unanswered/embed/", follow=True)
    assert "were grouped: 3" in response.content.decode()
    assert "to be grouped" not in page(client)
    assert Meaning.objects.count() == meanings.BATCH + 3


def test_the_command_embeds_all(client_of: Sign, capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(meanings.BATCH + 3):
        turn(text=f"{COST[0]} {number}", kind="personal_advice")
    call_command("embed")
    assert capsys.readouterr().out == f"{meanings.BATCH + 3} messages embedded\n"


def test_vectors_of_another_encoder_are_made_anew(client_of: Sign) -> None:
    id_ = turn(text=COST[0], kind="fallback")
    Meaning.objects.create(turn_id=id_, vector=b"\0" * 1536, encoder="another")
    page(client_of("reader"))
    assert Meaning.objects.get().encoder == meanings.encoder_id()


def test_without_an_encoder_the_page_says_so(client_of: Sign) -> None:
    turn(text=COST[0], kind="fallback")
    with patch("staff.unanswered.meanings.configured_encoder", side_effect=EncoderError("no")):
        html = page(client_of("reviewer"))
        sent = client_of("reviewer").post("/unanswered/embed/", follow=True).content.decode()
    assert "cannot be loaded" in html and "1 message waits to be grouped" in html
    assert "cannot be loaded" in sent


def test_more_than_the_newest_are_told(client_of: Sign, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "NEWEST", 2)
    monkeypatch.setattr("staff.unanswered.views.NEWEST", 2)
    for number, text in enumerate(COST):
        turn(text=text, kind="fallback", time=1000.0 + number)
    html = page(client_of("reader"))
    assert "older ones follow" in html and COST[0] not in html and COST[2] in html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script> what does it cost", "{{ 7|add:7 }} {% now 'Y' %}", "x" * 50_000,
        "\u202egnirts desrever", "\x00\x07 control", "", " ", "مرحبا كم يكلف",
    ],
)  # fmt: skip
def test_hostile_texts_are_shown_safely(client_of: Sign, text: str) -> None:
    id_ = turn(text=text, kind="fallback")
    client = client_of("reviewer")
    html = page(client)
    (name,) = names(html)
    assert "<" not in name and len(name) <= 5 * 160
    assert text.startswith(("<", "x")) or escape(text.strip()) == name.strip()
    label(client, id_, verdict="answer", target="cost")
    assert client.get("/unanswered/labels/").status_code == 200
    assert client.get("/teach/").status_code == 200


@pytest.mark.parametrize(
    "columns",
    [
        {"scores": "no list", "kind": "fallback"},
        {"scores": [["cost"], [1, 2], None, ["cost", "x"]], "kind": "fallback"},
        {"kind": "fallback", "time": -1e18},
        {"kind": "kind of a later version", "feedback": 0},
        {"kind": "fallback", "confidence": 1e308, "answers": ["a" * 90]},
    ],
)
def test_rows_of_other_versions(client_of: Sign, columns: dict[str, object]) -> None:
    turn(text=COST[0], **columns)
    assert COST[0] in page(client_of("reviewer"))


def test_a_conversation_without_a_key_has_no_link(client_of: Sign) -> None:
    conversation("web:old", key=None)
    id_ = turn("web:old", COST[0], kind="fallback")
    client = client_of("reviewer")
    assert COST[0] in page(client)
    label(client, id_, verdict="answer", target="cost")
    assert COST[0] in client.get("/unanswered/labels/").content.decode()
    assert COST[0] in client.get("/teach/").content.decode()


def test_a_number_of_a_page_that_is_none(client_of: Sign) -> None:
    turn(text=COST[0], kind="fallback")
    for number in ("0", "-1", "99", "x", "9" * 30):
        assert COST[0] in page(client_of("reader"), f"?page={number}")


def test_labels_and_meanings_go_with_their_conversation(client_of: Sign) -> None:
    id_ = turn(text=COST[0], kind="fallback")
    client = client_of("reviewer")
    page(client)
    label(client, id_, verdict="answer", target="cost")
    engine = guide_engine()
    with engine.begin() as connection:
        before = [connection.execute(select(table)).all() for table in (LABELS, MEANINGS)]
        assert all(before)
        connection.execute(delete(CONVERSATIONS))
        after = [connection.execute(select(table)).all() for table in (LABELS, MEANINGS)]
        assert after == [[], []]


def test_a_turn_that_goes_while_it_is_embedded_is_left_out() -> None:
    id_ = turn(text=COST[0], kind="fallback")
    real = meanings.encoder()

    class Slow:
        def encode(self, texts: list[str]) -> object:
            with guide_engine().begin() as connection:
                connection.execute(delete(CONVERSATIONS))
            return real.encode(texts)

    with patch("staff.unanswered.meanings.configured_encoder", return_value=Slow()):
        assert meanings.embed([id_]) == 1
    assert not Meaning.objects.exists()
