"""Rows that the guide did not write, or half: left out, counted, and the conversation goes on."""

from __future__ import annotations

import json
from typing import Any

import pytest

from guide.store.events import Unreadable, event_of
from guide.store.tables import CONVERSATIONS, EVENTS, TURNS
from guide.store.window import MAX_DATA, load
from tests.unit.store.talk import ANN, Talk

USER: dict[str, Any] = {
    "event": "user", "timestamp": 5.0, "text": "hello", "input_channel": "rest",
    "parse_data": {"text": "hello", "intent": {"name": "greet"}, "entities": []}, "metadata": {},
}  # fmt: skip
BOT: dict[str, Any] = {
    "event": "bot", "timestamp": 6.0, "text": "Hello!",
    "data": {"buttons": [{"title": "A", "payload": "A"}]},
    "metadata": {"kind": "answer", "answers": ["cost"]},
}  # fmt: skip


def read(**changed: Any) -> dict[str, Any]:
    return {**USER, "parse_data": {**USER["parse_data"], **changed}}


def about(**changed: Any) -> dict[str, Any]:
    return {**BOT, "metadata": {**BOT["metadata"], **changed}}


UNREADABLE = [
    # No JSON, or none of an event.
    None, "", "{", "null", "[]", "5", '"user"', "{}", '{"event": 5}', '{"event": ["user"]}',
    '{"event": {}}', '{"event": "user", "text": "cut o', "[" * 100_000, b"\xff\xfe",
    # Kinds that the guide never writes, or nobody.
    {"event": "pause"}, {"event": "followup", "name": "action_x"}, {"event": "rewind"},
    {"event": "form", "name": "f"}, {"event": "active_loop", "name": "f"}, {"event": "telepathy"},
    {"event": "restart"}, {"event": "reminder", "action": "x"}, {"event": "topic"},
    # Almost.
    {**USER, "text": None}, {**USER, "text": 5}, {**USER, "text": ["hello"]},
    {**USER, "parse_data": None}, {**USER, "parse_data": []}, {"event": "user"},
    {**USER, "timestamp": "yesterday"}, {**USER, "timestamp": -5}, {**USER, "timestamp": 1e300},
    {**USER, "timestamp": float("nan")}, {**USER, "metadata": "m"}, {**USER, "metadata": [1]},
    read(intent="greet"), read(intent={"name": 5}), read(entities={"a": 1}), read(decision=[1]),
    read(decision={"answers": "cost"}), read(decision={"answers": [5]}), read(decision="cost"),
    {**BOT, "text": 5}, {**BOT, "data": "d"}, {**BOT, "data": {"buttons": 5}},
    {**BOT, "data": {"buttons": {"title": "A"}}}, {**BOT, "data": {"buttons": ["A"]}},
    {**BOT, "data": {"buttons": [{"payload": "A"}]}}, {**BOT, "metadata": [1]},
    about(answers="cost"), about(answers=[1]), about(answers={"cost": 1}), about(places=5),
    about(metadata={"answers": [None]}),
    {"event": "action", "name": 5}, {"event": "action", "name": ["x"], "timestamp": 1.0},
]  # fmt: skip


def raw(data: Any) -> Any:
    return json.dumps(data) if isinstance(data, dict) else data


@pytest.mark.parametrize("data", UNREADABLE)
def test_a_row_that_cannot_be_read(data: Any) -> None:
    with pytest.raises(Unreadable):
        event_of(1, raw(data))


@pytest.mark.parametrize(
    "data",
    [
        USER, BOT, {**BOT, "text": None}, {**BOT, "data": None}, {**BOT, "data": {}},
        {**BOT, "metadata": None}, about(answers=None), about(metadata={"answers": []}),
        {**USER, "metadata": None}, {**USER, "unknown": 5}, read(unknown=[5], intent={}),
        read(decision={"answers": [], "act": "talk"}), {**USER, "timestamp": 7},
        {"event": "action", "name": "action_listen", "timestamp": 1.0},
        {"event": "action", "name": None, "action_text": "x", "timestamp": 1.0},
        {"event": "session_started", "timestamp": 1.0},
    ],
)  # fmt: skip
def test_a_row_that_can(data: dict[str, Any]) -> None:
    assert event_of(1, raw(data)).type_name == data["event"]


def put(talk: Talk, *rows: tuple[str, Any]) -> None:
    with talk.engine.begin() as connection:
        for kind, data in rows:
            connection.execute(
                EVENTS.insert().values(sender_id=ANN, type_name=kind, data=raw(data))
            )


def test_a_conversation_full_of_them_goes_on(talk: Talk, caplog: pytest.LogCaptureFixture) -> None:
    talk.say("how much is it")
    written = [data for data in UNREADABLE if not isinstance(data, bytes)]
    put(talk, *[("user", data) for data in written[:20]])
    put(talk, ("bot", {**BOT, "text": "x" * MAX_DATA}), ("telepathy", "{}"), ("user", "zebra"))
    for _ in range(2):
        assert talk.say("and in Ohio", "As much.").stored
    assert talk.texts() == [
        "how much is it", "Some thousand dollars.", *2 * ["and in Ohio", "As much."],
    ]  # fmt: skip
    told = [r.getMessage() for r in caplog.records if "left out" in r.getMessage()]
    assert told == ["23 events cannot be read and are left out"]  # once, and what they hold never
    assert "zebra" not in caplog.text


def test_what_is_left_out_is_counted(talk: Talk) -> None:
    put(talk, ("user", "{"), ("slot", "{"), ("user", USER), ("pause", {"event": "pause"}))
    with talk.engine.connect() as connection:
        assert load(connection, ANN).skipped == 2


def test_a_turn_that_was_cut_off(talk: Talk) -> None:
    """The next message finds the guide listening."""
    put(talk, ("user", USER), ("action", {"event": "action", "name": "utter_greet"}))
    tracker = talk.tracker()
    assert tracker is not None
    assert tracker.latest_action_name == "action_listen"
    before = len(talk.rows("events"))
    talk.say("how much is it")
    assert len(talk.rows("events")) == before + 5


@pytest.mark.parametrize("slots", ["", "{", "[]", "5", "null", '{"unknown": 5}', '{"feedback": 7}'])
def test_slots_that_are_none(talk: Talk, slots: str) -> None:
    talk.say("how much is it")
    with talk.engine.begin() as connection:
        connection.execute(CONVERSATIONS.update().values(slots=slots))
    assert len(talk.texts()) == 2
    assert talk.say("is it a cure").stored
    assert json.loads(talk.rows("conversations")[0].slots).get("unknown") in (None, 5)


@pytest.mark.parametrize("answers", ["", "{", "5", '"cost"', "[5]"])
def test_turns_that_are_odd_stop_nothing(talk: Talk, answers: str) -> None:
    talk.say("how much is it")
    with talk.engine.begin() as connection:
        connection.execute(TURNS.update().values(kind="did_you_mean", answers=answers))
    assert talk.say("is it a cure").stored
