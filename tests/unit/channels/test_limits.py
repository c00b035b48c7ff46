"""Not too much at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide.channels import limits
from guide.channels.limits import RateLimit


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_burst_is_allowed_and_no_more(clock: Clock) -> None:
    limit = RateLimit(3, 60, clock)
    assert [limit.allows("ann") for _ in range(5)] == [True, True, True, False, False]


def test_one_does_not_slow_another(clock: Clock) -> None:
    limit = RateLimit(1, 60, clock)
    assert [limit.allows(who) for who in ("ann", "ann", "bob", "")] == [True, False, True, True]


def test_it_refills_with_time_up_to_the_burst(clock: Clock) -> None:
    limit = RateLimit(2, 30, clock)
    assert limit.allows("ann")
    assert limit.allows("ann")
    clock.now += 1.9
    assert not limit.allows("ann")
    clock.now += 0.1
    assert limit.allows("ann")
    assert not limit.allows("ann")
    clock.now += 10_000
    assert [limit.allows("ann") for _ in range(3)] == [True, True, False]


def test_trying_again_does_not_make_it_longer(clock: Clock) -> None:
    limit = RateLimit(1, 60, clock)
    assert limit.allows("ann")
    for _ in range(9):
        clock.now += 0.1
        assert not limit.allows("ann")
    clock.now += 0.1
    assert limit.allows("ann")


@pytest.mark.parametrize(
    ("per_minute", "later", "seconds"),
    [(60, 0, 1), (30, 0, 2), (1, 0, 60), (1, 45.5, 15), (7, 0, 9)],
)
def test_how_long_to_wait(clock: Clock, per_minute: float, later: float, seconds: int) -> None:
    limit = RateLimit(1, per_minute, clock)
    assert limit.allows("ann")
    clock.now += later
    assert limit.wait("ann") == seconds


def test_whoever_need_not_wait_is_told_the_least(clock: Clock) -> None:
    assert RateLimit(1, 1, clock).wait("nobody yet") == 1


@given(
    burst=st.integers(1, 20),
    per_minute=st.floats(0.5, 600),
    pauses=st.lists(st.floats(0, 100), max_size=60),
)
def test_after_the_wait_it_is_allowed(burst: int, per_minute: float, pauses: list[float]) -> None:
    clock = Clock()
    limit = RateLimit(burst, per_minute, clock)
    for pause in pauses:
        clock.now += pause
        if not limit.allows("ann"):
            clock.now += limit.wait("ann")
            assert limit.allows("ann")


@given(
    burst=st.integers(1, 20),
    per_minute=st.floats(0.5, 600),
    pauses=st.lists(st.floats(0, 20), min_size=1, max_size=100),
)
def test_never_more_than_it_says(burst: int, per_minute: float, pauses: list[float]) -> None:
    clock = Clock()
    limit = RateLimit(burst, per_minute, clock)
    allowed = 0
    for pause in pauses:
        clock.now += pause
        allowed += limit.allows("ann")
    assert allowed <= burst + sum(pauses) * per_minute / 60 + 0.01


def test_it_does_not_grow_for_ever_and_forgets_the_idle(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_KEPT", 3)
    limit = RateLimit(1, 0.001, clock)
    assert all(limit.allows(who) for who in ("ann", "bob", "cyd"))
    assert not limit.allows("ann")  # ann was seen last now, bob is the idlest
    assert limit.allows("dan")
    assert not limit.allows("ann")
    assert not limit.allows("cyd")
    assert limit.allows("bob")
