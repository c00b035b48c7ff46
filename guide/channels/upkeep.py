"""The inbox while a server runs, the same for every channel that has one.

What is worked on stays claimed, what a dead server left is taken up, what is old is dropped.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from functools import partial
from typing import Any

from guide.channels.turns import log_failure
from guide.metrics import chat
from guide.store.inbox import LEASE_SECONDS, Event, Inbox

EVERY_SECONDS = LEASE_SECONDS / 3  # a claim outlives two renewals that fail
PURGE_SECONDS = 3600.0
KEPT_SECONDS = 24 * 3600.0  # platforms send an event again for a day at most
Call = Callable[[Callable[[Inbox], Any]], Awaitable[Any]]


async def keep_up(
    channel: str,
    call: Call,
    working: Callable[[], Collection[str]],
    resume: Callable[[Event], object],
) -> None:
    """For ever; what fails is logged and tried again in the next round.

    Args:
        channel: whose events.
        call: does something with the inbox, off the event loop.
        working: the ids of the events that this server works on now.
        resume: begins to work on an event; raises for one that it cannot read.
    """
    purge_at = 0.0
    while True:
        try:
            await _round(channel, call, working, resume)
            if purge_at <= asyncio.get_running_loop().time():
                # Rows of all channels, also of one that is off by now.
                await call(lambda inbox: inbox.purge(KEPT_SECONDS))
                purge_at = asyncio.get_running_loop().time() + PURGE_SECONDS
        except Exception as error:  # the database may be back the next time
            log_failure(channel, error)
        await asyncio.sleep(EVERY_SECONDS)


async def _round(
    channel: str,
    call: Call,
    working: Callable[[], Collection[str]],
    resume: Callable[[Event], object],
) -> None:
    ids = tuple(working())
    await call(lambda inbox: inbox.renew(channel, ids))
    for event in await call(lambda inbox: inbox.take_up(channel)):
        if event.event_id in working():
            continue
        chat.count("taken_up", channel)
        try:
            resume(event)
        except Exception as error:  # a row of another version must not come back for ever
            log_failure(channel, error)
            await call(partial(Inbox.finish, channel=channel, event_id=event.event_id))
