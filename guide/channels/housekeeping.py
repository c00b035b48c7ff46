"""What a chat server does beside talking: retention every hour, the end when there is a release."""

from __future__ import annotations

import asyncio
import logging
import threading
import time

import sqlalchemy as sa

from guide import live, rollout
from guide.store.retention import DAY, purge
from guide.store.tables import make_tables

logger = logging.getLogger(__name__)

EVERY_SECONDS = 3600.0


class Housekeeping:
    """Begins and ends with the server.

    Args:
        engine: of the database.
        days: for how many days conversations are kept.
    """

    def __init__(self, engine: sa.engine.Engine, days: int) -> None:
        self._engine = engine
        self._days = days
        self._ending = threading.Event()
        self._live: threading.Event | None = None
        self._cleaning: asyncio.Task[None] | None = None

    @property
    def ends(self) -> bool:
        """Whether the server is about to end."""
        return self._ending.is_set()

    def start(self) -> None:
        """In the event loop."""
        rollout.give_back()
        self._live = live.watch(may=rollout.take)
        self._cleaning = asyncio.ensure_future(self._clean())

    async def stop(self) -> None:
        """A retention that runs ends after its batch; what is left goes the next time."""
        self._ending.set()
        if self._live is not None:
            self._live.set()
        if self._cleaning is not None:
            self._cleaning.cancel()

    async def _clean(self) -> None:
        while True:
            await asyncio.to_thread(self._purge)
            await asyncio.sleep(EVERY_SECONDS)

    def _purge(self) -> None:
        try:
            make_tables(self._engine)
            before = time.time() - self._days * DAY
            removed = purge(self._engine, before, go_on=lambda: not self._ending.is_set())
        except Exception as error:  # whatever the driver raises; the next hour may be better
            logger.error("retention failed: %s", type(error).__name__)
            return
        if removed:
            logger.warning(
                "retention removed %d conversations, %d turns, %d events",
                removed.conversations, removed.turns, removed.events,
            )  # fmt: skip
