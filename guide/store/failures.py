"""How often the store failed since this server started. Told on the health page."""

from __future__ import annotations

import logging
import threading

logger = logging.getLogger(__name__)


class _Failures:
    """A count that several threads add to."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.count = 0

    def add(self) -> int:
        with self._lock:
            self.count += 1
            return self.count


_FAILURES = _Failures()


def note(error: BaseException) -> None:
    """Count a failure and log its kind: an error's own words may hold a patient's."""
    logger.error("the store failed: %s, %d since start", type(error).__name__, _FAILURES.add())


def count() -> int:
    """Failures since the start."""
    return _FAILURES.count
