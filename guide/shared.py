"""The Redis of several servers: locks and limits that they share while it is there.

Nobody waits for it long. While it is away each server goes by what it knows alone, and one call
every `PAUSE_SECONDS` looks whether it is back.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any, TypeVar

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as NotConnected
from redis.exceptions import RedisError

from guide.settings import redis_url

logger = logging.getLogger(__name__)

PATIENCE_SECONDS = 0.8
PAUSE_SECONDS = 2.0
T = TypeVar("T")


class Away(Exception):
    """Redis did not answer, or is not asked now because it did not a moment ago."""


class Shared:
    """Calls of Redis; `failures` counts those that failed since the start.

    Args:
        url: of REDIS_URL.
    """

    def __init__(self, url: str) -> None:
        # Connections from before a restart of Redis are made anew, once.
        once_more = Retry(NoBackoff(), 1)
        self._redis = Redis.from_url(url, retry=once_more, retry_on_error=[NotConnected])
        self._not_before = 0.0
        self._away = False
        self.failures = 0

    async def ask(self, call: Callable[[Redis[Any]], Awaitable[T]]) -> T:
        """What a call gives.

        Raises:
            Away: the caller does without.
        """
        if time.monotonic() < self._not_before:
            raise Away
        if self._away:  # one looks, the others go on without it
            self._not_before = time.monotonic() + PAUSE_SECONDS
        try:
            given = await asyncio.wait_for(call(self._redis), PATIENCE_SECONDS)
        except (RedisError, OSError, asyncio.TimeoutError) as error:
            self._failed(error)
            raise Away from None
        if self._away:
            logger.warning("Redis is back")
            self._away, self._not_before = False, 0.0
        return given

    def _failed(self, error: Exception) -> None:
        self.failures += 1
        self._not_before = time.monotonic() + PAUSE_SECONDS
        if not self._away:  # its words can repeat a key
            logger.error("Redis is away, each server goes by itself: %s", type(error).__name__)
        self._away = True


@lru_cache(maxsize=1)
def shared() -> Shared | None:
    """The same for all of this server; None without REDIS_URL."""
    url = redis_url()
    return Shared(url) if url else None
