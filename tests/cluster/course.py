"""What happens to the cluster while patients write, one thing after the other."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from guide.cluster.cluster import CHATS
from guide.cluster.program import Program
from tests.cluster.house import House
from tests.load import Load, Report
from tests.load.questions import Questions

AWAY_SECONDS = 4.0
RECOVERY_SECONDS = 120.0
WELL = 8  # so many messages, sent after something is over, are answered and kept


@dataclass(frozen=True)
class Passed:
    """`recovery` is in seconds by what happened; `rollout` counts HTTP statuses meanwhile."""

    report: Report
    recovery: dict[str, float]
    rollout: dict[str, int]

    def table(self) -> str:
        """For a person."""
        lines = [f"{name:46}{seconds:>10.1f}" for name, seconds in self.recovery.items()]
        lines += [f"rollout: requests with {s:23}{n:>10}" for s, n in self.rollout.items()]
        return "\n".join(["seconds until all was well again after", *lines, self.report.table()])


async def run(house: House, patients: int, per_second: float, rounds: int = 1) -> Passed:
    """The whole course under a steady load."""
    course = Course(house, patients, per_second)
    async with course.load:
        await course.well("start")
        for number in range(1, rounds + 1):
            await course.kill(CHATS[number % 2], f"kill -9 of a chat server, {number}")
            await course.away(house.cluster.redis, f"no Redis, {number}")
            await course.away(house.cluster.postgres, f"no PostgreSQL, {number}")
        statuses = await course.roll_out()
        await course.well("rollout")
    database = house.cluster.postgres.address("guide")
    return Passed(course.load.check(database), course.recovery, statuses)


class Course:
    """The steps; `recovery` fills up with them."""

    def __init__(self, house: House, patients: int, per_second: float) -> None:
        self._house = house
        self.load = Load(
            house.cluster.url, house.slack, house.bot_api, patients=patients,
            per_second=per_second, questions=Questions(*house.data),
        )  # fmt: skip
        self.recovery: dict[str, float] = {}

    async def well(self, after: str) -> None:
        """Note how long it takes until messages are answered and kept."""
        began = time.monotonic()
        await self.load.well(WELL, RECOVERY_SECONDS)
        self.recovery[after] = time.monotonic() - began

    async def kill(self, name: str, told: str) -> None:
        """A chat server dies in the middle of its work, and comes back."""
        self._house.kill(name)
        await self.well(told)
        await asyncio.to_thread(self._house.wait)

    async def away(self, program: Program, told: str) -> None:
        """A program ends, and is started again a while later."""
        await asyncio.to_thread(program.stop)
        await asyncio.sleep(AWAY_SECONDS)
        program.start()
        await self.well(told)
        await asyncio.to_thread(self._house.wait)

    async def roll_out(self) -> dict[str, int]:
        """A second release goes live; how many requests got which HTTP status meanwhile."""
        before = {id(one): len(one.outcomes) for one in self.load.ledger.messages}
        await asyncio.to_thread(self._house.go_live)
        await asyncio.to_thread(self._house.wait_for_second)
        statuses: dict[str, int] = {}
        for message in self.load.ledger.messages:
            for status in message.outcomes[before.get(id(message), 0) :]:
                statuses[status] = statuses.get(status, 0) + 1
        return statuses
