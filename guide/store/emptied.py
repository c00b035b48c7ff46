"""SQLite's write-ahead log, in which copies of what was deleted stand until it is emptied."""

from __future__ import annotations

import logging
import time

import sqlalchemy as sa

logger = logging.getLogger(__name__)

# A reader holds up the emptying, which holds up writers: short tries, some times.
TRIES, TRY_MILLISECONDS, PAUSE_SECONDS = 5, 100, 0.05


def empty_log(engine: sa.engine.Engine) -> None:
    """Pages are overwritten when freed (`secure_delete`); their old copies in the log go here.

    Where that cannot be now, the next run of retention tries again. PostgreSQL needs none of it.
    """
    if engine.dialect.name != "sqlite":
        return
    try:
        with engine.connect() as connection:
            _empty(connection)
    except sa.exc.SQLAlchemyError as error:
        logger.warning("the database's log is not emptied: %s", type(error).__name__)


def _empty(connection: sa.engine.Connection) -> None:
    patience = connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one()
    connection.exec_driver_sql(f"PRAGMA busy_timeout={TRY_MILLISECONDS}")
    try:
        for _ in range(TRIES):
            busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").first()
            if busy is None or not busy[0]:
                return
            time.sleep(PAUSE_SECONDS)
        logger.warning("the database's log is in use and is emptied the next time")
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={patience}")
