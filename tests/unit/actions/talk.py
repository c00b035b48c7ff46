"""A conversation with an action, as the action server gets it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher


@dataclass
class Talk:
    """`events` are the conversation so far; `slots` what the chat server knows."""

    slots: dict[str, Any] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)

    def said(self, kind: str, *answers: str, nested: bool = False, **about: Any) -> Talk:
        """A reply of the chat server, or (nested) of the action server."""
        metadata: dict[str, Any] = {"kind": kind, "answers": list(answers), **about}
        if nested:
            metadata = {"utter_action": "action_x", "metadata": metadata}
        self.events += [
            {"event": "user", "text": "..."},
            {"event": "bot", "text": "...", "metadata": metadata},
        ]
        return self

    def tracker(self, text: str = "", intent: str = "", **parsed: Any) -> Tracker:
        latest = {"text": text, "intent": {"name": intent}, "entities": [], **parsed}
        return Tracker("rest:1", self.slots, latest, list(self.events), False, None, {}, None)

    def ask(
        self, action: Action, text: str = "", intent: str = "", **parsed: Any
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """(the one message, the slots set); the message joins the conversation."""
        dispatcher = CollectingDispatcher()
        returned = asyncio.run(action.run(dispatcher, self.tracker(text, intent, **parsed), {}))
        (message,) = dispatcher.messages
        stored = {"utter_action": action.name(), "metadata": message["metadata"]}
        self.events.append({"event": "bot", "text": message["text"], "metadata": stored})
        slots = {event["name"]: event["value"] for event in returned if event["event"] == "slot"}
        self.slots.update(slots)
        return message, slots


def titles(message: dict[str, Any]) -> list[str]:
    assert all(button["payload"] == button["title"] for button in message["buttons"])
    return [button["title"] for button in message["buttons"]]
