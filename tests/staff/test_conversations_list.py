"""The list of conversations: its order, its filters, its pages."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import pytest
from django.test import Client

from guide.store.tables import CONVERSATIONS, TAGS
from staff.conversations import queries
from staff.conversations.paging import PAGE, Place
from staff.conversations.queries import parts
from staff.records.engine import guide_engine
from tests.staff import rows

Sign = Callable[[str], Client]
Columns = dict[str, Any]


@pytest.fixture
def reader(client_of: Sign) -> Client:
    return client_of("reader")


def shown(client: Client, query: str = "") -> list[str]:
    """The keys on the page, from the top."""
    response = client.get(f"/conversations/?{query}")
    assert response.status_code == 200
    return re.findall(r'href="/conversations/([0-9a-z]+)/\?', response.content.decode())


def day(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc).timestamp()


def put(name: str, columns: Columns) -> None:
    """A conversation `name` with one turn; `tag` is a tag, the rest as its table has it."""
    columns = dict(columns)
    tag, channel = columns.pop("tag", ""), columns.pop("channel", "web")
    own = {key: columns.pop(key) for key in list(columns) if key in CONVERSATIONS.c}
    moment = columns.get("time", time.time())
    id_ = f"{channel}:{name}"
    rows.conversation(id_, key=name, started=moment, **own)
    rows.turn(id_, **columns)
    if tag:
        with guide_engine().begin() as connection:
            connection.execute(TAGS.insert().values(conversation=id_, tag=tag))


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


def pages(client: Client, way: str, start: str = "", query: str = "") -> list[str]:
    """The keys of all pages in one direction."""
    found: list[str] = []
    address = start or query
    while True:
        page = client.get(f"/conversations/?{address}").content.decode()
        keys = re.findall(r'href="/conversations/([0-9a-z]+)/\?', page)
        found += keys if way == "next" else keys[::-1]
        link = re.search(rf'href="\?([^"]*)" rel="{way}"', page)
        if not link:
            return found
        address = link[1].replace("&amp;", "&")


def many(count: int, **columns: Any) -> list[str]:
    """Conversations in the order of the list: a tenth urgent, many of the same second."""
    keys = []
    for number in range(count):
        urgent = number % 10 == 0
        key, last = f"{number:04x}", float(5000 + number // 7)
        rows.conversation(f"web:{key}", key=key, last=last, urgent=urgent, **columns)
        keys.append((urgent, last, key))
    return [key for _, _, key in sorted(keys, reverse=True)]


def test_pages_down_and_up_again_hold_every_conversation_once(reader: Client) -> None:
    keys = many(3 * PAGE + 7)
    assert pages(reader, "next") == keys
    key = keys[3 * PAGE]
    place = Place("o", float(5000 + int(key, 16) // 7), key)
    assert pages(reader, "prev", f"up={place}") == keys[: 3 * PAGE][::-1]


def test_a_filter_stays_on_all_pages(reader: Client) -> None:
    keys = many(PAGE + 9, flagged=True)
    put("ffff", {"time": 9000})
    assert pages(reader, "next", query="flagged=on") == keys


def test_what_arrives_meanwhile_neither_doubles_nor_hides_another(reader: Client) -> None:
    keys = many(2 * PAGE)
    first = reader.get("/conversations/").content.decode()
    link = re.search(r'href="\?([^"]*)" rel="next"', first)
    assert link is not None
    put("fff1", {"time": 9000})
    put("fff2", {"time": 9001, "urgent": True})
    assert shown(reader, link[1]) == keys[PAGE:]
    assert shown(reader)[:1] == ["fff2"]


def test_near_the_top_the_first_page_comes_whole(reader: Client) -> None:
    keys = many(PAGE + 5)
    link = re.search(r"at=(u[^\"]*)", reader.get("/conversations/").content.decode())
    assert link is not None
    assert shown(reader, f"up={link[1]}") == keys[:PAGE]


@pytest.mark.parametrize(
    "place", ["x1_a", "o_a", "o1.2.3_a", "o1_", "oNaN_a", "u1_<b>", "o1e999_a"]
)
def test_a_place_that_cannot_be_is_the_top(reader: Client, place: str) -> None:
    put("a1", {})
    assert shown(reader, f"up={place}") == ["a1"]


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
