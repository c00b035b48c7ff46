"""A conversation with the guide's replies as Rasa holds it, without a model."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from rasa.core.actions.action import create_bot_utterance
from rasa.shared.core.events import Event, SlotSet, UserUttered
from rasa.shared.core.slots import BooleanSlot
from rasa.shared.core.trackers import DialogueStateTracker

from guide.replies import Replies


@dataclass
class Conversation:
    """Says messages whose intent is given, and keeps the replies as events."""

    replies: Replies
    events: list[Event] = field(default_factory=list)

    def say(
        self, text: str, intent: str, answers: tuple[str, ...] = (), response: str = ""
    ) -> dict[str, Any]:
        """The one reply; `response` names it where it is not the intent's own."""
        message = self.asked(text, intent, answers, response)
        assert message is not None
        return message

    def asked(
        self, text: str, intent: str, answers: tuple[str, ...] = (), response: str = ""
    ) -> dict[str, Any] | None:
        understood: dict[str, Any] = {"text": text, "intent": {"name": intent}, "entities": []}
        if answers:
            understood["decision"] = {"answers": list(answers), "act": "given"}
        self.events.append(UserUttered(text, {"name": intent}, parse_data=understood))
        message = asyncio.run(
            self.replies.generate(f"utter_{response or intent}", self.tracker(), "rest")
        )
        if message is not None:
            self.events.append(create_bot_utterance(dict(message)))
        return message

    def action_said(self, **metadata: Any) -> None:
        """A message of the action server, whose metadata come nested."""
        self.events.append(create_bot_utterance({"text": "Done.", "metadata": metadata}))

    def slot(self, name: str, value: object) -> None:
        self.events.append(SlotSet(name, value))

    def tracker(self) -> DialogueStateTracker:
        slot = BooleanSlot("service_ok", [], initial_value=True, influence_conversation=False)
        return DialogueStateTracker.from_events("rest:1", self.events, [slot])


def titles(message: dict[str, Any]) -> list[str]:
    """The buttons, each of which says what its title says."""
    buttons = message.get("buttons", [])
    assert all(button["payload"] == button["title"] for button in buttons)
    return [button["title"] for button in buttons]
