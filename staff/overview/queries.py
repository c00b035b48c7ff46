"""The figures of a period, counted in the database by index.

Each count is a range of an index that holds every column asked for, so that no row of a turn is
read. Only where sample conversations are left out are rows read, in one pass.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.db import connection

from staff.overview.periods import Part, Period
from staff.records.models import Conversation

# name -> which turns it counts
COUNTS = {
    "messages": "1 = 1",
    "answered": "kind IN ('answer', 'several', 'more', 'sources', 'trials')",
    "proposed": "kind = 'did_you_mean'",
    "chosen": "kind = 'did_you_mean' AND outcome = 'chosen'",
    "declined": "kind = 'did_you_mean' AND outcome = 'declined'",
    "refused": "kind IN ('fallback', 'personal_advice')",
    "failed": "kind = 'error'",
    "urgent": "kind IN ('emergency', 'crisis', 'urgent')",
    "helpful": "feedback = 1",
    "unhelpful": "feedback = 0",
    "web": "channel = 'web'",
    "slack": "channel = 'slack'",
    "telegram": "channel = 'telegram'",
}
MOST_TIMES = 50_000  # response times that are read; of more replies, each n-th one
SLOWEST = 1e9  # milliseconds; what is above was not measured
WITHOUT_SAMPLES = " AND conversation NOT IN (SELECT id FROM conversations WHERE sample)"


@dataclass(frozen=True)
class Times:
    """Response times in milliseconds: half of the replies were quicker than `p50`; `counted` of
    the replies were looked at, each `step`-th."""

    p50: float | None
    p95: float | None
    counted: int
    step: int = 1


@dataclass(frozen=True)
class Figures:
    """Of a period or a part of it: COUNTS, and `conversations` that had a message in it."""

    counts: dict[str, int]
    times: Times

    def share(self, name: str, of: str = "messages") -> float | None:
        """One count of another, 0 to 1; None of nothing."""
        whole = self.counts[of]
        return self.counts[name] / whole if whole else None

    @property
    def shares(self) -> dict[str, float | None]:
        """Of the messages."""
        return {name: self.share(name) for name in ("answered", "proposed", "refused")}

    @property
    def click_through(self) -> float | None:
        """Of what was proposed by a did-you-mean, the share in which one was chosen."""
        return self.share("chosen", "proposed")

    @property
    def helpful_rate(self) -> float | None:
        """Of those who said."""
        said = self.counts["helpful"] + self.counts["unhelpful"]
        return self.counts["helpful"] / said if said else None

    @property
    def other_channels(self) -> int:
        """Messages of channels that have no count of their own."""
        counts = self.counts
        return counts["messages"] - counts["web"] - counts["slack"] - counts["telegram"]


def has_samples() -> bool:
    """Whether a command made sample conversations."""
    return Conversation.objects.filter(sample=True).exists()


def only_samples() -> bool:
    """Whether there are no others."""
    return not Conversation.objects.filter(sample=False).exists()


def figures(period: Period, only: str = "") -> tuple[Figures, list[tuple[Part, Figures]]]:
    """Those of the whole period and of each part, in order; `only` is "" or WITHOUT_SAMPLES."""
    parts = period.parts()
    counted = _counts(parts, only)
    total = {name: sum(one[name] for one in counted) for name in COUNTS}
    total["conversations"] = _conversations(period, only)
    step = max(1, math.ceil(total["messages"] / MOST_TIMES))
    lists = _times(period, parts, only, step)
    each = [
        (part, Figures(counts, _percentiles(times, step)))
        for part, counts, times in zip(parts, counted, lists, strict=True)
    ]
    return Figures(total, _percentiles(list(chain(*lists)), step)), each


def _counts(parts: Sequence[Part], only: str) -> list[dict[str, int]]:
    """One range for each part: the database need not know about time zones."""
    names = ["conversations", *COUNTS]
    values = ", ".join(["(%s, %s, %s)"] * len(parts))
    counted = _in_one_pass(only) if only else _by_index()
    given = [value for n, part in enumerate(parts) for value in (n, part.start, part.end)]
    rows = _rows(f"WITH parts (number, first, after) AS (VALUES {values}) {counted}", given)
    found = {row[0]: row[1:] for row in rows}
    return [
        dict(zip(names, map(int, found.get(n, (0,) * len(names))), strict=True))
        for n in range(len(parts))
    ]


def _by_index() -> str:
    within = "FROM turns WHERE time >= first AND time < after"
    counts = ", ".join(f"(SELECT COUNT(*) {within} AND {what})" for what in COUNTS.values())
    conversations = f"(SELECT COUNT(DISTINCT conversation) {within})"
    return f"SELECT number, {conversations}, {counts} FROM parts"  # noqa: S608


def _in_one_pass(only: str) -> str:
    sums = ", ".join(f"SUM(CASE WHEN {what} THEN 1 ELSE 0 END)" for what in COUNTS.values())
    return (
        f"SELECT number, COUNT(DISTINCT conversation), {sums} "  # noqa: S608
        f"FROM parts JOIN turns ON time >= first AND time < after{only} GROUP BY number"
    )


def _conversations(period: Period, only: str) -> int:
    """Those with a message in the period. Only one that reaches over its border is looked into."""
    start, end = period.start, period.end
    sql = (
        "SELECT COUNT(*) FROM conversations WHERE last >= %s AND started < %s"
        " AND (started >= %s OR last < %s OR EXISTS (SELECT 1 FROM turns"
        " WHERE conversation = conversations.id AND time >= %s AND time < %s))"
    )
    sql += " AND NOT sample" if only else ""
    return int(_rows(sql, [start, end, start, end, start, end])[0][0])


def _times(period: Period, parts: Sequence[Part], only: str, step: int) -> list[list[float]]:
    """Response times of each part; of very many replies, those whose number divides by `step`."""
    sql = (
        "SELECT time, milliseconds FROM turns WHERE time >= %s AND time < %s"  # noqa: S608
        f" AND milliseconds >= 0 AND milliseconds < %s AND id %% %s = 0{only}"
    )
    lists: list[list[float]] = [[] for _ in parts]
    starts = [part.start for part in parts]
    for when, milliseconds in _rows(sql, [period.start, period.end, SLOWEST, step]):
        lists[bisect_right(starts, when) - 1].append(milliseconds)
    return lists


def _percentiles(times: list[float], step: int) -> Times:
    ordered = sorted(times)
    return Times(_rank(ordered, 0.5), _rank(ordered, 0.95), len(ordered), step)


def _rank(ordered: Sequence[float], share: float) -> float | None:
    """By nearest rank: the smallest value that at least this share does not exceed."""
    return ordered[math.ceil(share * len(ordered)) - 1] if ordered else None


def _rows(sql: str, given: Sequence[object]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return list(cursor.fetchall())


def urgent_first(no_samples: bool) -> tuple[list[Conversation], int]:
    """Urgent conversations that nobody has reviewed: the newest five, and how many there are."""
    # `urgent` alone would not be found by its index.
    waiting = Conversation.objects.filter(urgent__in=[True], state="new")
    if no_samples:
        waiting = waiting.filter(sample=False)
    return list(waiting.order_by("-last")[:5]), waiting.count()
