"""Sessions that their patients ended before their time."""

from __future__ import annotations

import time
from collections.abc import Callable

import sqlalchemy as sa

_TABLE = sa.Table(
    "revoked_sessions",
    sa.MetaData(),
    sa.Column("session", sa.String(64), primary_key=True),
    sa.Column("until", sa.Float, nullable=False, index=True),
)


class Revoked:
    """Blocking calls on one table; callers in an event loop use a thread."""

    def __init__(self, engine: sa.engine.Engine, now: Callable[[], float] = time.time) -> None:
        self._engine = engine
        self._now = now
        _TABLE.metadata.create_all(engine)

    def add(self, session: str, until: float) -> None:
        """Revoke a session; `until` is when it would have ended (seconds since 1970).

        Rows whose session has ended by itself go at the same time.
        """
        with self._engine.begin() as connection:
            connection.execute(_TABLE.delete().where(_TABLE.c.until < self._now()))
            connection.execute(_TABLE.delete().where(_TABLE.c.session == session))
            connection.execute(_TABLE.insert().values(session=session, until=until))

    def holds(self, session: str) -> bool:
        """Whether a session was revoked."""
        with self._engine.connect() as connection:
            found = connection.execute(_TABLE.select().where(_TABLE.c.session == session)).first()
        return found is not None
