"""One message of a conversation at a time, in the order in which they came, on all servers.

Rasa's own RedisLockStore reads and writes a lock in two steps: two servers that do so at once get
one ticket for both, or lose one (RasaHQ/rasa#9213). It also fails every message while Redis is
away, and keeps the ticket of a server that died. So here a queue of tickets is changed by a script,
which Redis runs as one step, and a ticket lives only while its server renews it.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any
from weakref import WeakValueDictionary

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LockError, LockStore
from redis.asyncio import Redis

from guide.shared import Away, Shared, shared

# A message waits no longer for those before it: four turns with an action and a store that hang.
PATIENCE_SECONDS = 40.0
# What a ticket lives without its server, which outlasts two renewals that fail; what then waits
# for a dead server's ticket waits no longer.
LIFE_SECONDS, RENEW_SECONDS = 5.0, 1.5
LOOK_SECONDS = 0.05

# KEYS: the queue. ARGV: a ticket, milliseconds that it lives. Takes or renews the ticket's place,
# drops dead tickets before it, and says whether it is first.
_LOOK = """
redis.call('SET', KEYS[1] .. ':' .. ARGV[1], 1, 'PX', ARGV[2])
if not redis.call('LPOS', KEYS[1], ARGV[1]) then
  redis.call('RPUSH', KEYS[1], ARGV[1])
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
local first = redis.call('LINDEX', KEYS[1], 0)
while redis.call('EXISTS', KEYS[1] .. ':' .. first) == 0 do
  redis.call('LPOP', KEYS[1])
  first = redis.call('LINDEX', KEYS[1], 0)
end
return first == ARGV[1]
"""


class Locks(LockStore):
    """endpoints.yml: `type: guide.locks.Locks`. Without REDIS_URL it knows this server only."""

    def __init__(self, endpoint_config: Any = None) -> None:
        self._shared = shared()
        self._here: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def lock(
        self, conversation_id: str, lock_lifetime: float = 0, wait_time_in_seconds: float = 0
    ) -> AsyncIterator[TicketLock]:
        """Hold a conversation. Rasa's two numbers are those of its own way to wait.

        Raises:
            LockError: those before it did not end in `PATIENCE_SECONDS`.
        """
        # The order among servers first: whoever holds this server's lock waits for nobody.
        ticket = Ticket(self._shared, conversation_id) if self._shared else None
        here = self._here.setdefault(conversation_id, asyncio.Lock())
        try:
            await _in_time(_reached(ticket, here))
            try:
                yield TicketLock(conversation_id)
            finally:
                here.release()
        finally:
            if ticket:
                await ticket.give_back()


class Ticket:
    """The place of one message in the queue of its conversation, kept while it is worked on."""

    def __init__(self, redis: Shared, conversation: str) -> None:
        self._redis = redis
        self._queue = f"lock:{conversation}"
        self._id = uuid.uuid4().hex
        self._keeping: asyncio.Task[None] | None = None

    async def reach(self) -> None:
        """Wait until it is first, or Redis cannot tell."""
        with suppress(Away):
            while not await self._redis.ask(self._look):
                await asyncio.sleep(LOOK_SECONDS)
        self._keeping = asyncio.ensure_future(self._keep())

    async def give_back(self) -> None:
        """Let the next one go on; what Redis does not hear of ends by itself."""
        if self._keeping is not None:
            self._keeping.cancel()
        with suppress(Away):
            await self._redis.ask(self._drop)

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            with suppress(Away):
                await self._redis.ask(self._look)

    async def _look(self, redis: Redis[Any]) -> bool:
        life = int(LIFE_SECONDS * 1000)
        return bool(await redis.eval(_LOOK, 1, self._queue, self._id, life))

    async def _drop(self, redis: Redis[Any]) -> None:
        async with redis.pipeline(transaction=True) as changes:
            changes.lrem(self._queue, 1, self._id)
            changes.delete(f"{self._queue}:{self._id}")
            await changes.execute()


async def _reached(ticket: Ticket | None, here: asyncio.Lock) -> None:
    if ticket:
        await ticket.reach()
    await here.acquire()


async def _in_time(work: Any) -> None:
    try:
        await asyncio.wait_for(work, PATIENCE_SECONDS)
    except asyncio.TimeoutError:
        # Not with the conversation's id, for Rasa logs it.
        raise LockError("the messages before it did not end in time") from None
