"""A transcript: what the patient saw, in order, and what the guide thought of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from guide.store.tables import EVENTS, LABELS, TURNS
from staff.audit.models import Entry
from staff.conversations import events, transcript
from staff.conversations.paging import Place
from staff.records.engine import guide_engine
from staff.records.models import Conversation
from tests.staff import rows

Sign = Callable[[str], Client]
ID = "slack:T1:U2"


@pytest.fixture
def reader(client_of: Sign) -> Client:
    return client_of("reader")


@pytest.fixture
def key() -> str:
    return rows.conversation(ID, key="a1", started=1000.0)


def page_of(client: Client, key: str, query: str = "") -> str:
    response = client.get(f"/conversations/{key}/?{query}")
    assert response.status_code == 200
    return response.content.decode()


def words(html: str) -> str:
    """What is read, without tags; blanks as one space."""
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def event(type_name: str, data: object, id_: str = ID, **columns: Any) -> int:
    """Adds a row of Rasa's; its id."""
    text = data if isinstance(data, str) or data is None else json.dumps(data)
    values = {
        "sender_id": id_,
        "type_name": type_name,
        "timestamp": 1000.0,
        "data": text,
        **columns,
    }
    with guide_engine().begin() as connection:
        return int(connection.execute(EVENTS.insert().values(**values)).inserted_primary_key[0])


def bot(text: str, *titles: str, **about: Any) -> int:
    """Adds a bot message with buttons."""
    buttons = [{"title": title, "payload": title} for title in titles]
    said = {"event": "bot", "text": text, "data": {"buttons": buttons}, "metadata": about}
    return event("bot", said)


def user(text: str) -> int:
    return event("user", {"event": "user", "text": text, "parse_data": {}})


def turn(first: int, last: int, text: str, **columns: Any) -> int:
    """Adds a turn over rows that stand."""
    row = {"conversation": ID, "time": 1000.0, "channel": "slack", "text": text, "kind": "answer"}
    row |= {"first_event": first, "last_event": last, **columns}
    with guide_engine().begin() as connection:
        return int(connection.execute(TURNS.insert().values(**row)).inserted_primary_key[0])


def test_a_turn_is_shown_with_what_was_thought_of_it(reader: Client, key: str) -> None:
    first = user("how much is it")
    event("slot", {"event": "slot", "name": "x", "value": "hidden"})
    last = bot("It is **expensive**.\n\n- one\n- two", "Who pays?", kind="answer")
    scores = json.dumps([["cost", 0.91], ["insurance", 0.05], ["crs", 0.01], ["cure", 0.001]])
    turn(first, last, "how much is it", answers='["cost"]', scores=scores, version="abc123",
         milliseconds=41.6, feedback=1)  # fmt: skip
    page = page_of(reader, key)
    read = words(page)
    assert "Patient 1970-01-01 00:16:40 how much is it Guide" in read
    assert "<strong>expensive</strong>" in page and "<li>one</li><li>two</li>" in page
    assert "Kind Answer Answers How much does it cost? cost" in read
    assert "cost 91 %, insurance 5 %, crs 1 %" in read and "cure" not in read
    assert "Answered in 42 ms" in read and "abc123" in read and "Feedback Helpful" in read
    assert "hidden" not in read
    assert 'href="/answers/of/cost/"' in page


def test_several_bot_messages_of_a_turn_are_one(reader: Client, key: str) -> None:
    first = user("hello")
    bot("First part.")
    last = bot("Second part.", "A button")
    turn(first, last, "hello")
    page = page_of(reader, key)
    assert page.count(">Guide<") == 1
    assert "First part. Second part." in words(page)
    assert "A button" in page


def test_turns_stand_in_the_order_in_which_they_were_seen(reader: Client, key: str) -> None:
    for number in range(12):
        rows.turn(ID, f"question {number:02}", reply=f"reply {number:02}")
    read = words(page_of(reader, key))
    found = re.findall(r"(question|reply) (\d\d)", read)
    spoken = [pair for pair in found if pair]
    expected = [(who, f"{n:02}") for n in range(12) for who in ("question", "reply")]
    assert spoken == expected


@pytest.mark.parametrize(
    ("said", "outcome", "taken"),
    [
        ("What is ICANS?", "chosen", "What is ICANS?"),
        ("what is icans", "", "What is ICANS?"),
        ("2", "chosen", "What is ICANS?"),
        ("the first one", "chosen", "What is CRS?"),
        ("2", "", ""),
        ("what happens in the last phase", "declined", ""),
        ("None of these", "declined", "None of these"),
    ],
)
def test_the_button_that_was_taken_is_marked(
    reader: Client, key: str, said: str, outcome: str, taken: str
) -> None:
    first = user("crs or so")
    last = bot("Did you mean?", "What is CRS?", "What is ICANS?", "None of these")
    turn(first, last, "crs or so", kind="did_you_mean", outcome=outcome)
    rows.turn(ID, said)
    marked = re.findall(r'<li class="chosen">(.*?)</li>', page_of(reader, key))
    assert [words(one) for one in marked] == ([f"✓ {taken} (chosen)"] if taken else [])


