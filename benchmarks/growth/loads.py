"""Time of a message and messages a second against patients who write at once, over REST."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.patients import in_own_process

SIZES = (1, 4, 16, 64)
ROUNDS, SECONDS = 3, 6.0


class Failed(Exception):
    """Messages were not answered: the times of the others would say nothing."""


def measure(
    url: str, sizes: Sequence[int] = SIZES, rounds: int = ROUNDS, seconds: float = SECONDS
) -> list[list[dict[str, float]]]:
    """For each round and number of patients, what they saw.

    Raises:
        Failed: a message got no answer.
    """
    return [[_load(url, patients, seconds) for patients in sizes] for _ in range(rounds)]


def _load(url: str, patients: int, seconds: float) -> dict[str, float]:
    seen = in_own_process(url, patients, seconds)
    if seen["errors"] or not seen["messages"]:
        raise Failed(f"{patients} patients: {seen['errors']} messages failed")
    return {
        "half of the messages within, ms": seen["p50"],
        "99 of 100 within, ms": seen["p99"],
        "messages a second": seen["per_second"],
    }
