"""A reply as every channel gets it, before it is put into the platform's form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from guide.channels.payloads import Payloads
from guide.replies.history import metadata

JUDGED = frozenset({"answer", "several", "more"})


@dataclass(frozen=True)
class Button:
    """`payload` is a signed token, "" where none fits; the title typed means the same."""

    title: str
    payload: str


@dataclass(frozen=True)
class Outgoing:
    """One reply: Markdown text, buttons, and what staff and widgets need to know.

    `feedback` are the tokens (helpful, not helpful), () where there is nothing to judge.
    `stored` is True once the conversation that holds the reply is committed; `erased` where it
    says that the conversation is deleted, which holds for what the channel keeps of it too.
    """

    text: str
    kind: str
    answers: tuple[str, ...] = ()
    version: str = ""
    stored: bool = False
    buttons: tuple[Button, ...] = ()
    feedback: tuple[str, ...] = ()
    erased: bool = False

    @classmethod
    def of(
        cls, message: Mapping[str, Any], conversation: str, payloads: Payloads, stored: bool = False
    ) -> Outgoing:
        """From a bot message of Rasa's or of `Reply.as_message`."""
        about = metadata(message)
        kind, answers = str(about.get("kind", "small_talk")), tuple(about.get("answers") or ())
        titles = [button["title"] for button in message.get("buttons") or []]
        tokens = [payloads.of_feedback(conversation, helpful, answers) for helpful in (True, False)]
        return cls(
            str(message.get("text") or ""),
            kind,
            answers,
            str(about.get("version", "")),
            stored,
            tuple(Button(title, payloads.of_title(conversation, title)) for title in titles),
            tuple(tokens) if kind in JUDGED and answers and all(tokens) else (),
            about.get("erased") is True,
        )

    def as_dict(self) -> dict[str, Any]:
        """As JSON can hold it, for the inbox and for REST."""
        return {
            "text": self.text,
            "buttons": [{"title": b.title, "payload": b.payload} for b in self.buttons],
            "feedback": list(self.feedback),
            "metadata": {
                "kind": self.kind,
                "answers": list(self.answers),
                "version": self.version,
                "stored": self.stored,
                "erased": self.erased,
            },
        }

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Outgoing:
        """What `as_dict` made."""
        about = raw["metadata"]
        return cls(
            raw["text"],
            about["kind"],
            tuple(about["answers"]),
            about["version"],
            about["stored"],
            tuple(Button(b["title"], b["payload"]) for b in raw["buttons"]),
            tuple(raw["feedback"]),
            about["erased"],
        )
