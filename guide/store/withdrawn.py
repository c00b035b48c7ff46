"""Answers that staff withdrew: the doctor line stands in their place."""

from __future__ import annotations

import logging
import threading
from functools import lru_cache

import sqlalchemy as sa

from guide.store.database import database_url, engine_of
from guide.store.tables import WITHDRAWN, make_tables

logger = logging.getLogger(__name__)

EVERY_SECONDS = 20.0
# What a server that starts waits for the first look; a database that is away must not keep it.
FIRST_SECONDS = 5.0


class Withdrawn:
    """The set as of at most `EVERY_SECONDS` ago, looked up by a thread of its own.

    Nobody waits for the database and nothing is raised: while it is away the last set stays.
    """

    def __init__(self, engine: sa.engine.Engine, every: float = EVERY_SECONDS) -> None:
        self._engine = engine
        self._every = every
        self._known: frozenset[str] = frozenset()
        self._away = False
        self._tables = False
        self._looked = threading.Event()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look_again, name="withdrawn", daemon=True)

    def start(self) -> Withdrawn:
        """Begin to look, and wait for the first look where the database is there."""
        if not self._thread.is_alive():
            self._thread.start()
        self._looked.wait(FIRST_SECONDS)
        return self

    def current(self) -> frozenset[str]:
        """Ids of answers."""
        return self._known

    def close(self) -> None:
        """Look no more."""
        self._ended.set()

    def _look_again(self) -> None:
        while not self._ended.is_set():
            self._look()
            self._looked.set()
            self._ended.wait(self._every)

    def _look(self) -> None:
        try:
            if not self._tables:
                make_tables(self._engine)
                self._tables = True
            with self._engine.connect() as connection:
                ids = connection.execute(sa.select(WITHDRAWN.c.answer)).scalars().all()
        except Exception as error:  # whatever the driver raises: the last set stays
            if not self._away:
                logger.error("withdrawn answers cannot be looked up: %s", type(error).__name__)
            self._away = True
            return
        self._away = False
        self._known = frozenset(ids)


@lru_cache(maxsize=1)
def _of(url: str) -> Withdrawn:
    return Withdrawn(engine_of(url)).start()


def current() -> frozenset[str]:
    """The withdrawn answers of the guide's database; the first call waits for the first look."""
    return _of(database_url()).current()
