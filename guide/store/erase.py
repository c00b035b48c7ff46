"""Erasing: a conversation goes for good, and a turn that began before cannot bring it back."""

from __future__ import annotations

import time

import sqlalchemy as sa

from guide.store.emptied import empty_log
from guide.store.hold import hold, times_erased
from guide.store.removed import Removed, note
from guide.store.tables import CONVERSATIONS, EVENTS, INBOX, TOMBSTONES, TURNS


def erase(
    connection: sa.engine.Connection, conversation: str, kind: str, asked_by: str = ""
) -> Removed:
    """Delete a conversation in the caller's transaction, which must begin with it; what went.

    What staff noted about it goes too. A tombstone stays, and a row in `removals`.

    Args:
        kind: who wanted it: "patient", "staff" or "sample".
        asked_by: the id of the patient's message that asked for it.
    """
    began, now = time.monotonic(), time.time()
    hold(connection, conversation, now)
    times = times_erased(connection, conversation) + 1
    tombstone = {"conversation": conversation, "times": times, "erased": now}
    connection.execute(TOMBSTONES.delete().where(TOMBSTONES.c.conversation == conversation))
    connection.execute(TOMBSTONES.insert().values(**tombstone))
    counted = sa.select(sa.func.count()).where(TURNS.c.conversation == conversation)
    turns = int(connection.execute(counted).scalar() or 0)
    events = connection.execute(EVENTS.delete().where(EVENTS.c.sender_id == conversation)).rowcount
    connection.execute(CONVERSATIONS.delete().where(CONVERSATIONS.c.id == conversation))
    _empty_messages(connection, conversation, asked_by)
    removed = Removed(int(bool(turns or events)), turns, events)
    note(connection, kind, removed, time.monotonic() - began)
    return removed


def erase_now(engine: sa.engine.Engine, conversation: str, kind: str) -> Removed:
    """`erase` in a transaction of its own, and out of the database's log, too."""
    with engine.begin() as connection:
        removed = erase(connection, conversation, kind)
    empty_log(engine)
    return removed


def _empty_messages(connection: sa.engine.Connection, conversation: str, asked_by: str) -> None:
    """Of accepted messages nothing stays but that they came, so that none is answered again.

    The message that asked stays as it is, for its reply is still to be given, and so does what
    came after it.
    """
    whole = INBOX.c.conversation == conversation
    asking = sa.select(INBOX.c.received).where(whole, INBOX.c.event_id == asked_by)
    asked = connection.execute(asking).scalar()
    empty = INBOX.update().where(whole)
    if asked is not None:
        empty = empty.where(INBOX.c.event_id != asked_by, INBOX.c.received <= asked)
    gone = {"conversation": "", "done": True, "body": "", "reply": "", "turn": None}
    connection.execute(empty.values(**gone))
