"""What every action does alike."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.shared import answered, bot_messages, guarded, held, outdated, say
from tests.unit.actions.talk import Talk, titles

NOTICE = "_For information only, not medical advice."


def test_the_content_is_read_once() -> None:
    assert held() is held()
    content, wording = held()
    assert wording.article == content.article


def test_bot_messages_come_newest_first_flat_or_nested() -> None:
    talk = Talk().said("answer", "cost", version="v1").said("trials", nested=True, place="Boston")
    newest, oldest = bot_messages(talk.tracker())
    assert (oldest["kind"], oldest["answers"], oldest["version"]) == ("answer", ["cost"], "v1")
    assert (newest["kind"], newest["place"]) == ("trials", "Boston")
    assert "metadata" not in newest


@pytest.mark.parametrize("event", [{"event": "bot"}, {"event": "bot", "metadata": None}])
def test_bot_messages_without_metadata_are_no_fault(event: dict[str, object]) -> None:
    assert list(bot_messages(Talk(events=[event]).tracker())) == [{}]


def test_a_message_carries_what_staff_and_widget_need() -> None:
    dispatcher = CollectingDispatcher()
    tracker = Talk().said("small_talk").tracker()
    say(dispatcher, tracker, "Text", "trials", answers=("cost",), buttons=("More",), place="Boston")
    (message,) = dispatcher.messages
    assert message["text"] == "Text"
    assert titles(message) == ["More"]
    assert message["metadata"] == {
        "kind": "trials", "answers": ["cost"], "version": held()[0].version, "place": "Boston",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("before", "noticed"),
    [
        ([], True),
        # An urgent reply never carries the notice, so it is still due.
        (["emergency", "crisis", "urgent"], True),
        (["small_talk"], False),
        (["answer", "urgent"], False),
    ],
)
@pytest.mark.parametrize("nested", [True, False])
def test_the_first_ordinary_reply_ends_with_the_notice(
    before: list[str], noticed: bool, nested: bool
) -> None:
    talk = Talk()
    for kind in before:
        talk.said(kind, nested=nested)
    dispatcher = CollectingDispatcher()
    say(dispatcher, talk.tracker(), "Text", "sources")
    (message,) = dispatcher.messages
    assert message["text"].startswith("Text")
    assert (NOTICE in message["text"]) is noticed
    assert message["metadata"].get("notice", False) is noticed


def test_other_content_than_the_model_has_is_told() -> None:
    dispatcher = CollectingDispatcher()
    assert outdated(dispatcher, Talk({"content_version": "another"}).tracker())
    (message,) = dispatcher.messages
    assert "being updated" in message["text"]
    assert "911" in message["text"]
    assert message["metadata"]["kind"] == "error"


def test_the_same_content_or_an_unknown_one_is_no_reason_to_refuse() -> None:
    for slots in ({}, {"content_version": None}, {"content_version": held()[0].version}):
        dispatcher = CollectingDispatcher()
        assert not outdated(dispatcher, Talk(slots).tracker())
        assert dispatcher.messages == []


class Broken(Action):
    """Fails with an error that repeats what the patient wrote."""

    def name(self) -> str:
        return "action_broken"

    @guarded
    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Any:
        raise KeyError(tracker.latest_message["text"])


def test_a_failure_is_logged_by_kind_and_place_and_never_by_text(
    caplog: pytest.LogCaptureFixture,
) -> None:
    tracker = Talk().tracker("I am Jane Roe")
    # No events: the chat server then says that the service is down.
    assert asyncio.run(Broken().run(CollectingDispatcher(), tracker, {})) == []
    assert re.search(r"action_broken failed: KeyError at test_shared\.py:\d+", caplog.text)
    assert "Jane" not in caplog.text


def test_an_action_that_answered_marks_the_service_as_up() -> None:
    assert (answered()["name"], answered()["value"]) == ("service_ok", True)
