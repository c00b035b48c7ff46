"""The web channel's rows in the database, off the event loop, with a database that may fail."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import TypeVar

from guide.store.database import database_url, engine_of
from guide.store.inbox import Inbox
from guide.store.revoked import Revoked

logger = logging.getLogger(__name__)

PATIENCE_SECONDS = 3.0
T = TypeVar("T")


class DatabaseFailed(Exception):
    """A call failed or took too long; it is logged already."""


class Records:
    """Inbox and revoked sessions. Failures are counted and logged by their kind, without text."""

    def __init__(self, url: str | None = None) -> None:
        self._url = url or database_url()
        self._tables: tuple[Inbox, Revoked] | None = None
        self.failures = 0

    async def inbox(self, act: Callable[[Inbox], T]) -> T:
        """Do something with the inbox.

        Raises:
            DatabaseFailed: it could not be done; the caller decides what that means.
        """
        return await self._tried(lambda: act(self._open()[0]))

    async def revoked(self, act: Callable[[Revoked], T]) -> T:
        """Do something with the revoked sessions.

        Raises:
            DatabaseFailed: as `inbox`.
        """
        return await self._tried(lambda: act(self._open()[1]))

    def _open(self) -> tuple[Inbox, Revoked]:
        """Not when the server starts: a database that is down then may come back."""
        if self._tables is None:
            engine = engine_of(self._url)
            self._tables = Inbox(engine), Revoked(engine)
        return self._tables

    async def _tried(self, act: Callable[[], T]) -> T:
        try:
            return await asyncio.wait_for(asyncio.to_thread(act), PATIENCE_SECONDS)
        except Exception as error:  # whatever the driver raises: a patient is waiting
            self.failures += 1
            kind = type(error).__name__
            logger.error("database failed: %s, failure %d since start", kind, self.failures)
            raise DatabaseFailed from None
