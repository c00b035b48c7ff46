"""Delete my conversation."""

from __future__ import annotations

import asyncio

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.erase import ActionErase
from actions.shared import held
from tests.unit.actions.talk import Talk

WORDING = held()[1]


@pytest.mark.parametrize("version", [None, held()[0].version, "another"])
def test_the_conversation_is_marked_whatever_the_content(version: str | None) -> None:
    talk = Talk({"content_version": version}).said("answer", "cost")
    message, slots = talk.ask(ActionErase(), "delete my conversation", "erase_conversation")
    assert message["text"] == WORDING.say("erased")
    assert message["metadata"]["kind"] == "small_talk"
    assert message["metadata"]["answers"] == []
    assert message["metadata"]["erased"] is True
    assert slots == {"erase_requested": True, "service_ok": True}


def test_the_mark_is_set_after_the_slots_are_reset() -> None:
    """The other way round the reset would take the mark away."""
    tracker = Talk().said("answer", "cost").tracker("delete my conversation")
    returned = asyncio.run(ActionErase().run(CollectingDispatcher(), tracker, {}))
    assert [event["event"] for event in returned] == ["reset_slots", "slot", "slot"]


def test_a_first_reply_carries_the_notice() -> None:
    message, _ = Talk().ask(ActionErase(), "delete my conversation", "erase_conversation")
    assert WORDING.say("notice") in message["text"]
