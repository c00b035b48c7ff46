"""The one database: SQLite beside the guide, or another by its address."""

from __future__ import annotations

import os
import sqlite3
import time
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from guide.settings import var_folder

PATIENCE_SECONDS = 5.0


def database_url() -> str:
    """DATABASE_URL, by default a SQLite file in the folder GUIDE_VAR."""
    return os.environ.get("DATABASE_URL") or f"sqlite:///{var_folder() / 'guide.db'}"


@lru_cache(maxsize=4)
def engine_of(url: str) -> sa.engine.Engine:
    """An engine that never prints parameters, for they can be patients' words.

    SQLite gets five seconds of patience, a write-ahead log, so that readers never wait, and
    overwrites what is deleted, which not every build of it does unasked.
    """
    engine = sa.create_engine(url, hide_parameters=True, pool_pre_ping=True)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _pragmas)
    return engine


def _pragmas(connection: Any, _: object) -> None:
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={PATIENCE_SECONDS * 1000:.0f}")
    _write_ahead(cursor)
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _write_ahead(cursor: Any) -> None:
    """The one step that SQLite does not wait for while another server makes the same file."""
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
