"""A write that shows that the database takes one, and how many messages wait there."""

from __future__ import annotations

import time

import sqlalchemy as sa

from guide.settings import server_name
from guide.store.tables import HEARTBEATS, INBOX, make_tables


class Heartbeat:
    """Blocking; callers in an event loop use a thread."""

    def __init__(self, engine: sa.engine.Engine) -> None:
        self._engine = engine
        self._tables = False
        self._server = server_name()

    def beat(self) -> int:
        """Write the time, and count the accepted messages that are not done.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the database takes no write.
        """
        if not self._tables:
            make_tables(self._engine)
            self._tables = True
        mine = HEARTBEATS.c.server == self._server
        waiting = sa.select(sa.func.count()).select_from(INBOX).where(INBOX.c.done.is_(False))
        with self._engine.begin() as connection:
            row = {"server": self._server, "time": time.time()}
            if not connection.execute(HEARTBEATS.update().where(mine).values(**row)).rowcount:
                connection.execute(HEARTBEATS.insert().values(**row))
            return int(connection.execute(waiting).scalar_one())
