"""One writer of a conversation at a time, whatever other servers do."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from guide.store.tables import CONVERSATIONS, TOMBSTONES

_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
MAX_CHANNEL = 20


def hold(connection: sa.engine.Connection, conversation: str, now: float) -> sa.engine.Row:
    """The row of a conversation, made where there is none, locked until the transaction ends.

    It must be the first thing of the transaction: SQLite takes its lock at the first write, and
    waits for it only then.
    """
    channel = conversation.partition(":")[0] if ":" in conversation else ""
    row = {"id": conversation, "channel": channel[:MAX_CHANNEL], "started": now, "last": now}
    insert = _INSERT[connection.dialect.name](CONVERSATIONS).values(**row)
    mine = CONVERSATIONS.select().where(CONVERSATIONS.c.id == conversation).with_for_update()
    while True:
        connection.execute(insert.on_conflict_do_nothing())
        found = connection.execute(mine).first()
        if found is not None:  # else another server erased it in the same moment
            return found


def times_erased(connection: sa.engine.Connection, conversation: str) -> int:
    """How often a conversation was erased, as far as it is remembered."""
    asked = sa.select(TOMBSTONES.c.times).where(TOMBSTONES.c.conversation == conversation)
    return int(connection.execute(asked).scalar() or 0)
