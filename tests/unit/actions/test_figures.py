"""What the action server counts of the registry."""

from __future__ import annotations

import asyncio
import time

import pytest

from actions.registry.client import RegistryError
from guide.metrics.registry import OUTCOMES
from tests.standins.registry import Registry
from tests.unit.actions.conftest import MakeCache
from tests.unit.metrics.figures import series, value

CALLS, LISTS = "guide_registry_calls_total", "guide_registry_lists_total"


def test_the_outcomes_are_those_that_there_are() -> None:
    errors = {error.outcome for error in RegistryError.__subclasses__()}
    assert set(OUTCOMES) == {"ok", "unexpected"} | errors


@pytest.mark.parametrize(
    ("mode", "outcome"),
    [
        ("ok", "ok"), ("forbidden", "forbidden"), ("rate_limited", "rate_limited"),
        ("server_error", "server_error"), ("hang", "timed_out"),
    ],
)  # fmt: skip
def test_a_call_is_counted_by_how_it_ended(
    make_cache: MakeCache, registry: Registry, mode: str, outcome: str
) -> None:
    registry.mode = mode
    before = {one: value(CALLS, outcome=one) for one in OUTCOMES}
    spent = value("guide_registry_seconds_sum")
    asyncio.run(make_cache(wait_s=5.0).listing())
    grown = {one for one in OUTCOMES if value(CALLS, outcome=one) != before[one]}
    assert grown == {outcome}
    assert value(CALLS, outcome=outcome) == before[outcome] + 1
    assert value("guide_registry_seconds_sum") > spent


def test_a_patient_who_gets_an_old_list_or_none_is_counted(
    make_cache: MakeCache, registry: Registry
) -> None:
    before = {state: value(LISTS, state=state) for state in ("fresh", "old", "none")}

    async def visits() -> None:
        await make_cache().listing()  # fresh, and kept in the file
        registry.mode = "server_error"
        await make_cache(ttl_hours=0).listing()

    asyncio.run(visits())
    assert value(LISTS, state="fresh") == before["fresh"] + 1
    assert value(LISTS, state="old") == before["old"] + 1
    assert value(LISTS, state="none") == before["none"]
    assert abs(time.time() - series()["guide_registry_list_timestamp_seconds", ()]) < 60


def test_a_patient_who_gets_no_list_is_counted(make_cache: MakeCache, registry: Registry) -> None:
    registry.mode = "server_error"
    before = value(LISTS, state="none")
    asyncio.run(make_cache().listing())
    assert value(LISTS, state="none") == before + 1
