"""The web channel's rows in the database, off the event loop, with a database that may fail."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import sqlalchemy as sa

from guide.store import failures
from guide.store.database import database_url, engine_of
from guide.store.erase import erase_now
from guide.store.inbox import Inbox
from guide.store.patience import in_time
from guide.store.revoked import Revoked

PATIENCE_SECONDS = 3.0
T = TypeVar("T")


class DatabaseFailed(Exception):
    """A call failed or took too long; it is counted and logged already."""


class Records:
    """Inbox, revoked sessions and conversations.

    Each call raises DatabaseFailed where it could not be done; the caller decides what that means.
    """

    def __init__(self, url: str | None = None) -> None:
        self._url = url or database_url()
        self._tables: tuple[Inbox, Revoked] | None = None

    async def inbox(self, act: Callable[[Inbox], T]) -> T:
        """Do something with the inbox."""
        return await self._tried(lambda: act(self._open()[0]))

    async def revoked(self, act: Callable[[Revoked], T]) -> T:
        """Do something with the revoked sessions."""
        return await self._tried(lambda: act(self._open()[1]))

    async def conversations(self, act: Callable[[sa.engine.Connection], T]) -> T:
        """Do something with conversations, in one transaction."""

        def transaction() -> T:
            self._open()
            with engine_of(self._url).begin() as connection:
                return act(connection)

        return await self._tried(transaction)

    async def erase(self, conversation: str) -> None:
        """Delete a conversation for good, as its patient asked."""

        def erased() -> None:
            self._open()
            erase_now(engine_of(self._url), conversation, "patient")

        await self._tried(erased)

    def _open(self) -> tuple[Inbox, Revoked]:
        """Not when the server starts: a database that is down then may come back."""
        if self._tables is None:
            engine = engine_of(self._url)
            self._tables = Inbox(engine), Revoked(engine)
        return self._tables

    async def _tried(self, act: Callable[[], T]) -> T:
        try:
            return await in_time(act, PATIENCE_SECONDS)
        except Exception as error:  # whatever the driver raises: a patient is waiting
            failures.note(error)
            raise DatabaseFailed from None
