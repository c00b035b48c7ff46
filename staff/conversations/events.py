"""Rasa's rows of a conversation as what was said; what cannot be read is counted, not shown."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, TextField, When
from django.db.models.functions import Length

from guide.content.said import metadata
from staff.records.models import Event, encodable

USER, BOT = "user", "bot"
# Rasa's other kinds: nothing that a patient sees.
SILENT = frozenset({
    "action", "action_execution_rejected", "active_loop", "agent", "cancel_reminder", "entities",
    "export", "followup", "form", "form_validation", "loop_interrupted", "pause", "reminder",
    "reset_slots", "restart", "resume", "rewind", "session_started", "slot", "undo",
    "user_featurization",
})  # fmt: skip
MAX_ROWS = 5000  # of a page
MAX_DATA = 200_000  # characters of a row
MAX_BUTTONS = 20
MAX_TITLE = 300


@dataclass(frozen=True)
class Said:
    """What one row says. `about` is what a bot message tells of itself, {} for a patient's."""

    row: int
    who: str
    time: float | None
    text: str
    about: dict[str, Any]
    buttons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Heard:
    """What was said in a stretch of a conversation, and how many of its rows could not be read.

    `cut` is true where there was more than a page holds.
    """

    said: list[Said]
    skipped: int
    cut: bool


def heard(conversation: str, first: int, before: int | None) -> Heard:
    """What was said from one row on, up to another or the end."""
    rows = Event.objects.filter(sender_id=conversation, pk__gte=first)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    # Only what can be shown leaves the database.
    shown = When(type_name__in=(USER, BOT), length__lte=MAX_DATA, then=F("data"))
    values = list(
        rows.annotate(length=Length("data"), shown=Case(shown, output_field=TextField()))
        .order_by("pk")
        .values_list("pk", "type_name", "timestamp", "shown")[: MAX_ROWS + 1]
    )
    kept = [value for value in values[:MAX_ROWS] if value[1] not in SILENT]
    said = [found for value in kept if (found := _said(*value))]
    return Heard(said, len(kept) - len(said), len(values) > MAX_ROWS)


def _said(row: int, who: str, time: float | None, data: str | None) -> Said | None:
    """None for a row that holds nothing that could have been seen."""
    try:
        raw = json.loads(data or "")
    except (ValueError, RecursionError):
        return None
    if not isinstance(raw, dict) or who not in (USER, BOT) or raw.get("event", who) != who:
        return None
    text = raw.get("text")
    if not isinstance(text, str) or not text.strip():
        return None
    text = encodable(text)
    if who == USER:
        return Said(row, who, time, text, {})
    about = raw.get("metadata")
    return Said(
        row, who, time, text, metadata(about) if isinstance(about, dict) else {}, _titles(raw)
    )


def _titles(raw: dict[str, Any]) -> tuple[str, ...]:
    """The titles of the buttons that a bot message offered."""
    data = raw.get("data")
    buttons = data.get("buttons") if isinstance(data, dict) else None
    listed = buttons if isinstance(buttons, list) else []
    found = [button.get("title") for button in listed if isinstance(button, dict)]
    titles = [encodable(title[:MAX_TITLE]) for title in found if isinstance(title, str)]
    return tuple(titles[:MAX_BUTTONS])
