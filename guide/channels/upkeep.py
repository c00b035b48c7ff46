"""The inbox while a server runs, the same for every channel that has one.

What is worked on stays claimed, what a dead server left is taken up, what is old is dropped. What
was answered while the database could not note it is noted later, for else it would be taken up.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from functools import partial
from typing import Any

from guide.channels.turns import log_failure
from guide.metrics import chat
from guide.store.inbox import LEASE_SECONDS, Event, Inbox

logger = logging.getLogger(__name__)

EVERY_SECONDS = LEASE_SECONDS / 6  # a claim outlives some renewals that fail
PURGE_SECONDS = 3600.0
KEPT_SECONDS = 24 * 3600.0  # platforms send an event again for a day at most
MAX_LATE = 2000
Call = Callable[[Callable[[Inbox], Any]], Awaitable[Any]]


class Late:
    """Answered events that the inbox does not know as done yet, with the reply to be kept there.

    Args:
        channel: whose events.
        call: does something with the inbox, off the event loop.
    """

    def __init__(self, channel: str, call: Call) -> None:
        self._channel = channel
        self._call = call
        self._replies: dict[str, str] = {}
        self._unsure: dict[str, Event] = {}

    def reply(self, event_id: str) -> str | None:
        """The reply to one of them; None where it is none of them."""
        return self._replies.get(event_id)

    def unsure(self, event: Event) -> None:
        """Nobody knows whether the database accepted an event, or will: it is put there before it
        is noted as done, for what comes after that would be open, and answered again."""
        self._unsure[event.event_id] = event

    async def finish(self, event_id: str, reply: str = "") -> None:
        """Note an event as done, now or, where that fails, by `note` later.

        Raises:
            Exception: what `call` raises. The event is one of them then.
        """
        self._replies[event_id] = reply
        while len(self._replies) > MAX_LATE:
            self._forget(next(iter(self._replies)))
        unsure = self._unsure.get(event_id)

        def done(inbox: Inbox) -> None:
            if unsure is not None:
                inbox.accept(unsure)
            inbox.finish(self._channel, event_id, reply)

        await self._call(done)
        self._forget(event_id)

    def _forget(self, event_id: str) -> None:
        self._replies.pop(event_id, None)
        self._unsure.pop(event_id, None)

    async def note(self) -> None:
        """Try all of them; raises what the first one raises that fails."""
        for event_id, reply in tuple(self._replies.items()):
            await self.finish(event_id, reply)


async def keep_up(
    channel: str,
    call: Call,
    working: Callable[[], Collection[str]],
    resume: Callable[[Event], object],
    late: Late,
) -> None:
    """For ever; a round that fails is told in the log, and the next one tries again.

    Args:
        channel: whose events.
        call: does something with the inbox, off the event loop.
        working: the ids of the events that this server works on now.
        resume: begins to work on an event; raises for one that it cannot read.
        late: what this server answered and could not note.
    """
    purge_at, well = 0.0, True
    while True:
        try:
            await call(partial(Inbox.renew, channel=channel, event_ids=tuple(working())))
            await late.note()
            # After an outage other servers come first, to renew what they work on.
            if well:
                await _take_up(channel, call, working, resume)
            if purge_at <= asyncio.get_running_loop().time():
                # Rows of all channels, also of one that is off by now.
                await call(lambda inbox: inbox.purge(KEPT_SECONDS))
                purge_at = asyncio.get_running_loop().time() + PURGE_SECONDS
            well = True
        except Exception as error:  # the database may be back the next time
            if well:  # told once an outage
                logger.warning("%s: the inbox is away: %s", channel, type(error).__name__)
            well = False
        await asyncio.sleep(EVERY_SECONDS)


async def _take_up(
    channel: str,
    call: Call,
    working: Callable[[], Collection[str]],
    resume: Callable[[Event], object],
) -> None:
    for event in await call(lambda inbox: inbox.take_up(channel)):
        if event.event_id in working():
            continue
        chat.count("taken_up", channel)
        try:
            resume(event)
        except Exception as error:  # a row of another version must not come back for ever
            log_failure(channel, error)
            await call(partial(Inbox.finish, channel=channel, event_id=event.event_id))
