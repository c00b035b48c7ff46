"""The one database: SQLite beside the guide, or another by its address."""

from __future__ import annotations

import os
import sqlite3
import time
from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from guide.settings import SettingError, var_folder

PATIENCE_SECONDS = 5.0
_SETTINGS: dict[str, dict[str, Any]] = {
    # Of the driver: seconds to connect, milliseconds until what was sent must be acknowledged.
    "postgresql": {"connect_args": {"connect_timeout": 5, "tcp_user_timeout": 10_000}},
    "sqlite": {"poolclass": sa.pool.QueuePool, "connect_args": {"check_same_thread": False}},
}


def database_url() -> str:
    """DATABASE_URL, by default a SQLite file in the folder GUIDE_VAR."""
    return os.environ.get("DATABASE_URL") or f"sqlite:///{var_folder() / 'guide.db'}"


@lru_cache(maxsize=4)
def engine_of(url: str) -> sa.engine.Engine:
    """An engine that never prints parameters, for they can be patients' words.

    Both kinds wait five seconds for a lock. SQLite gets a write-ahead log, so that readers never
    wait, overwrites what is deleted, which not every build of it does unasked, and keeps its
    connections: opening one costs more than a turn's whole writing. PostgreSQL is given up on when
    it is silent.

    Raises:
        SettingError: the address is of no database that the guide can use.
    """
    try:
        address = sa.engine.make_url(url)
        kind = address.get_backend_name()
        settings = _SETTINGS[kind]
        engine = sa.create_engine(url, hide_parameters=True, pool_pre_ping=True, **settings)
        sa.event.listen(engine, "connect", _CONNECTED[kind])
        if kind == "sqlite":
            _forget_replaced_files(engine, address.database or "")
    except (sa.exc.ArgumentError, sa.exc.NoSuchModuleError, ImportError, KeyError):
        raise SettingError("DATABASE_URL must be sqlite:///... or postgresql://...") from None
    return engine


def _forget_replaced_files(engine: sa.engine.Engine, path: str) -> None:
    """A kept connection would go on writing into a file that was deleted or restored over."""

    def remember(_: Any, record: Any) -> None:
        record.info["file"] = _file(path)

    def compare(_: Any, record: Any, __: Any) -> None:
        if record.info.get("file") != _file(path):
            raise sa.exc.DisconnectionError  # the pool opens another

    sa.event.listen(engine, "connect", remember)
    sa.event.listen(engine, "checkout", compare)


def _file(path: str) -> tuple[int, int] | None:
    try:
        found = Path(path).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _lock_timeout(connection: Any, _: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = {PATIENCE_SECONDS * 1000:.0f}")
    connection.commit()


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


_CONNECTED = {"sqlite": _pragmas, "postgresql": _lock_timeout}