def test_emergencies_and_thumbs_down_stand_out_by_words(reader: Client, key: str) -> None:
    rows.turn(ID, "my chest hurts", kind="emergency", urgent=True)
    rows.turn(ID, "fine", kind="answer", feedback=0, reason="It was unclear")
    rows.turn(ID, "plain", kind="answer", feedback=1)
    page = page_of(reader, key)
    steps = re.findall(r'<li class="card step([^"]*)"', page)
    assert steps == [" urgent", " unhelpful", ""]
    read = words(page)
    assert "▲ Emergency: the patient was told to get help" in read
    assert "▼ Not helpful: It was unclear" in read


def test_rows_that_cannot_be_read_are_counted(reader: Client, key: str) -> None:
    first = user("a good one")
    event("user", "{broken")
    event("bot", "[1, 2]")
    event("bot", {"event": "bot", "text": 7})
    event("hologram", {"event": "hologram", "text": "from afar"})
    event("bot", None)
    last = bot("a good reply")
    turn(first, last, "a good one")
    read = words(page_of(reader, key))
    assert "5 rows of another version are not shown." in read
    assert "a good one" in read and "a good reply" in read and "from afar" not in read


def test_one_row_is_counted_as_one(reader: Client, key: str) -> None:
    rows.turn(ID)
    assert "not shown" not in page_of(reader, key)
    event("user", "{")
    assert "1 row of another version is not shown." in words(page_of(reader, key))


BAD: list[tuple[str, object]] = [
    ("user", {"event": "user", "text": "<script>alert(1)</script>"}),
    ("bot", {"event": "bot", "text": "<img src=x onerror=alert(1)> [x](javascript:alert(1))"}),
    ("bot", {"event": "bot", "text": "ok", "metadata": [1], "data": {"buttons": 7}}),
    ("bot", {"event": "bot", "text": "ok", "data": {"buttons": [7, {"title": 8}, {}, None]}}),
    (
        "bot",
        {"event": "bot", "text": "ok", "data": {"buttons": [{"title": "<b>x</b>" * 900}] * 99}},
    ),
    ("bot", {"event": "bot", "text": "*" * 50_000}),
    ("bot", {"event": "bot", "text": "[" * 20_000}),
    ("bot", {"event": "bot", "text": "> - 1. " * 5_000}),
    ("user", {"event": "user", "text": "x" * 150_000}),
    ("user", {"event": "user", "text": "x" * 3_000_000}),
    ("user", "[" * 100_000),
    ("user", {"event": "bot", "text": "who am I"}),
    ("bot", {"event": "bot", "text": "\ud800 \u202e"}),
    ("x" * 255, {"event": "x"}),
]


@pytest.mark.parametrize("bad", BAD, ids=[str(number) for number in range(len(BAD))])
def test_a_bad_row_is_shown_safely_or_counted(
    reader: Client, key: str, bad: tuple[str, object]
) -> None:
    rows.turn(ID, "before")
    first = event(*bad)
    turn(first, first, "<script>alert(2)</script>")
    rows.turn(ID, "after")
    page = page_of(reader, key)
    assert "before" in page and "after" in page
    for tag in ("<script>", "<img", "<b>x", "javascript:"):
        assert f'href="{tag}' not in page and (tag == "javascript:" or tag not in page)
    assert len(page) < 120_000


ODD_TURNS: list[dict[str, Any]] = [
    {"answers": "{", "scores": "nonsense"},
    {"answers": '["\\ud800"]', "scores": '[["\\udfff", 0.5]]'},
    {"answers": '["<b>x</b>"]', "scores": '[["<b>y</b>", 0.5]]'},
    {"answers": json.dumps(["a/b", "", "x" * 5000] * 50)},
    {"scores": '[["a", 1e999], ["b"], [1, 2], "c"]'},
    {"kind": "<b>x</b>", "version": "<b>" * 20, "outcome": "odd", "reason": "<b>r</b>"},
    {"milliseconds": 1e300, "confidence": -5.0, "feedback": 99, "time": 1e18},
    {"first_event": 10**12, "last_event": 1},
]


@pytest.mark.parametrize("columns", ODD_TURNS)
def test_an_odd_turn_is_shown_safely(reader: Client, key: str, columns: dict[str, Any]) -> None:
    rows.turn(ID, "before")
    turn(**{"first": 0, "last": 0, "text": "odd one", **{
        {"first_event": "first", "last_event": "last"}.get(k, k): v for k, v in columns.items()
    }})  # fmt: skip
    rows.turn(ID, "after")
    page = page_of(reader, key)
    assert all(text in page for text in ("before", "odd one", "after"))
    assert "<b>" not in page
    assert len(page) < 60_000


def test_half_written_conversations_are_shown(reader: Client, key: str) -> None:
    assert "Nothing of this conversation can be shown." in page_of(reader, key)
    user("only events")
    read = words(page_of(reader, key))
    assert "only events" in read and "Written outside of a turn." in read
    turn(0, 0, "only a turn")
    read = words(page_of(reader, key))
    assert "only a turn" in read and "No reply to this is kept." in read


