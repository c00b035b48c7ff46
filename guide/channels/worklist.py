"""A platform's events, each worked on once: the inbox, used from an event loop.

The inbox blocks, so it has threads of its own: a database that hangs must not hold up what else
runs in threads.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy.exc import DBAPIError

from guide.channels.turns import log_failure
from guide.channels.upkeep import Late, keep_up
from guide.metrics import chat
from guide.store.database import database_url, engine_of
from guide.store.inbox import Event, Inbox

logger = logging.getLogger(__name__)
THREADS = 4
MAX_REMEMBERED = 1000
CLOSING_SECONDS = 3.0
T = TypeVar("T")


class Worklist:
    """Accepts, finishes and takes up the events of one channel; opens the inbox when needed."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self._inbox: Inbox | None = None
        self._opening = threading.Lock()
        self._threads = ThreadPoolExecutor(THREADS, f"{channel}-inbox")
        self._accepting: dict[str, asyncio.Future[bool]] = {}
        self._working: set[str] = set()
        self._unrecorded: deque[str] = deque(maxlen=MAX_REMEMBERED)
        self._answered: dict[str, int] = {}
        self._late = Late(channel, self._in_thread)

    async def accept(self, event: Event, patience: float | None = None) -> bool:
        """Whether this is the first delivery of an event, which is then committed.

        Args:
            event: the event.
            patience: seconds after which a database that is silent or broken counts as "first",
                for what must not wait; None waits, and raises what the database raises.
        """
        id_ = event.event_id
        if id_ in self._working or id_ in self._unrecorded:
            chat.count("redelivered", self._channel)
            return False
        theirs = self._accepting.get(id_)  # of another delivery at this moment
        accepting = theirs or asyncio.ensure_future(self._is_new(event))
        self._accepting[id_] = accepting
        await asyncio.wait({accepting}, timeout=patience)
        if accepting.done():
            self._accepting.pop(id_, None)
        first = theirs is None
        if patience is not None and (not accepting.done() or accepting.exception()):
            logger.warning("%s: the inbox is late, answering without it", self._channel)
            self._unrecorded.append(id_)
        else:
            first = accepting.result() and first
        if first:
            self._working.add(id_)
        else:
            chat.count("redelivered", self._channel)
        return first

    async def work(
        self,
        event_id: str,
        answer: Awaitable[None],
        again: Callable[[Exception], bool] = lambda _: False,
    ) -> bool:
        """Await the answer to an accepted event and note it as done; a failure is logged.

        A failure that `again` is true of leaves the event to be taken up later: then False.
        """
        try:
            await answer
        except Exception as error:  # a fault of ours must not come back for ever
            log_failure(self._channel, error)
            if again(error):
                self._accepting.pop(event_id, None)
                self._working.discard(event_id)
                return False
        await self.finish(event_id)
        return True

    async def finish(self, event_id: str) -> None:
        """The event is done; a database that cannot note it now is told to the log."""
        try:
            accepting = self._accepting.pop(event_id, None)
            if accepting is not None:  # else its late row would be worked on once more
                await asyncio.wait({accepting})
                accepting.exception()
            await self._late.finish(event_id)
        except Exception as error:  # the answer is given; it is noted later
            logger.error(
                "%s: cannot note an event as done now: %s", self._channel, type(error).__name__
            )
        finally:
            self._working.discard(event_id)
            self._answered.pop(event_id, None)

    def turn_of(self, event_id: str) -> int | None:
        """The stored turn that answered an event before it was taken up; None for a new one."""
        return self._answered.get(event_id)

    async def look_after(self, resume: Callable[[Event], object]) -> None:
        """Keep claims, and take up what nobody works on; `resume` begins with it. For ever."""

        def begin(event: Event) -> None:
            if event.turn is not None:
                self._answered[event.event_id] = event.turn
            resume(event)
            self._working.add(event.event_id)

        await keep_up(self._channel, self._in_thread, lambda: self._working, begin, self._late)

    async def close(self) -> None:
        """End what can be ended soon; the rest stands in the inbox for the next server."""
        end = asyncio.get_running_loop().time() + CLOSING_SECONDS
        while self._working and asyncio.get_running_loop().time() < end:
            await asyncio.sleep(0.02)
        self._threads.shutdown(wait=False)

    async def _is_new(self, event: Event) -> bool:
        return await self._in_thread(lambda inbox: inbox.accept(event)) is None

    async def _in_thread(self, work: Callable[[Inbox], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(
            self._threads, lambda: work(self._opened())
        )

    def _opened(self) -> Inbox:
        with self._opening:
            if self._inbox is None:
                engine = engine_of(database_url())
                try:
                    self._inbox = Inbox(engine)
                except DBAPIError:
                    # Another channel or server made the table in the same moment.
                    self._inbox = Inbox(engine)
            return self._inbox
