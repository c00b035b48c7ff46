"""A platform's events, each worked on once: the inbox, used from an event loop.

The inbox blocks, so it has threads of its own: a database that hangs must not hold up what else
runs in threads.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy.exc import DBAPIError

from guide.store.inbox import Event, Inbox

logger = logging.getLogger(__name__)
THREADS = 4
MAX_REMEMBERED = 1000
T = TypeVar("T")


class Worklist:
    """Accepts, finishes and takes up the events of one channel.

    Args:
        channel: the channel's name.
        open_inbox: makes the inbox; called at the first use and not while routes are built.
    """

    def __init__(self, channel: str, open_inbox: Callable[[], Inbox]) -> None:
        self._channel = channel
        self._open_inbox = open_inbox
        self._inbox: Inbox | None = None
        self._opening = threading.Lock()
        self._threads = ThreadPoolExecutor(THREADS, f"{channel}-inbox")
        self._accepting: dict[str, asyncio.Future[bool]] = {}
        self._working: set[str] = set()
        self._unrecorded: deque[str] = deque(maxlen=MAX_REMEMBERED)

    async def accept(self, event: Event, patience: float | None = None) -> bool:
        """Whether this is the first delivery of an event, which is then committed.

        Args:
            event: the event.
            patience: seconds after which a database that is silent or broken counts as "first",
                for what must not wait; None waits, and raises what the database raises.
        """
        accepting = asyncio.ensure_future(self._in_thread(lambda inbox: inbox.accept(event)))
        answered = asyncio.ensure_future(_is_none(accepting))
        self._accepting[event.event_id] = answered
        await asyncio.wait({answered}, timeout=patience)
        if answered.done():
            self._accepting.pop(event.event_id, None)
        first = event.event_id not in self._unrecorded
        if patience is not None and (not answered.done() or answered.exception()):
            logger.warning("%s: the inbox is late, answering without it", self._channel)
            self._unrecorded.append(event.event_id)
        else:
            first = answered.result() and first
        if first:
            self._working.add(event.event_id)
        return first

    async def finish(self, event_id: str) -> None:
        """The event is done; a database that cannot note it is told to the log."""
        try:
            accepting = self._accepting.pop(event_id, None)
            if accepting is not None:  # else its late row would be worked on once more
                await asyncio.wait({accepting})
                accepting.exception()
            await self._in_thread(lambda inbox: inbox.finish(self._channel, event_id))
        except Exception as error:  # the answer is given; what is left is told
            logger.error(
                "%s: cannot note an event as done: %s", self._channel, type(error).__name__
            )
        finally:
            self._working.discard(event_id)

    def leave(self, event_id: str) -> None:
        """Not done and not worked on any more: `take_up` finds it again."""
        self._accepting.pop(event_id, None)
        self._working.discard(event_id)

    async def take_up(self) -> list[Event]:
        """Unfinished events that nobody works on, claimed; those worked on here stay claimed."""
        events = await self._in_thread(lambda inbox: inbox.take_up(self._channel))
        found = [event for event in events if event.event_id not in self._working]
        self._working |= {event.event_id for event in found}
        return found

    async def _in_thread(self, work: Callable[[Inbox], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(
            self._threads, lambda: work(self._opened())
        )

    def _opened(self) -> Inbox:
        with self._opening:
            if self._inbox is None:
                try:
                    self._inbox = self._open_inbox()
                except DBAPIError:
                    # Another channel or server made the table in the same moment.
                    self._inbox = self._open_inbox()
            return self._inbox


async def _is_none(found: asyncio.Future[Event | None]) -> bool:
    return await found is None
