"""The export: what it holds, what it never holds, and what the audit tells of it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guide.store.tables import LABELS, NOTES, TAGS
from staff.audit.models import Entry
from staff.conversations import export
from staff.conversations.export import COLUMNS
from staff.records.engine import guide_engine
from tests.staff import rows

Sign = Callable[[str], Client]
ADDRESS = "/conversations/export/"


@pytest.fixture
def manager(client_of: Sign) -> Client:
    return client_of("manager")


def downloaded(client: Client, kind: str, query: str = "") -> str:
    response = client.post(f"{ADDRESS}?{query}", {"format": kind})
    assert response.status_code == 200
    assert f'.{kind}"' in response["Content-Disposition"]
    return b"".join(response.streaming_content).decode()  # type: ignore[arg-type]


def table(client: Client, query: str = "") -> list[dict[str, str]]:
    """The rows of the CSV, by column."""
    lines = list(csv.reader(io.StringIO(downloaded(client, "csv", query))))
    return [dict(zip(lines[1], line, strict=True)) for line in lines[2:-1]]


def records(client: Client, query: str = "") -> list[dict[str, Any]]:
    return [json.loads(line) for line in downloaded(client, "jsonl", query).splitlines()]


def a_whole_one() -> None:
    """A conversation with everything that staff can say of it."""
    rows.conversation("telegram:12345", key="a1", state="open", flagged=True, assigned="ann")
    turn = rows.turn(
        "telegram:12345", "how much is it", kind="answer", answers=["cost", "crs"],
        scores=[["cost", 0.9], ["crs", 0.1]], version="abc", milliseconds=12.5, feedback=0,
        reason="It was unclear", confidence=0.9, time=1_700_000_000,
    )  # fmt: skip
    with guide_engine().begin() as guide:
        guide.execute(TAGS.insert(), [{"conversation": "telegram:12345", "tag": t} for t in "ba"])
        note = {"conversation": "telegram:12345", "time": 1.0, "by": "ann", "text": "look again"}
        guide.execute(NOTES.insert().values(**note))
        label = {"turn": turn, "time": 1.0, "by": "ann", "verdict": "answer", "target": "cost"}
        guide.execute(LABELS.insert().values(**label, sentence="What does it cost?"))


def test_a_message_in_both_formats(manager: Client) -> None:
    a_whole_one()
    (row,) = table(manager)
    assert tuple(row) == COLUMNS
    wanted = {
        "conversation": "a1", "time": "2023-11-14T22:13:20+00:00", "channel": "telegram",
        "text": "how much is it", "kind": "answer", "answers": "cost; crs",
        "scores": "cost 0.9; crs 0.1", "feedback": "0", "reason": "It was unclear",
        "state": "open", "flagged": "True", "assigned": "ann", "tags": "a; b",
        "notes": "look again", "verdict": "answer", "target": "cost",
        "sentence": "What does it cost?", "sample": "False", "milliseconds": "12.5",
    }  # fmt: skip
    assert {name: row[name] for name in wanted} == wanted
    head, message, end = records(manager)
    assert (head["record"], message["record"], end["record"]) == ("export", "message", "end")
    assert message["scores"] == [["cost", 0.9], ["crs", 0.1]] and message["tags"] == ["a", "b"]
    assert "12345" not in json.dumps(message)


def test_personal_details_are_sought_again_in_every_text(manager: Client) -> None:
    phone, name = "212-555-0142", "Anna Kowalski"
    rows.conversation("web:a", key="a1")
    turn = rows.turn(
        "web:a", f"My name is {name}, call {phone}", reason=f"ask {phone}", kind=f"k {phone}",
        intent=f"i {phone}", version=f"v {phone}", answers=[f"a {phone}"],
        scores=[[f"s {phone}", 0.5]], outcome=f"o{phone}"[:10],
    )  # fmt: skip
    with guide_engine().begin() as guide:
        guide.execute(TAGS.insert().values(conversation="web:a", tag=f"t {phone}"))
        note = {"conversation": "web:a", "time": 1.0, "by": "x", "text": f"Call {name} on {phone}"}
        guide.execute(NOTES.insert().values(**note))
        label = {"turn": turn, "time": 1.0, "by": "x", "verdict": "answer", "target": f"g {phone}"}
        guide.execute(LABELS.insert().values(**label, sentence=f"My number is {phone}"))
    for kind in ("csv", "jsonl"):
        text = downloaded(manager, kind, "text=call+212-555-0142")
        assert "0142" not in text and "Kowalski" not in text, kind
        assert "<PHONE>" in text


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-cmd|' /C calc'!A0", "'-cmd|' /C calc'!A0"),
        ("@ SUM(A1)", "'@ SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("  =1", "'  =1"),
        ("\r=1", "'\r=1"),
        ("＝1", "'＝1"),
        # Near, but no formula.
        ("1=1", "1=1"),
        ("a-b", "a-b"),
        ("'=1", "'=1"),
        ("is it, \"so\"?\nyes; =1", "is it, \"so\"?\nyes; =1"),
    ],
)  # fmt: skip
def test_no_cell_is_a_formula(manager: Client, text: str, cell: str) -> None:
    rows.conversation("web:a", key="a1")
    rows.turn("web:a", text)
    with guide_engine().begin() as guide:
        guide.execute(TAGS.insert().values(conversation="web:a", tag=text[:50]))
    (row,) = table(manager)
    assert row["text"] == cell and row["tags"] == cell


def test_numbers_stay_numbers(manager: Client) -> None:
    rows.conversation("web:a")
    rows.turn("web:a", confidence=-0.5)
    assert table(manager)[0]["confidence"] == "-0.5"


def test_the_first_line_tells_filters_and_date_and_spreadsheets_know_utf_8(
    manager: Client,
) -> None:
    rows.conversation("web:a")
    rows.turn("web:a", "¿cuánto cuesta?")
    text = downloaded(manager, "csv", "channel=web&text=cu%C3%A1nto")
    assert text.startswith("\ufeff# CAR T Guide, messages exported on 20") or text.startswith(
        '\ufeff"# CAR T Guide, messages exported on 20'
    )
    first = text.splitlines()[0]
    assert "channel: web; text: cuánto" in first and "At most 20000 messages." in first
    assert "cuánto cuesta" in text
    assert text.splitlines()[-1].startswith('"# 1 messages, all')
    assert "Filters: none" in records(manager)[0]["about"]


def test_the_filters_of_the_list_are_those_of_the_export(manager: Client) -> None:
    rows.conversation("web:a", key="a1", state="open")
    rows.turn("web:a", "one", kind="answer")
    rows.turn("web:a", "two", kind="fallback")
    rows.conversation("web:b", key="b1")
    rows.turn("web:b", "three", kind="answer")
    rows.conversation("slack:c", key="c1", state="open")
    rows.turn("slack:c", "four", kind="answer")
    assert [row["text"] for row in table(manager)] == ["one", "two", "three", "four"]
    assert [row["text"] for row in table(manager, "kind=answer&state=open")] == ["one", "four"]
    assert [row["text"] for row in table(manager, "state=open&channel=web")] == ["one", "two"]
    assert table(manager, "text=nothing") == []


def test_it_holds_so_many_and_says_when_there_are_more(
    manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "MAX_ROWS", 5)
    monkeypatch.setattr("staff.conversations.exporting.MAX_ROWS", 5)
    monkeypatch.setattr(export, "BATCH", 2)
    monkeypatch.setattr(export.records, "__defaults__", (5,))
    rows.conversation("web:a")
    for number in range(5):
        rows.turn("web:a", f"text {number}")
    assert "5 messages, all that" in records(manager)[-1]["about"]
    assert "5 messages." in manager.get(ADDRESS).content.decode()
    rows.turn("web:a", "text 5")
    found = records(manager)
    assert [record.get("text") for record in found[1:-1]] == [f"text {n}" for n in range(5)]
    assert "There are more" in found[-1]["about"]
    assert "More than 5 messages." in manager.get(ADDRESS).content.decode()


def test_memory_does_not_grow_with_the_export(
    manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each batch is one question to the database, asked when the one before is gone."""
    monkeypatch.setattr(export, "BATCH", 2)
    rows.conversation("web:a")
    for number in range(6):
        rows.turn("web:a", f"text {number}")
    response = manager.post(ADDRESS, {"format": "jsonl"})
    lines = iter(response.streaming_content)  # type: ignore[arg-type]
    with CaptureQueriesContext(connection) as asked:
        for _ in range(3):  # head, and the first batch
            next(lines)
    turns = [query for query in asked.captured_queries if 'FROM "turns"' in query["sql"]]
    assert len(turns) == 1 and "LIMIT 2" in turns[0]["sql"]
    response.close()


