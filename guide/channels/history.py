"""A conversation as its patient saw it, from the events that Rasa keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timezone
from itertools import groupby
from typing import Any

from guide.channels.outgoing import Outgoing

MAX_MESSAGES = 200


def moment(seconds: float) -> str:
    """Seconds since 1970 as ISO 8601 in UTC, to the second."""
    return datetime.fromtimestamp(int(seconds), timezone.utc).isoformat().replace("+00:00", "Z")


def past(
    events: Iterable[Any],
    shaped: Callable[[dict[str, Any]], Outgoing],
    render: Callable[[Outgoing, str], dict[str, Any]],
) -> list[dict[str, Any]]:
    """The newest messages, oldest first.

    Args:
        events: Rasa's event objects of a tracker.
        shaped: makes a reply of a bot message of Rasa's; it signs the buttons anew.
        render: a reply and its time as the widget reads it.
    """
    told = [event for event in events if event.type_name in {"user", "bot"} and event.text]
    messages: list[dict[str, Any]] = []
    for who, group in groupby(told, key=lambda event: event.type_name):
        if who == "user":
            messages += [
                {"from": "patient", "time": moment(event.timestamp), "text": event.text}
                for event in group
            ]
        else:
            bots = list(group)
            reply = render(shaped(one(bots)), moment(bots[-1].timestamp))
            messages.append({"from": "guide", **reply})
    return messages[-MAX_MESSAGES:]


def one(bots: Sequence[Any]) -> dict[str, Any]:
    """What one turn said (Rasa's events) is one message, as it was when it was sent."""
    last = bots[-1]
    return {
        **(last.metadata or {}),
        "text": "\n\n".join(bot.text for bot in bots if bot.text),
        "buttons": (last.data or {}).get("buttons"),
    }
