"""The one database: SQLite beside the guide, or another by its address."""

from __future__ import annotations

import os
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from guide.settings import var_folder


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
    cursor.execute("PRAGMA busy_timeout=5000")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.close()
