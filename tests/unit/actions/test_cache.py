"""Who waits, for how long, and what the registry is spared."""

from __future__ import annotations

import asyncio
import json
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from actions.registry.cache import Listing
from tests.standins.registry import Registry
from tests.unit.actions.conftest import MakeCache


def lists(registry: Registry) -> int:
    """How many lists were begun: requests for a first page."""
    return sum(
        path.endswith("/studies") and "pageToken" not in query for path, query in registry.requests
    )


class Clock:
    """Time that moves when told to."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def monotonic(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return datetime(2026, 8, 22, tzinfo=timezone.utc) + timedelta(seconds=self.seconds)


def test_all_waiting_patients_share_one_fetch(make_cache: MakeCache, registry: Registry) -> None:
    registry.mode, registry.delay_s = "slow", 0.1
    cache = make_cache(page_size=200)

    async def crowd() -> list[Listing]:
        return await asyncio.gather(*(cache.listing() for _ in range(20)))

    assert all(listing.studies for listing in asyncio.run(crowd()))
    assert lists(registry) == 1


def test_a_hung_registry_delays_nobody_beyond_the_deadline(
    make_cache: MakeCache, registry: Registry
) -> None:
    registry.mode = "hang"
    cache = make_cache(wait_s=0.3)

    async def patient() -> float:
        started = time.monotonic()
        assert (await cache.listing()).studies is None
        return time.monotonic() - started

    async def two() -> list[float]:
        first = asyncio.create_task(patient())
        await asyncio.sleep(0.1)
        return list(await asyncio.gather(first, patient()))

    assert max(asyncio.run(two())) < 0.6


def test_an_old_list_is_handed_out_at_once(make_cache: MakeCache, registry: Registry) -> None:
    cache = make_cache(ttl_hours=0)

    async def visit() -> float:
        await cache.listing()
        registry.mode = "hang"
        started = time.monotonic()
        assert (await cache.listing()).studies
        return time.monotonic() - started

    assert asyncio.run(visit()) < 0.1


def test_other_work_goes_on_while_the_registry_is_slow(
    make_cache: MakeCache, registry: Registry
) -> None:
    registry.mode, registry.delay_s = "slow", 0.4
    cache = make_cache(page_size=200)

    async def both() -> float:
        waiting = asyncio.create_task(cache.listing())
        started = time.monotonic()
        await asyncio.sleep(0.01)
        passed = time.monotonic() - started
        await waiting
        return passed

    assert asyncio.run(both()) < 0.2


def test_an_old_list_is_renewed_behind_the_patient(
    make_cache: MakeCache, registry: Registry
) -> None:
    clock = Clock()
    cache = make_cache(now=clock.now, monotonic=clock.monotonic)

    async def visits() -> tuple[Listing, Listing]:
        await cache.listing()
        registry.studies.pop(0)
        clock.seconds += 7 * 3600
        old = await cache.listing()
        await asyncio.sleep(0.5)
        return old, await cache.listing()

    old, new = asyncio.run(visits())
    assert old.studies
    assert new.studies
    assert len(new.studies) == len(old.studies) - 1
    assert not old.failing
    assert lists(registry) == 2


def test_a_fresh_list_asks_nothing(make_cache: MakeCache, registry: Registry) -> None:
    cache = make_cache()
    asyncio.run(cache.listing())
    asyncio.run(cache.listing())
    assert lists(registry) == 1


@pytest.mark.parametrize(
    ("mode", "peace_s"), [("server_error", 60), ("forbidden", 60), ("rate_limited", 120)]
)
def test_a_failed_registry_is_left_in_peace(
    make_cache: MakeCache, registry: Registry, mode: str, peace_s: float
) -> None:
    registry.mode = mode
    clock = Clock()
    cache = make_cache(now=clock.now, monotonic=clock.monotonic)
    asyncio.run(cache.listing())
    clock.seconds += peace_s - 1
    asyncio.run(cache.listing())
    assert lists(registry) == 1
    clock.seconds += 2
    registry.mode = "ok"
    assert asyncio.run(cache.listing()).studies
    assert lists(registry) == 2


def test_an_absurd_retry_after_does_not_silence_us_for_ever(
    make_cache: MakeCache, registry: Registry
) -> None:
    registry.mode, registry.retry_after = "rate_limited", "99999999"
    clock = Clock()
    cache = make_cache(now=clock.now, monotonic=clock.monotonic)
    asyncio.run(cache.listing())
    registry.mode = "ok"
    clock.seconds += 86_401
    assert asyncio.run(cache.listing()).studies


def test_a_list_that_arrives_after_the_patient_left_serves_the_next(
    make_cache: MakeCache, registry: Registry
) -> None:
    registry.mode, registry.delay_s = "slow", 0.3
    cache = make_cache(wait_s=0.05, page_size=200)

    async def visits() -> tuple[Listing, Listing]:
        first = await cache.listing()
        await asyncio.sleep(1.2)
        return first, await cache.listing()

    first, second = asyncio.run(visits())
    assert first.studies is None
    assert second.studies


def test_the_file_is_whole_and_alone(make_cache: MakeCache, tmp_path: Path) -> None:
    async def visit() -> None:
        cache = make_cache()
        await cache.listing()
        await asyncio.sleep(0.2)

    asyncio.run(visit())
    (file,) = (tmp_path / "var").iterdir()
    saved = json.loads(file.read_text())
    assert saved["data_date"] == "2026-08-21"
    assert datetime.fromisoformat(saved["fetched_at"]).tzinfo


@pytest.mark.parametrize("broken", ["", "{", "[]", '{"format": 1}', '{"format": 9}', "null"])
def test_a_broken_file_is_as_good_as_none(
    make_cache: MakeCache, tmp_path: Path, broken: str
) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "trials-cache.json").write_text(broken)
    assert asyncio.run(make_cache().listing()).studies


def test_a_folder_that_cannot_be_written_costs_the_file_only(
    make_cache: MakeCache, tmp_path: Path
) -> None:
    (tmp_path / "var").write_text("a file where the folder should be")
    assert asyncio.run(make_cache().listing()).studies
