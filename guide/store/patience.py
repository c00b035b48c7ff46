"""Calls of the database from an event loop: in threads of their own, and not for ever.

A database that hangs keeps the thread that asked it. Once some hang, further calls fail at once,
so that patients are answered without it, until the driver gives up and a thread is free again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from guide.store.database import PATIENCE_SECONDS

# A little longer than the driver waits for a lock: its error tells for sure that nothing changed.
SECONDS = PATIENCE_SECONDS + 0.5
THREADS, MAX_OVERDUE = 8, 4
T = TypeVar("T")
_THREADS = ThreadPoolExecutor(THREADS, "store")
_overdue: set[Future[Any]] = set()


class Hangs(Exception):
    """So many calls hang that this one was not made."""


async def in_time(work: Callable[[], T], seconds: float | None = None) -> T:
    """The result of a blocking call, within `SECONDS` unless said.

    Raises:
        Hangs, asyncio.TimeoutError: the database is silent; what was begun may still be done.
        Exception: whatever the call raises.
    """
    if len(_overdue) >= MAX_OVERDUE:
        raise Hangs
    future = _THREADS.submit(work)
    try:
        return await asyncio.wait_for(
            asyncio.shield(asyncio.wrap_future(future)), seconds or SECONDS
        )
    except asyncio.TimeoutError:
        if not future.cancel():
            _overdue.add(future)
            future.add_done_callback(_overdue.discard)
        raise
