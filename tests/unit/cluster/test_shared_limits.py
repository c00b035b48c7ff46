"""A limit counts the messages at all servers together."""

from __future__ import annotations

import asyncio

import pytest

from guide.channels import limits
from guide.channels.limits import SharedLimit
from guide.cluster.front import Redis
from guide.settings import SettingError, redis_url
from guide.shared import Shared


def servers(
    monkeypatch: pytest.MonkeyPatch, url: str, burst: int, per_minute: float
) -> list[SharedLimit]:
    """The same limit at two servers."""
    made = []
    for _ in range(2):
        monkeypatch.setattr(limits, "shared", lambda: Shared(url) if url else None)
        made.append(SharedLimit("test", burst, per_minute))
    return made


def takes(*asked: tuple[SharedLimit, str]) -> list[bool]:
    """Whether each was allowed, one after the other."""

    async def scenario() -> list[bool]:
        return [await limit.take(key) == 0 for limit, key in asked]

    return asyncio.run(scenario())


def test_two_servers_allow_no_more_than_one(
    monkeypatch: pytest.MonkeyPatch, redis_server: Redis
) -> None:
    one, two = servers(monkeypatch, redis_server.address, 3, 0.5)
    asked = [(one, "ann"), (two, "ann"), (one, "ann"), (two, "ann"), (one, "ann"), (two, "bob")]
    assert takes(*asked) == [True, True, True, False, False, True]


def test_who_is_over_it_is_told_for_how_long_and_may_go_on_then(
    monkeypatch: pytest.MonkeyPatch, redis_server: Redis
) -> None:
    one, two = servers(monkeypatch, redis_server.address, 1, 60)

    async def scenario() -> None:
        assert await one.take("ann") == 0
        assert await two.take("ann") == 1
        await asyncio.sleep(1.05)
        assert await two.take("ann") == 0

    asyncio.run(scenario())


def test_the_wait_is_that_of_the_limit(
    monkeypatch: pytest.MonkeyPatch, redis_server: Redis
) -> None:
    one, two = servers(monkeypatch, redis_server.address, 1, 0.5)

    async def scenario() -> None:
        assert await one.take("ann") == 0
        assert 110 < await two.take("ann") <= 120

    asyncio.run(scenario())


def test_what_is_full_again_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, redis_server: Redis
) -> None:
    one, _ = servers(monkeypatch, redis_server.address, 5, 60_000)

    async def scenario() -> list[bytes]:
        assert await one.take("ann") == 0
        await asyncio.sleep(0.1)
        return list(await Shared(redis_server.address).ask(lambda redis: redis.keys("*")))

    assert asyncio.run(scenario()) == []


def test_while_redis_is_away_each_server_counts_for_itself(
    monkeypatch: pytest.MonkeyPatch, redis_server: Redis
) -> None:
    one, two = servers(monkeypatch, redis_server.address, 1, 0.5)
    redis_server.stop()
    assert takes((one, "ann"), (one, "ann"), (two, "ann"), (two, "ann")) == [
        True, False, True, False,
    ]  # fmt: skip


@pytest.mark.parametrize("url", ["localhost:6379", "http://one.two", "ann:secret@host", " "])
def test_an_address_of_no_redis_is_told_without_it(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("REDIS_URL", url)
    with pytest.raises(SettingError) as failure:
        redis_url()
    assert "REDIS_URL must be redis://" in str(failure.value)
    assert url.strip() == "" or f" {url}" not in str(failure.value)
