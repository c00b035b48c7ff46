"""What is known of the conversation before."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.core.actions.action import create_bot_utterance
from rasa.shared.core.events import ActionExecuted, BotUttered, UserUttered

from guide.replies import history

NEWEST_FIRST: list[dict[str, Any]] = [
    {"kind": "fallback", "answers": []},
    {"metadata": {"kind": "more", "answers": ["cost"]}, "utter_action": "x"},
    {"kind": "answer", "answers": ["results"]},
]


def test_metadata_travel_flat_or_nested() -> None:
    told = {"kind": "trials", "answers": [], "version": "v"}
    assert history.metadata(told) == told
    nested = {"metadata": told, "utter_action": "action_find_trials"}
    assert history.metadata(nested) == {**told, "utter_action": "action_find_trials"}
    assert nested["metadata"] == told
    assert history.metadata({"kind": "answer", "metadata": None}) == {"kind": "answer"}
    assert history.metadata({}) == {}


def test_the_last_reply_is_the_newest() -> None:
    assert history.last_reply(NEWEST_FIRST)["kind"] == "fallback"
    assert history.last_reply([]) == {}
    assert history.repeated("fallback", NEWEST_FIRST)
    assert not history.repeated("answer", NEWEST_FIRST)
    assert not history.repeated("fallback", [])


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        (NEWEST_FIRST, "cost"),
        (NEWEST_FIRST[2:], "results"),
        (NEWEST_FIRST[:1], None),
        ([], None),
        # Of two answers, the one that was read last.
        ([{"kind": "several", "answers": ["cost", "results"]}], "results"),
        # What was only proposed was not told.
        ([{"kind": "did_you_mean", "answers": ["cost"]}, NEWEST_FIRST[2]], "results"),
        ([{"kind": "sources", "answers": ["cost"]}, NEWEST_FIRST[2]], "results"),
        ([{"kind": "answer", "answers": []}], None),
    ],
)
def test_the_answer_that_was_shown_last(said: list[dict[str, Any]], answer: str | None) -> None:
    assert history.last_answer(said) == answer


def test_bot_messages_of_a_tracker_come_newest_first() -> None:
    buttons = [{"title": "A", "payload": "A"}]
    events = [
        create_bot_utterance({"text": "one", "kind": "answer", "buttons": buttons}),
        UserUttered("hello"),
        ActionExecuted("action_listen"),
        create_bot_utterance({"text": "two", "metadata": {"kind": "trials"}}),
        BotUttered("three"),
    ]
    three, two, one = history.bot_messages(events)
    assert (one["kind"], one["buttons"]) == ("answer", buttons)
    assert history.metadata(two)["kind"] == "trials"
    assert three == {"buttons": None}
