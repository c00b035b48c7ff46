"""One round: what a side's server costs and how fast it is."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.patients import conversation, in_own_process, percentile, plain_questions
from benchmarks.stock.servers import running
from benchmarks.stock.sides import Side

EARLY, LATE = 5, 150
START, MEMORY, PRIVATE = "start-up, s", "memory after 200 messages, MB", "of it private, MB"
BUSY, ERRORS = "processor time of a message, ms", "messages that failed"


@dataclass(frozen=True)
class Plan:
    """How much a round plays.

    Args:
        warm: turns before anything is timed.
        talks: conversations whose turns around `EARLY` count: with the warm turns 200 messages.
        around: turns on both sides of `EARLY`, and half of those around `late`, that count.
        late: the turn of a long conversation; `LATE` but in a trial.
        patients, seconds: the loads, and how long each lasts.
    """

    warm: int = 18
    talks: int = 26
    around: int = 2
    late: int = LATE
    patients: Sequence[int] = (1, 16, 64)
    seconds: float = 6.0


QUICK = Plan(warm=3, talks=2, late=15, patients=(1, 16), seconds=2.0)


def latency(share: int, turn: int) -> str:
    """The name of a percentile of the milliseconds at a turn."""
    return f"latency p{share} at turn {turn}, ms"


def throughput(patients: int) -> str:
    """The name of the throughput with so many patients at once."""
    return f"messages a second, {patients} patient{'s' if patients > 1 else ''} at once"


def measured(side: Side, plan: Plan) -> dict[str, float]:
    """The figures of a side by name, from one start of its server to its end.

    Raises:
        BenchmarkError: it does not start.
        RuntimeError: it does not answer a patient who is alone.
    """
    texts = plain_questions()
    with running(side) as server:
        tell(side, f"started in {server.started} s")
        asyncio.run(conversation(server.url, texts, plan.warm))
        busy = server.processor()
        early = [
            asyncio.run(conversation(server.url, texts[talk:], EARLY + plan.around))
            for talk in range(plan.talks)
        ]
        busy = server.processor() - busy
        memory = server.memory()
        long = asyncio.run(conversation(server.url, texts, plan.late + 5 * plan.around))
        tell(side, f"{plan.late} turns played")
        loads = [in_own_process(server.url, count, plan.seconds) for count in plan.patients]
        tell(side, "loads played")
    at_early = [one for talk in early for one in talk[EARLY - plan.around - 1 :]]
    at_late = long[plan.late - 5 * plan.around - 1 :]
    return {
        START: server.started,
        MEMORY: memory["resident"],
        PRIVATE: memory["private"],
        **{latency(share, EARLY): percentile(at_early, share) for share in (50, 99)},
        **{latency(share, LATE): percentile(at_late, share) for share in (50, 99)},
        **{throughput(int(one["patients"])): one["per_second"] for one in loads},
        BUSY: round(1000 * busy / sum(map(len, early)), 2),
        ERRORS: sum(one["errors"] for one in loads),
    }


def tell(side: Side, words: str) -> None:
    """Progress, on stderr."""
    print(f"{side.name}: {words}", file=sys.stderr, flush=True)
