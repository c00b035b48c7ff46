"""What stands in the inbox of a test's database."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import sqlalchemy as sa

from guide.store.database import database_url, engine_of
from guide.store.inbox import LEASE_SECONDS


def rows() -> list[Any]:
    with engine_of(database_url()).connect() as connection:
        return connection.execute(sa.text("SELECT * FROM inbox")).all()


def make_stale() -> None:
    """As if the worker had died long ago."""
    with engine_of(database_url()).begin() as connection:
        connection.execute(sa.text(f"UPDATE inbox SET claimed = claimed - {LEASE_SECONDS + 1}"))


async def finished(number: int) -> None:
    """Until so many events are done, and nothing of their text is left."""
    end = time.monotonic() + 10
    while len([row for row in rows() if row.done]) < number:
        assert time.monotonic() < end, rows()
        await asyncio.sleep(0.02)
    assert {row.body for row in rows() if row.done} == {""}
