"""The course of faults: each is made under load, lasts a while, and is followed by recovery."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from tests.faults.breaking import full_disk, hung_registry, locked_database, missing_database
from tests.faults.kept import House, Kept
from tests.load import Load, Report

# Longer than the guide waits for a lock (5 s), so that it gives up on some messages.
LOCKED_SECONDS = 7.0
RECOVERY_SECONDS = 90.0
HURRY = 8.0
WELL = 6  # so many messages, sent after a fault is over, are answered and kept


# For `run`: some minutes instead of one and a half.
LONG = {"rounds": 5, "patients": 120}


@dataclass(frozen=True)
class Fault:
    """`breaks` lasts `seconds`; `dies` names the server that is killed in it."""

    name: str
    breaks: Callable[[House], AbstractContextManager[Any]] = nullcontext
    seconds: float = 0.0
    dies: str = ""


COURSE = (
    Fault("kill -9 of the action server", dies="actions"),
    Fault("a registry that hangs", hung_registry, 6.0),
    Fault("a locked database", locked_database, LOCKED_SECONDS),
    Fault("a missing database", missing_database, 4.0),
    Fault("a full disk", full_disk, 4.0),
    Fault("kill -9 of the chat server", dies="chat"),
)


@dataclass(frozen=True)
class Passed:
    """What a course showed; `recovery` is in seconds by the names of the faults."""

    report: Report
    recovery: dict[str, float]

    def table(self) -> str:
        """For a person."""
        lines = [f"{name:46}{seconds:>10.1f}" for name, seconds in self.recovery.items()]
        return "\n".join(["seconds until all was well again after", *lines, self.report.table()])


async def run(house: House, rounds: int = 1, patients: int = 60, per_second: float = 4.0) -> Passed:
    """All faults one after the other, so many times, under a steady load."""
    load = Load(
        house.url, house.slack, house.bot_api,
        patients=patients, per_second=per_second, hurry=HURRY,
    )  # fmt: skip
    recovery: dict[str, float] = {}
    async with load:
        await load.well(WELL, RECOVERY_SECONDS)
        for number in range(rounds):
            for fault in COURSE:
                name = fault.name if rounds == 1 else f"{fault.name}, {number + 1}"
                recovery[name] = await _suffer(house, load, fault)
    return Passed(load.check(house.database_url), recovery)


async def _suffer(house: House, load: Load, fault: Fault) -> float:
    """Seconds from the end of a fault until messages are answered and kept again."""
    with fault.breaks(house):
        server: Kept | None = getattr(house, fault.dies, None)
        if server is not None:
            server.kill()
        await asyncio.sleep(fault.seconds)
    began = time.monotonic()
    for needed in (house.chat, house.actions):
        await asyncio.to_thread(needed.wait)
    await load.well(WELL, RECOVERY_SECONDS)
    seconds = time.monotonic() - began
    # One fault at a time: what was answered meanwhile is noted before the next one comes.
    await load.noted(house.database_url, RECOVERY_SECONDS)
    return seconds
