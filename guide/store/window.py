"""What of a conversation is read again: its newest events, and the state of its slots.

However long a conversation is, a turn reads the same number of rows. Two things would be lost
with the rows before the window, and are brought along: the slots, which `conversations` keeps,
and that the notice was given (see `_ordinary`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, UserUttered

from guide.content.notice import URGENT_KINDS, notice_due
from guide.content.said import metadata
from guide.store.events import PASSED_OVER, Unreadable, event_of, mark
from guide.store.hold import times_erased
from guide.store.tables import CONVERSATIONS, EVENTS, TURNS

# Events, of which a turn has five to nine: what a patient still refers to.
WINDOW = 60
MAX_DATA = 200_000  # characters of one event; ours have some thousand
NOT_A_ROW = 0  # marks events that stand for what is not read: they are not written either


@dataclass(frozen=True)
class Window:
    """`erased` is how often the conversation was erased; `skipped` counts unreadable rows."""

    events: list[Event]
    slots: dict[str, Any] = field(default_factory=dict)
    erased: int = 0
    skipped: int = 0

    @property
    def empty(self) -> bool:
        """Whether nothing is known of the conversation, not even that it was erased."""
        return not (self.events or self.slots or self.erased)


def load(connection: sa.engine.Connection, conversation: str, limit: int = WINDOW) -> Window:
    """The end of a conversation, from a patient's message on.

    The erasing is read first: what is erased while this reads cannot come back.
    """
    erased = times_erased(connection, conversation)
    rows, more = _newest(connection, conversation, limit)
    events, skipped = _read(rows)
    if more:
        events = _from_a_message(events)
        kinds = [metadata(e.metadata).get("kind") for e in events if isinstance(e, BotUttered)]
        if notice_due(kinds) and _ordinary(connection, conversation):
            events.insert(0, mark(BotUttered(metadata={"kind": "small_talk"}), NOT_A_ROW))
    actions = [event.action_name for event in events if isinstance(event, ActionExecuted)]
    if events and (not actions or actions[-1] != ACTION_LISTEN_NAME):
        # A turn that was cut off: the next message finds the guide listening all the same.
        events.append(mark(ActionExecuted(ACTION_LISTEN_NAME), NOT_A_ROW))
    return Window(events, _slots(connection, conversation), erased, skipped)


def recent(connection: sa.engine.Connection, conversation: str, limit: int) -> list[Event]:
    """The newest messages of a conversation, a patient's and the guide's, oldest first."""
    told = EVENTS.c.type_name.in_([UserUttered.type_name, BotUttered.type_name])
    return _read(_newest(connection, conversation, limit, told)[0])[0]


def replies_of(connection: sa.engine.Connection, conversation: str, turn: int) -> list[Event]:
    """What the guide said in a stored turn."""
    asked = sa.select(TURNS.c.first_event, TURNS.c.last_event)
    found = connection.execute(
        asked.where(TURNS.c.id == turn, TURNS.c.conversation == conversation)
    ).first()
    if found is None:
        return []
    within = EVENTS.c.id.between(found.first_event, found.last_event)
    said = EVENTS.c.type_name == BotUttered.type_name
    rows = connection.execute(
        sa.select(EVENTS.c.id, EVENTS.c.type_name, EVENTS.c.data)
        .where(EVENTS.c.sender_id == conversation, within, said)
        .order_by(EVENTS.c.id)
    )
    return _read(rows.all())[0]


def _newest(
    connection: sa.engine.Connection, conversation: str, limit: int, *which: Any
) -> tuple[list[sa.engine.Row], bool]:
    """The newest rows, oldest first, and whether there are more before them."""
    # An absurd one is not even sent over.
    data = sa.case((sa.func.length(EVENTS.c.data) <= MAX_DATA, EVENTS.c.data))
    rows = connection.execute(
        sa.select(EVENTS.c.id, EVENTS.c.type_name, data.label("data"))
        .where(EVENTS.c.sender_id == conversation, *which)
        .order_by(EVENTS.c.id.desc())
        .limit(limit + 1)
    ).all()
    return rows[limit - 1 :: -1] if len(rows) > limit else rows[::-1], len(rows) > limit


def _read(rows: list[sa.engine.Row]) -> tuple[list[Event], int]:
    """The events of rows, and how many rows are none."""
    events, skipped = [], 0
    for row in rows:
        if row.type_name in PASSED_OVER:
            continue
        try:
            events.append(event_of(row.id, row.data))
        except Unreadable:
            skipped += 1
    return events, skipped


def _from_a_message(events: list[Event]) -> list[Event]:
    starts = (n for n, event in enumerate(events) if isinstance(event, UserUttered))
    return events[next(starts, 0) :]


def _ordinary(connection: sa.engine.Connection, conversation: str) -> bool:
    """Whether an ordinary reply was ever given, which had the notice with it."""
    ordinary = TURNS.c.kind.not_in(URGENT_KINDS)
    found = sa.select(TURNS.c.id).where(TURNS.c.conversation == conversation, ordinary).limit(1)
    return connection.execute(found).first() is not None


def _slots(connection: sa.engine.Connection, conversation: str) -> dict[str, Any]:
    asked = sa.select(CONVERSATIONS.c.slots).where(CONVERSATIONS.c.id == conversation)
    try:
        slots = json.loads(connection.execute(asked).scalar() or "{}")
    except ValueError:
        return {}
    return slots if isinstance(slots, dict) else {}