def test_the_audit_tells_what_was_exported_but_no_words(manager: Client) -> None:
    rows.conversation("web:a")
    rows.turn("web:a", "secret words")
    downloaded(manager, "csv", "channel=web&text=secret")
    about = {"format": "csv", "filters": {"channel": "web", "text": True}}
    found = Entry.objects.filter(action__contains="export").order_by("pk")
    entries = [(entry.name, entry.action, entry.detail) for entry in found]
    assert entries == [
        ("manager", "began an export", about),
        ("manager", "exported", {"rows": 1, "whole": True, **about}),
    ]


def test_an_export_that_breaks_off_is_told_too(manager: Client) -> None:
    rows.conversation("web:a")
    for _ in range(3):
        rows.turn("web:a")
    response = manager.post(ADDRESS, {"format": "jsonl"})
    lines = iter(response.streaming_content)  # type: ignore[arg-type]
    next(lines), next(lines)
    response.close()
    detail = Entry.objects.get(action="exported").detail
    assert (detail["rows"], detail["whole"]) == (1, False)


def test_looking_at_the_page_exports_nothing(manager: Client) -> None:
    rows.conversation("web:a")
    rows.turn("web:a", "secret words")
    page = manager.get(f"{ADDRESS}?channel=web&kind=answer").content.decode()
    assert "Channel: Web" in page and "Kind of reply: Answer" in page and "1 message." in page
    assert "secret words" not in page
    again = manager.post(ADDRESS, {"format": "exe"})
    assert "attachment" not in again.get("Content-Disposition", "")
    assert not Entry.objects.filter(action__contains="export").exists()


def test_filters_that_cannot_be_lead_back_to_the_list(manager: Client) -> None:
    done = manager.post(f"{ADDRESS}?since=never", {"format": "csv"})
    assert done["Location"] == "/conversations/?since=never"


@pytest.mark.parametrize(
    "columns",
    [
        {"scores": [["\udfff", 1]]},
        {"time": 1e18},
        {"time": -1e15},
        {"text": "\x00 \u2028 " + "x" * 200_000},
        {"kind": "<b>odd kind</b>", "confidence": 1e300},
    ],
)
def test_a_bad_row_is_exported_safely(manager: Client, columns: dict[str, Any]) -> None:
    rows.conversation("web:a")
    rows.turn("web:a", **columns)
    rows.turn("web:a", "a good one")
    found = table(manager)
    assert found[1]["text"] == "a good one"
    assert len(found[0]["text"]) <= 8002
    assert len(records(manager)) == 4
