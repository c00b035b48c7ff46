"""Rasa's events and the rows of the table `events`, one into the other.

A row that cannot be read is left out: it may be of another version of Rasa or of the guide, half
written, or nonsense. What is read is sound: the rest of the guide need not look twice.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    Event,
    SessionStarted,
    UserUttered,
)

from guide.content.said import metadata

# What a turn of the guide looks back on; the state of slots stands in `conversations`.
_READ: dict[str, type[Event]] = {
    kind.type_name: kind for kind in (ActionExecuted, BotUttered, SessionStarted, UserUttered)
}
# Written by Rasa with every turn, and not needed again.
PASSED_OVER = frozenset({"slot", "reset_slots", DefinePrevUserUtteredFeaturization.type_name})
MAX_NAME = 255
_LAST_MOMENT = 1e11  # seconds: a calendar can tell the date of any moment before
_ROW = "row_id"


class Unreadable(Exception):
    """A row that holds no event of ours."""


def row_of(event: Event) -> int | None:
    """The id of the row that holds an event; None where none does yet."""
    found: int | None = getattr(event, _ROW, None)
    return found


def mark(event: Event, row: int) -> Event:
    """Note that a row holds this event: it is not written again."""
    setattr(event, _ROW, row)
    return event


def unsaved(events: Iterable[Event]) -> list[Event]:
    """The events that no row holds."""
    return [event for event in events if row_of(event) is None]


def columns(event: Event, conversation: str) -> dict[str, Any]:
    """The row of an event."""
    data = event.as_dict()
    intent = event.intent_name if isinstance(event, UserUttered) else None
    return {
        "sender_id": conversation,
        "type_name": event.type_name,
        "timestamp": event.timestamp,
        "intent_name": _short(intent),
        "action_name": _short(data.get("name")),
        "data": json.dumps(data),
    }


def event_of(row: int, data: object) -> Event:
    """The event of a row.

    Raises:
        Unreadable: it holds none, or one that is not sound.
    """
    try:
        raw = json.loads(data)  # type: ignore[arg-type]
        # Not Event.from_parameters: it looks through all classes of Rasa's for each event, which
        # took more than half of a load.
        event = _READ[raw["event"]]._from_parameters(raw)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise Unreadable from None
    if event is None or not _sound(event):
        raise Unreadable
    return mark(event, row)


def _sound(event: Event) -> bool:
    """Whether the fields that are read later have their types."""
    if not _moment(event.timestamp) or not isinstance(event.metadata, dict):
        return False
    if isinstance(event, UserUttered):
        return (
            isinstance(event.text, str)
            and all(isinstance(part, dict) for part in (event.parse_data, event.intent))
            and _name(event.intent.get("name"))
            and isinstance(event.entities, list)
            and _listed(event.parse_data.get("decision", {}), "answers")
        )
    if isinstance(event, BotUttered):
        data = event.data or {}
        return (
            _name(event.text)
            and isinstance(data, dict)
            and _each(_button, data.get("buttons"))
            and all(_listed(metadata(event.metadata), key) for key in ("answers", "places"))
        )
    return not isinstance(event, ActionExecuted) or _name(event.action_name)


def _moment(value: object) -> bool:
    return isinstance(value, int | float) and 0 <= value < _LAST_MOMENT


def _name(value: object) -> bool:
    return value is None or isinstance(value, str)


def _button(value: object) -> bool:
    return isinstance(value, dict) and isinstance(value.get("title"), str)


def _each(test: Callable[[object], bool], values: object) -> bool:
    """Whether this is a list of such values, or nothing."""
    return values is None or (isinstance(values, list) and all(map(test, values)))


def _listed(values: object, key: str) -> bool:
    """Whether a mapping holds, under a key, a list of names or nothing."""
    return isinstance(values, Mapping) and _each(
        lambda name: isinstance(name, str), values.get(key)
    )


def _short(name: object) -> str | None:
    return name[:MAX_NAME] if isinstance(name, str) else None
