"""Labels of unanswered messages: who may give which, and what becomes of them."""

from __future__ import annotations

import json
import time

import pytest

from staff.audit.models import Entry
from staff.records.models import Label
from tests.staff.rows import conversation, turn
from tests.staff.unanswered import COST, Sign, label, page


@pytest.fixture(autouse=True)
def talk() -> None:
    conversation("web:a")


@pytest.mark.parametrize(
    ("fields", "verdict", "target"),
    [
        ({"verdict": "answer", "target": "cost"}, "answer", "cost"),
        ({"verdict": "answer", "target": "How much does it cost?"}, "answer", "cost"),
        ({"verdict": "answer", "target": " how much does it COST "}, "answer", "cost"),
        ({"verdict": "out_of_scope", "target": "oos_medicines"}, "out_of_scope", "oos_medicines"),
        ({"verdict": "out_of_scope", "kind": "oos_medicines"}, "out_of_scope", "oos_medicines"),
        ({"verdict": "new_answer", "target": "cost"}, "new_answer", ""),
        ({"verdict": "ignore"}, "ignore", ""),
    ],
)
def test_each_verdict(client_of: Sign, fields: dict[str, str], verdict: str, target: str) -> None:
    id_ = turn(text=COST[0], kind="fallback")
    client = client_of("reviewer")
    assert "messages: 1" in label(client, id_, **fields)
    made = Label.objects.get()
    assert (made.turn_id, made.verdict, made.target, made.by) == (id_, verdict, target, "reviewer")
    assert made.approved_by == "" and time.time() - made.time < 60
    assert "will stand here" in page(client)
    entry = Entry.objects.get(action="labelled")
    assert (entry.name, entry.detail["turn"], entry.detail["verdict"]) == ("reviewer", id_, verdict)
    assert COST[0] not in json.dumps(entry.detail) + entry.subject


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"verdict": "delete"},
        {"verdict": "answer"},
        {"verdict": "answer", "target": "no such answer"},
        {"verdict": "answer", "target": "oos_medicines"},
        {"verdict": "answer:nothing"},
        {"verdict": "out_of_scope", "target": "cost"},
        {"verdict": "out_of_scope", "kind": "oos_invented"},
    ],
)
def test_what_is_no_verdict_is_refused_in_words(client_of: Sign, fields: dict[str, str]) -> None:
    id_ = turn(text=COST[0], kind="fallback")
    assert "Please choose" in label(client_of("reviewer"), id_, **fields)
    assert not Label.objects.exists()


def test_a_message_that_was_erased_meanwhile(client_of: Sign) -> None:
    assert "erased" in label(client_of("reviewer"), 12345, verdict="ignore")


@pytest.mark.parametrize("ticked", [[], [1]])
def test_a_whole_group_or_what_is_ticked(client_of: Sign, ticked: list[int]) -> None:
    ids = [turn(text=text, kind="fallback") for text in COST]
    fields = {"verdict": "answer", "target": "cost", "all": ",".join(map(str, ids)),
              "turn": [ids[position] for position in ticked]}  # fmt: skip
    client_of("reviewer").post("/unanswered/group/", fields)
    wanted = {ids[position] for position in ticked} or set(ids)
    assert set(Label.objects.values_list("pk", flat=True)) == wanted


@pytest.mark.parametrize("sent", ["", "x,y", "-1", "9" * 40, "1.5", "1,2;drop table"])
def test_a_group_of_no_messages(client_of: Sign, sent: str) -> None:
    client = client_of("reviewer")
    response = client.post("/unanswered/group/", {"verdict": "ignore", "all": sent}, follow=True)
    assert "Nothing was labelled" in response.content.decode()


def test_what_staff_type_loses_personal_details(client_of: Sign) -> None:
    id_ = turn(text=COST[0], kind="fallback")
    typed = "my name is Karen Smith,\n call 617-555-0123 about the price"
    said = label(client_of("reviewer"), id_, verdict="answer", target="cost", sentence=typed)
    assert "Personal details were removed" in said
    kept = Label.objects.get().sentence
    assert "Karen" not in kept and "555" not in kept and "\n" not in kept and "price" in kept


def test_a_label_is_changed_and_taken_back(client_of: Sign) -> None:
    id_ = turn(text=COST[0], kind="fallback")
    client = client_of("reviewer")
    label(client, id_, verdict="ignore")
    Label.objects.update(approved_by="somebody", held_out=True)
    label(client, id_, verdict="answer", target="cost")
    made = Label.objects.get()
    assert (made.verdict, made.approved_by, made.held_out) == ("answer", "", False)
    listed = client.get("/unanswered/labels/").content.decode()
    assert COST[0] in listed and "How much does it cost?" in listed
    response = client.post(f"/unanswered/take-back/{id_}/", follow=True)
    assert "unanswered again" in response.content.decode()
    assert not Label.objects.exists() and COST[0] in page(client)
    assert Entry.objects.filter(action="took back a label", detail__turn=id_).count() == 1
    again = client.post(f"/unanswered/take-back/{id_}/", follow=True)
    assert "no such label" in again.content.decode()


@pytest.mark.parametrize(
    ("next_", "ends"),
    [
        ("/unanswered/?page=2", "/unanswered/?page=2"),
        ("https://evil.example/x", "/unanswered/"),
        ("//evil.example", "/unanswered/"),
        ("javascript:alert(1)", "/unanswered/"),
        ("", "/unanswered/"),
    ],
)
def test_only_our_own_pages_are_gone_to(client_of: Sign, next_: str, ends: str) -> None:
    id_ = turn(text=COST[0], kind="fallback")
    fields = {"verdict": "ignore", "next": next_}
    assert client_of("reviewer").post(f"/unanswered/label/{id_}/", fields)["Location"] == ends
