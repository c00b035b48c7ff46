"""A number after "What was wrong?" picks a reason, and elsewhere means what it means."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from guide.content.said import ASKS_REASON
from guide.nlu.feedback_follow_up import FeedbackFollowUp


def after(**about: Any) -> DialogueStateTracker:
    stored = {"utter_action": "action_feedback", "metadata": {"kind": "small_talk", **about}}
    events = [UserUttered("not helpful"), BotUttered("...", metadata=stored)]
    return DialogueStateTracker.from_events("rest:1", events)


@pytest.mark.parametrize(
    ("tracker", "intent", "found"),
    [
        (after(**{ASKS_REASON: True}), "choose", "feedback_negative"),
        (after(**{ASKS_REASON: True}), "cost", "cost"),
        (after(**{ASKS_REASON: True}), "emergency", "emergency"),
        (after(), "choose", "choose"),
        (DialogueStateTracker.from_events("rest:1", []), "choose", "choose"),
        (None, "choose", "choose"),
    ],
)
def test_what_a_pick_is_about(
    tracker: DialogueStateTracker | None, intent: str, found: str
) -> None:
    message = Message({TEXT: "2", INTENT: {"name": intent, "confidence": 0.9}})
    FeedbackFollowUp().process([message], tracker)  # type: ignore[arg-type]
    assert message.get(INTENT)["name"] == found
