"""Times of parts are told apart, and a turn is told in times of the encoder's inference."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from benchmarks import parts
from benchmarks.near_limit import block, figures
from benchmarks.parts import Parts
from benchmarks.profiled import DATABASE, INFERENCE, Turn
from tests.unit.benchmarks.test_growth import ABOUT


def test_what_a_part_calls_counts_for_the_part_that_is_called(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [0.0]
    monkeypatch.setattr(parts, "time", SimpleNamespace(perf_counter=lambda: now[0]))

    def inner() -> str:
        now[0] += 3.0
        return "said"

    owner: Any = SimpleNamespace(inner=inner)

    async def outer() -> str:
        now[0] += 1.0
        said = owner.inner() + owner.inner()
        now[0] += 0.5
        return said

    owner.outer = outer
    clock = Parts()
    clock.around(owner, "inner", "in")
    clock.around(owner, "outer", "out")
    assert asyncio.run(owner.outer()) == "saidsaid"
    assert clock.seconds == {"in": 6.0, "out": 1.5}


def test_a_part_that_fails_is_counted_and_fails() -> None:
    clock = Parts()
    with pytest.raises(ZeroDivisionError):
        clock.timed(lambda: 1 // 0, "in")()
    assert set(clock.seconds) == {"in"}


def test_a_turn_is_told_in_times_of_the_inference_alone() -> None:
    plain = {INFERENCE: 2.0, "spaCy": 2.0, "rules": 1.0, DATABASE: 5.0}
    other = {INFERENCE: 4.0, "spaCy": 2.0, "rules": 1.0, DATABASE: 5.0}
    turns = [Turn(10.0, plain, texts=1)] * 4 + [Turn(12.0, other, texts=2)] * 4
    found = figures(turns, alone=[2.0, 2.0, 2.0], over_http=15.0)
    text = block({"about": ABOUT, "figures": found})
    # 5 ms without database and HTTP, 5 of the database, 4 that a client waits longer than a turn.
    assert "| a plain turn without database and HTTP | 2.5 | at most 3: met |" in text
    assert "| with the database | 5.0 |" in text
    assert "| with database and HTTP | 7.0 |" in text
    assert "| spaCy | the words of a message, and which of them are names | 2.00 | 14.3% |" in text
    assert "| the whole | | 14.00 | 100% |" in text
    assert "In 4 of 8 turns" in text
