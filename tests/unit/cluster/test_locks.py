"""One message of a conversation at a time, on all servers, whatever becomes of Redis."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

import pytest
from rasa.core.lock_store import LockError
from rasa.utils.endpoints import EndpointConfig

from guide import locks, shared
from guide.cluster.front import Redis
from guide.locks import Locks
from guide.settings import ROOT
from guide.shared import Shared

HERE = "web:1"


class Servers:
    """Several servers of one Redis; `order` is what they worked on, `at_once` the most together."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, url: str, count: int = 2) -> None:
        self.locks = []
        for _ in range(count):
            monkeypatch.setattr(locks, "shared", lambda: Shared(url) if url else None)
            self.locks.append(Locks())
        self.order: list[str] = []
        self.at_once = 0
        self._now = 0

    async def work(self, server: int, name: str, conversation: str = HERE) -> None:
        async with self.locks[server].lock(conversation):
            self._now += 1
            self.at_once = max(self.at_once, self._now)
            self.order.append(name)
            await asyncio.sleep(0.02)
            self._now -= 1


def play(scenario: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(scenario(), 60))


def test_rasa_takes_it_from_the_endpoints() -> None:
    from rasa.core.lock_store import LockStore
    from rasa.core.utils import AvailableEndpoints

    told = AvailableEndpoints.read_endpoints(str(ROOT / "endpoints.yml")).lock_store
    assert isinstance(told, EndpointConfig)
    assert isinstance(LockStore.create(told), Locks)


@pytest.mark.parametrize("count", [1, 2])
def test_one_at_a_time_in_the_order_in_which_they_came(
    monkeypatch: pytest.MonkeyPatch, redis_server: Redis, count: int
) -> None:
    servers = Servers(monkeypatch, redis_server.address, count)

    async def scenario() -> None:
        working = []
        for number in range(20):
            working.append(asyncio.ensure_future(servers.work(number % count, str(number))))
            await asyncio.sleep(0.01)  # so that each is asked before the next
        await asyncio.gather(*working)

    play(scenario)
    assert servers.order == [str(number) for number in range(20)]
    assert servers.at_once == 1


def test_two_servers_that_ask_at_once_get_two_turns(
    monkeypatch: pytest.MonkeyPatch, redis_server: Redis
) -> None:
    """Rasa's own lock gives both one ticket, or loses one."""
    servers = Servers(monkeypatch, redis_server.address, 4)

    async def scenario() -> None:
        for _ in range(5):
            await asyncio.gather(*(servers.work(server, "x") for server in range(4)))

    play(scenario)
    assert (len(servers.order), servers.at_once) == (20, 1)


def test_other_conversations_do_not_wait(
    monkeypatch: pytest.MonkeyPatch, redis_server: Redis
) -> None:
    servers = Servers(monkeypatch, redis_server.address)

    async def scenario() -> None:
        await asyncio.gather(*(servers.work(n % 2, "x", f"web:{n}") for n in range(10)))

    play(scenario)
    assert servers.at_once > 1


def test_without_redis_a_server_keeps_order_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    servers = Servers(monkeypatch, "", 1)

    async def scenario() -> None:
        await asyncio.gather(*(servers.work(0, str(number)) for number in range(9)))

    play(scenario)
    assert (servers.order, servers.at_once) == ([str(number) for number in range(9)], 1)


def test_while_redis_is_away_patients_are_answered_and_it_is_told_once(
    monkeypatch: pytest.MonkeyPatch, redis_server: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(shared, "PAUSE_SECONDS", 0.1)
    caplog.set_level(logging.INFO)
    servers = Servers(monkeypatch, redis_server.address, 1)

    async def scenario() -> None:
        await servers.work(0, "before")
        redis_server.stop()
        for number in range(3):
            await servers.work(0, f"without {number}")
            await asyncio.sleep(0.15)
        await asyncio.gather(servers.work(0, "at once"), servers.work(0, "at once"))
        redis_server.start()
        await asyncio.to_thread(redis_server.wait, redis_server.answers)
        await asyncio.sleep(0.2)
        await servers.work(0, "after")

    play(scenario)
    assert (len(servers.order), servers.at_once) == (7, 1)
    said = [record.getMessage() for record in caplog.records if record.name == "guide.shared"]
    assert said == ["Redis is away, each server goes by itself: ConnectionError", "Redis is back"]
    assert HERE not in caplog.text


def test_a_redis_that_goes_in_the_middle_of_a_turn_breaks_nothing(
    monkeypatch: pytest.MonkeyPatch, redis_server: Redis
) -> None:
    servers = Servers(monkeypatch, redis_server.address, 1)

    async def scenario() -> None:
        async with servers.locks[0].lock(HERE):
            redis_server.end_all()
            waiting = asyncio.ensure_future(servers.work(0, "second"))
            await asyncio.sleep(0.3)
            assert servers.order == []  # the first one goes on alone
        await waiting

    play(scenario)
    assert servers.order == ["second"]


def test_the_ticket_of_a_dead_server_ends_and_that_of_a_slow_one_does_not(
    monkeypatch: pytest.MonkeyPatch, redis_server: Redis
) -> None:
    monkeypatch.setattr(locks, "LIFE_SECONDS", 0.6)
    monkeypatch.setattr(locks, "RENEW_SECONDS", 0.1)
    servers = Servers(monkeypatch, redis_server.address)

    async def scenario() -> None:
        async with servers.locks[0].lock(HERE):
            waiting = asyncio.ensure_future(servers.work(1, "after the slow one"))
            await asyncio.sleep(1.5)
            assert servers.order == []
        await waiting
        # As a server leaves it that was killed: nobody renews, nobody gives back.
        dead = Shared(redis_server.address)
        await dead.ask(locks.Ticket(dead, HERE)._look)
        await servers.work(1, "after the dead one")

    play(scenario)
    assert servers.order == ["after the slow one", "after the dead one"]


def test_nobody_waits_for_ever(monkeypatch: pytest.MonkeyPatch, redis_server: Redis) -> None:
    monkeypatch.setattr(locks, "PATIENCE_SECONDS", 0.3)
    servers = Servers(monkeypatch, redis_server.address)

    async def scenario() -> None:
        async with servers.locks[0].lock(HERE):
            for server in (0, 1):
                with pytest.raises(LockError) as failure:
                    await servers.work(server, "late")
                assert HERE not in str(failure.value)
        await servers.work(1, "free again")

    play(scenario)
    assert servers.order == ["free again"]


def test_redis_keeps_nothing_of_a_conversation_that_is_over(
    monkeypatch: pytest.MonkeyPatch, redis_server: Redis
) -> None:
    servers = Servers(monkeypatch, redis_server.address)
    there: list[bytes] = []

    async def scenario() -> None:
        await asyncio.gather(servers.work(0, "x"), servers.work(1, "y"))
        there.extend(await Shared(redis_server.address).ask(lambda redis: redis.keys("*")))

    play(scenario)
    assert there == []


def test_a_silent_redis_is_not_waited_for_twice(
    monkeypatch: pytest.MonkeyPatch, redis_server: Redis
) -> None:
    monkeypatch.setattr(shared, "PATIENCE_SECONDS", 0.3)
    redis = Shared(redis_server.address)

    async def hang(_: object) -> None:
        await asyncio.sleep(60)

    async def scenario() -> None:
        for _ in range(5):
            with pytest.raises(shared.Away):
                await redis.ask(hang)

    play(scenario)
    assert redis.failures == 1  # the other four did not ask