def test_a_long_conversation_comes_in_parts(
    reader: Client, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transcript, "TURNS", 3)
    for number in range(8):
        rows.turn(ID, f"question {number}", reply=f"reply {number}")
        event("user", {"event": "user", "text": f"loose {number}"})

    def seen(query: str) -> tuple[list[str], list[str], list[str]]:
        page = page_of(reader, key, query)
        spoken = re.findall(r"(?:question|reply|loose) \d", words(page))
        links = re.findall(r'href="\?([^"]*turn=\w+)">(\w+) messages', page)
        return spoken, *([q for q, name in links if name == n][:1] for n in ("Earlier", "Later"))

    spoken: list[str] = []
    query, parts = "", 0
    while True:
        found, earlier, later = seen(query)
        assert bool(earlier) == bool(query)
        spoken, parts = spoken + found, parts + 1
        if not later:
            break
        query = later[0].replace("&amp;", "&")
    assert parts == 3
    expected = [f"{w} {n}" for n in range(8) for w in ("question", "reply", "loose")]
    assert [s for s in spoken if s] == expected
    assert seen(earlier[0].replace("&amp;", "&"))[0][0] == "question 3"
    assert seen("turn=last")[0][0] == "question 5"


def test_absurdly_many_rows_are_cut_and_told(
    reader: Client, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "MAX_ROWS", 3)
    for number in range(5):
        user(f"said {number}")
    read = words(page_of(reader, key))
    assert "said 2" in read and "said 3" not in read
    assert "more rows than a page can hold" in read


@pytest.mark.parametrize("query", ["turn=x", "turn=-1", "turn=" + "9" * 40, "turn=999999"])
def test_a_part_that_is_not_there_is_no_fault(reader: Client, key: str, query: str) -> None:
    rows.turn(ID)
    page_of(reader, key, query)


def test_opening_is_told_to_the_audit_and_the_id_is_not_shown(reader: Client, key: str) -> None:
    rows.turn(ID, "hello")
    page = page_of(reader, key)
    assert ID not in page and "U2" not in page
    assert reader.get("/conversations/nothere/").status_code == 404
    entry = Entry.objects.get(action="opened")
    assert (entry.name, entry.subject) == ("reader", key)


def test_a_label_is_shown(client_of: Sign, key: str) -> None:
    number = rows.turn(ID)
    with guide_engine().begin() as connection:
        row = {"turn": number, "time": 1.0, "by": "ann", "verdict": "answer", "target": "cost"}
        connection.execute(LABELS.insert().values(**row))
    page = words(page_of(client_of("reviewer"), key))
    assert "Label Belongs to an answer ( cost ), by ann" in page
    assert "Label this message anew" in page


def test_the_form_of_a_label_goes_to_the_room_of_the_unanswered(client_of: Sign, key: str) -> None:
    number = rows.turn(ID, "how much <b>is</b> it")
    reviewer = client_of("reviewer")
    page = reviewer.get(f"/conversations/{key}/label/{number}/?at=o1.0_a1").content.decode()
    assert f'action="/unanswered/label/{number}/"' in page
    assert 'name="next" value="/conversations/a1/?at=o1.0_a1"' in page
    assert "how much &lt;b&gt;is&lt;/b&gt; it" in page
    assert reviewer.get(f"/conversations/{key}/label/{number + 1}/").status_code == 404
    said = {"verdict": "answer", "target": "cost", "sentence": "", "next": f"/conversations/{key}/"}
    done = reviewer.post(f"/unanswered/label/{number}/", said)
    assert done["Location"] == f"/conversations/{key}/"


def test_the_neighbours_are_those_of_the_filtered_list(reader: Client) -> None:
    for number, channel in enumerate(["web", "slack", "web", "web"]):
        rows.conversation(f"{channel}:{number}", key=f"a{number}", last=100.0 - number)

    def go(key: str, way: str, query: str) -> str:
        return str(reader.get(f"/conversations/{key}/{way}/?{query}")["Location"])

    assert go("a0", "next", "channel=web") == f"/conversations/a2/?channel=web&at={'o98.0_a2'}"
    assert go("a0", "next", "").startswith("/conversations/a1/")
    assert go("a2", "previous", "channel=web").startswith("/conversations/a0/")
    assert go("a3", "next", "channel=web") == "/conversations/?channel=web"
    assert "That was the last one." in reader.get("/conversations/").content.decode()
    assert go("a0", "previous", "") == "/conversations/?"


def test_the_next_one_is_found_from_where_a_conversation_stood(reader: Client) -> None:
    """An urgent one that was just done is no longer where it was opened."""
    rows.conversation("web:1", key="a1", last=50.0, urgent=True, state="new")
    rows.conversation("web:2", key="a2", last=40.0, urgent=True)
    rows.conversation("web:3", key="a3", last=60.0)
    at = Place.of(Conversation.objects.get(key="a1"))
    Conversation.objects.filter(key="a1").update(state="done")
    moved = reader.get(f"/conversations/a1/next/?at={at}")["Location"]
    assert moved.startswith("/conversations/a2/")
