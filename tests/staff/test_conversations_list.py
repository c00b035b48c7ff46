"""The list of conversations: its order, its filters, its pages."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from staff.conversations import queries
from staff.conversations.queries import parts
from tests.staff import rows
from tests.staff.listed import Columns, day, pages, put, shown

Sign = Callable[[str], Client]


@pytest.fixture
def reader(client_of: Sign) -> Client:
    return client_of("reader")


CASES: list[tuple[str, Columns, list[Columns]]] = [
    ("channel=slack", {"channel": "slack"}, [{"channel": "web"}, {"channel": "slacker"}]),
    (
        "since=2026-03-02&until=2026-03-03",
        {"time": day("2026-03-03T23:59:59")},
        [{"time": day("2026-03-04T00:00:00")}, {"time": day("2026-03-01T23:59:59")}],
    ),
    ("since=2026-03-02", {"time": day("2026-03-02")}, [{"time": day("2026-03-02") - 0.001}]),
    ("kind=crisis", {"kind": "crisis"}, [{"kind": "urgent"}, {"kind": "answer"}]),
    (
        "answer=cost",
        {"answers": ["crs", "cost"]},
        [{"answers": ["total_cost"]}, {"answers": []}, {"text": "cost"}],
    ),
    ("below=50", {"confidence": 0.4999}, [{"confidence": 0.5}, {"confidence": None}]),
    ("at_least=50", {"confidence": 0.5}, [{"confidence": 0.4999}, {"confidence": None}]),
    ("at_least=50&below=60", {"confidence": 0.55}, [{"confidence": 0.6}, {"confidence": 0.4}]),
    ("feedback=1", {"feedback": 1}, [{"feedback": 0}, {"feedback": None}]),
    ("feedback=0", {"feedback": 0}, [{"feedback": 1}, {"feedback": None}]),
    ("feedback=any", {"feedback": 0}, [{"feedback": None}]),
    ("state=open", {"state": "open"}, [{"state": "new"}, {"state": "done"}]),
    ("tag=cost", {"tag": "cost"}, [{"tag": "costs"}, {"tag": ""}, {"text": "cost"}]),
    ("assigned=*me", {"assigned": "reader"}, [{"assigned": ""}, {"assigned": "reader2"}]),
    ("assigned=*nobody", {"assigned": ""}, [{"assigned": "reader"}]),
    ("assigned=ann", {"assigned": "ann"}, [{"assigned": "anna"}, {"assigned": ""}]),
    ("flagged=on", {"flagged": True}, [{"flagged": False}]),
    ("sample=yes", {"sample": True}, [{"sample": False}]),
    ("sample=no", {"sample": False}, [{"sample": True}]),
    ("text=INFUsion", {"text": "After the infusion"}, [{"text": "After the fusion"}]),
    ("text=100%25", {"text": "is it 100% safe"}, [{"text": "is it 100 safe"}]),
    ("text=a_b", {"text": "what is a_b"}, [{"text": "what is a b"}]),
    (
        "kind=answer&feedback=0&state=new",
        {"kind": "answer", "feedback": 0},
        [
            {"kind": "more", "feedback": 0},
            {"kind": "answer", "feedback": 1},
            {"kind": "answer", "feedback": 0, "state": "done"},
        ],
    ),
]


@pytest.mark.parametrize(("query", "fits", "misses"), CASES, ids=[case[0] for case in CASES])
@pytest.mark.parametrize("many", [False, True], ids=["few", "many"])
def test_a_filter_shows_what_fits_and_nothing_near(
    reader: Client, monkeypatch: pytest.MonkeyPatch, query: str, fits: Columns,
    misses: list[Columns], many: bool,
) -> None:  # fmt: skip
    """Also where there are too many to count, which takes another way through the database."""
    if many:
        monkeypatch.setattr(queries, "MANY", 0)
    put("f1", fits)
    for number, columns in enumerate(misses):
        put(f"e{number}", columns)
    assert shown(reader, query) == ["f1"]


def test_one_message_must_be_all_that_is_asked_of_messages(reader: Client) -> None:
    rows.conversation("web:a", key="aa")
    rows.turn("web:a", kind="answer", confidence=0.9)
    rows.turn("web:a", kind="fallback", confidence=0.2)
    assert shown(reader, "kind=fallback&below=50") == ["aa"]
    assert shown(reader, "kind=answer&below=50") == []


def test_urgent_ones_that_are_not_done_come_first_then_the_newest(reader: Client) -> None:
    put("a1", {"time": 5000, "urgent": True, "state": "done"})
    put("a2", {"time": 4000})
    put("a3", {"time": 3000, "urgent": True})
    put("a4", {"time": 2000, "urgent": True, "state": "open"})
    put("a5", {"time": 6000})
    assert shown(reader) == ["a3", "a4", "a5", "a1", "a2"]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("since=yesterday", "Enter a valid date."),
        ("since=2026-03-02&until=2026-03-01", "This day is before the first one."),
        ("below=120", "Ensure this value is less than or equal to 100."),
        ("at_least=60&below=60", "This must be more than where it begins."),
        ("kind=nonsense", "Select a valid choice."),
        ("text=" + "x" * 201, "Ensure this value has at most 200 characters"),
        ("text=%00", "Null characters are not allowed."),
    ],
)
def test_a_filter_that_cannot_be_shows_nothing_and_says_why(
    reader: Client, query: str, told: str
) -> None:
    put("a1", {})
    page = reader.get(f"/conversations/?{query}").content.decode()
    assert told in page and "Please mend the filters" in page
    assert "/conversations/a1/" not in page


def test_the_form_keeps_what_is_asked_and_an_answer_that_is_gone(reader: Client) -> None:
    page = reader.get("/conversations/?text=%22fever%22&kind=crisis&answer=gone&flagged=on")
    text = page.content.decode()
    assert 'value="&quot;fever&quot;"' in text
    assert '<option value="crisis" selected>' in text
    assert '<option value="gone" selected>' in text
    assert re.search(r'name="flagged"[^>]*checked', text)


def test_numbers_are_exact_up_to_a_thousand(
    reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MANY", 2)
    put("a1", {})
    assert "1 conversation." in reader.get("/conversations/").content.decode()
    put("a2", {})
    assert "2 conversations." in reader.get("/conversations/").content.decode()
    put("a3", {})
    assert "More than 2 conversations." in reader.get("/conversations/").content.decode()


def test_a_row_tells_what_stands_out(reader: Client) -> None:
    rows.conversation("web:a", key="a1", urgent=True, unhelpful=True, flagged=True, sample=True)
    rows.turn("web:a", kind="fallback")
    row = reader.get("/conversations/").content.decode()
    for badge in ("urgent", "not helpful", "refused", "flagged", "sample"):
        assert f"</span> {badge}</span>" in row, badge
    rows.conversation("web:b", key="b1")
    rows.turn("web:b", text="plain one")
    plain = reader.get("/conversations/?text=plain").content.decode()
    assert 'class="badge ' not in plain and 'class="badge"' not in plain


def test_the_words_are_urgent_ones_else_the_first_or_those_that_match(reader: Client) -> None:
    rows.conversation("web:a", key="a1", urgent=True)
    rows.turn("web:a", text="hello there")
    rows.turn("web:a", text="my chest hurts", kind="emergency", urgent=True)
    rows.turn("web:a", text="what does the infusion cost")
    assert "my chest hurts</a>" in reader.get("/conversations/").content.decode()
    page = reader.get("/conversations/?text=Infusion").content.decode()
    assert "what does the <mark>infusion</mark> cost" in page


@pytest.mark.parametrize(
    ("text", "sought", "shown"),
    [
        ("a  b\nc", "", ("a b c", "", "")),
        ("x" * 200, "", ("x" * 159 + "…", "", "")),
        ("a" * 300 + "key" + "b" * 300, "KEY", ("…" + "a" * 80, "key", "b" * 159 + "…")),
        ("nothing here", "key", ("nothing here", "", "")),
        ("", "key", ("", "", "")),
    ],
)
def test_words_around_what_is_sought(text: str, sought: str, shown: tuple[str, str, str]) -> None:
    assert parts(text, sought) == shown


BAD: list[Columns] = [
    {"text": "<script>alert(1)</script><img src=x onerror=alert(1)>"},
    {"text": "x" * 1_000_000},
    {"text": "\u202e\u0007 \ud7ff"},
    {"text": ""},
    {"kind": "hologram", "answers": ["<b>no</b>"], "confidence": 1e300},
    {"time": 1e18},
    {"time": -1.0},
    {"channel": "<i>fax</i>", "assigned": "<b>bob</b>", "state": "<u>"},
    {"tag": "<script>alert(2)</script>"},
]


@pytest.mark.parametrize("columns", BAD)
def test_a_bad_row_is_shown_safely(reader: Client, columns: Columns) -> None:
    put("a1", columns)
    put("a2", {"text": "a good one"})
    response = reader.get("/conversations/")
    page = response.content.decode()
    assert response.status_code == 200
    assert {"a1", "a2"} == set(re.findall(r"/conversations/(a\d)/", page))
    for tag in ("<script>", "<img", "<i>fax", "<b>", "<u>"):
        assert tag not in page
    assert len(page) < 60_000
    assert set(pages(reader, "next")) == {"a1", "a2"}


def test_without_conversations_the_page_says_what_will_be_there(reader: Client) -> None:
    assert "There are no conversations yet." in reader.get("/conversations/").content.decode()
    put("a1", {})
    other = reader.get("/conversations/?channel=slack").content.decode()
    assert "No conversation is like that." in other


def test_only_managers_are_offered_the_export(client_of: Sign) -> None:
    put("a1", {})
    offered = 'href="/conversations/export/?'
    assert offered not in client_of("reviewer").get("/conversations/").content.decode()
    assert offered in client_of("manager").get("/conversations/").content.decode()
