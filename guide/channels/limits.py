"""Not too much at once: a token bucket for each conversation or address."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from redis.asyncio import Redis

from guide.shared import Away, shared

MAX_KEPT = 20_000

# KEYS: when the bucket will be full again, in milliseconds; nothing where it is. ARGV: milliseconds
# until one more, burst. Takes one and gives 0, or the milliseconds to wait.
_TAKE = """
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local full = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now) + ARGV[1]
local wait = full - now - ARGV[1] * ARGV[2]
if wait > 0 then
  return math.ceil(wait)
end
redis.call('SET', KEYS[1], full, 'PX', math.ceil(full - now))
return 0
"""


class RateLimit:
    """At most `burst` at once, refilled at `per_minute`; full buckets are forgotten.

    Args:
        burst: messages that may come together.
        per_minute: messages a minute in the long run.
        now: seconds, for tests.
    """

    def __init__(
        self, burst: int, per_minute: float, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._burst = burst
        self._rate = per_minute / 60
        self._now = now
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    async def take(self, key: str) -> int:
        """0 where one more is allowed now, which is then taken; else whole seconds to wait."""
        return 0 if self.allows(key) else self.wait(key)

    def allows(self, key: str) -> bool:
        """Whether one more is allowed now, which is then taken."""
        left = self._left(key)
        allowed = left >= 1
        self._buckets[key] = (left - 1 if allowed else left, self._now())
        self._buckets.move_to_end(key)
        while len(self._buckets) > MAX_KEPT:
            self._buckets.popitem(last=False)
        return allowed

    def wait(self, key: str) -> int:
        """Whole seconds until one more is allowed, at least 1."""
        return max(1, math.ceil((1 - self._left(key)) / self._rate))

    def _left(self, key: str) -> float:
        now = self._now()
        left, since = self._buckets.get(key, (float(self._burst), now))
        # Rounded, so that what adds up to one in small steps is one.
        return min(self._burst, round(left + (now - since) * self._rate, 6))


class SharedLimit(RateLimit):
    """A limit for all servers together; each by itself without Redis, or while it is away.

    Args:
        name: of the limit among those of a server.
        burst, per_minute: as of `RateLimit`.
    """

    def __init__(self, name: str, burst: int, per_minute: float) -> None:
        super().__init__(burst, per_minute)
        self._name = name
        self._shared = shared()

    async def take(self, key: str) -> int:
        """As that of `RateLimit`."""
        if self._shared is not None:
            with suppress(Away):
                return math.ceil(await self._shared.ask(lambda redis: self._taken(redis, key)))
        return await super().take(key)

    async def _taken(self, redis: Redis[Any], key: str) -> float:
        """Seconds to wait, 0.0 when one was taken."""
        every = round(1000 / self._rate)
        bucket = f"limit:{self._name}:{key}"
        return float(await redis.eval(_TAKE, 1, bucket, every, self._burst)) / 1000
