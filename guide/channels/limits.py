"""Not too much at once: a token bucket for each conversation or address."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable

MAX_KEPT = 20_000


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
