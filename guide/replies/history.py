"""What a reply needs to know of the conversation before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from guide.content.said import metadata

__all__ = ["bot_messages", "last_answer", "last_reply", "metadata", "repeated"]


def last_reply(replies: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The metadata of the newest bot message; `replies` come newest first."""
    for reply in replies:
        return metadata(reply)
    return {}


def last_answer(replies: Iterable[Mapping[str, Any]]) -> str | None:
    """The answer that "tell me more" is about: the newest one shown (of several, the last)."""
    for reply in replies:
        found = metadata(reply)
        if found.get("kind") in {"answer", "several", "more"} and found.get("answers"):
            return str(found["answers"][-1])
    return None


def repeated(kind: str, replies: Iterable[Mapping[str, Any]]) -> bool:
    """Whether the newest reply was of this kind too."""
    return bool(last_reply(replies).get("kind") == kind)


def bot_messages(events: Iterable[Any]) -> Iterator[dict[str, Any]]:
    """The bot messages of a tracker's events (Rasa event objects), newest first."""
    for event in reversed(list(events)):
        if getattr(event, "type_name", "") == "bot":
            yield {**(event.metadata or {}), "buttons": (event.data or {}).get("buttons")}
