"""Time of a turn against the events in the store: in a new conversation, and in an old one, whose
events lie far below all the others."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from benchmarks.growth.spoken import TEXTS, Spoken, medians
from benchmarks.retention import EVENTS_A_TURN, fill

SIZES = (10_000, 100_000, 1_000_000)
ROUNDS = 5


async def measure(
    guide: Spoken, texts: Sequence[str], sizes: Sequence[int] = SIZES, rounds: int = ROUNDS
) -> list[list[dict[str, float]]]:
    """For each round and size, medians of a turn of each text; the store only grows."""
    engine = guide.agent.tracker_store._tracker_store.engine
    old = [f"rest:{uuid.uuid4().hex}" for _ in range(TEXTS)]
    for name in old:
        for text in texts[:TEXTS]:
            await guide.say(name, text)
    found: list[list[dict[str, float]]] = [[] for _ in range(rounds)]
    before = 0
    for size in sizes:
        fill(engine, (size - before) // EVENTS_A_TURN, prefix=f"web:{size}-")
        before = size
        for one in found:
            one.append(await _both(guide, texts, old))
    return found


async def _both(guide: Spoken, texts: Sequence[str], old: Sequence[str]) -> dict[str, float]:
    news, olds = [], []
    for name, text in zip(old, texts, strict=False):
        news.append(await guide.say(f"rest:{uuid.uuid4().hex}", text))
        olds.append(await guide.say(name, text))
    return {
        **{f"new conversation: {what}": ms for what, ms in medians(news).items()},
        **{f"old conversation: {what}": ms for what, ms in medians(olds).items()},
    }
