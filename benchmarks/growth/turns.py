"""Time of a turn against the turns before it in its conversation."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from benchmarks.growth.spoken import TEXTS, Spoken, medians

SIZES = (8, 16, 32, 64, 128, 200, 300)
ROUNDS = 5


async def measure(
    guide: Spoken, texts: Sequence[str], sizes: Sequence[int] = SIZES, rounds: int = ROUNDS
) -> list[list[dict[str, float]]]:
    """For each conversation and size n, medians of the turns up to the n-th that ask all texts."""
    found = []
    for _ in range(rounds):
        name = f"rest:{uuid.uuid4().hex}"
        times = [await guide.say(name, texts[n % TEXTS]) for n in range(max(sizes))]
        found.append([medians(times[size - TEXTS : size]) for size in sizes])
    return found
