"""The overview's figures against rows counted by hand."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone as site_time

from staff.answers.queries import asked
from staff.overview.periods import DAILY, Period
from staff.overview.queries import MOST_TIMES, WITHOUT_SAMPLES, Figures, figures
from tests.staff.rows import conversation, turn

Sign = Callable[[str], Client]
DAY = date(2026, 3, 10)
ONE_DAY = Period(DAY, DAY)


def at(hour: int, minute: int = 0, day: date = DAY) -> float:
    """Seconds since 1970 of a time in UTC."""
    moment = datetime(day.year, day.month, day.day, hour, minute, tzinfo=timezone.utc)
    return moment.timestamp()


def said(id_: str = "web:a", hour: float = 12, **columns: Any) -> int:
    """A turn of DAY, `hour` hours after its midnight in UTC."""
    return turn(id_, time=at(0) + 3600 * hour, **columns)


def talk(id_: str = "web:a", **columns: Any) -> str:
    return conversation(id_, started=at(0), **columns)


def total(period: Period = ONE_DAY, only: str = "") -> Figures:
    return figures(period, only)[0]


def test_every_figure_is_that_of_the_rows() -> None:
    talk("web:a")
    talk("slack:b")
    talk("rest:c")
    said(kind="answer", feedback=1, milliseconds=100.0)
    said(kind="several", feedback=0, milliseconds=300.0)
    said(kind="did_you_mean", outcome="chosen", milliseconds=200.0)
    said(kind="did_you_mean", outcome="declined")
    said(kind="did_you_mean")
    said("slack:b", kind="fallback")
    said("slack:b", kind="personal_advice")
    said("slack:b", kind="emergency", urgent=True)
    said("rest:c", kind="error")
    said("rest:c", kind="small_talk")
    found = total()
    assert found.counts == {
        "messages": 10, "answered": 2, "proposed": 3, "chosen": 1, "declined": 1, "refused": 2,
        "failed": 1, "urgent": 1, "helpful": 1, "unhelpful": 1, "web": 5, "slack": 3,
        "telegram": 0, "conversations": 3,
    }  # fmt: skip
    assert found.other_channels == 2
    assert found.shares == {"answered": 0.2, "proposed": 0.3, "refused": 0.2}
    assert found.click_through == pytest.approx(1 / 3)
    assert found.helpful_rate == 0.5
    assert (found.times.p50, found.times.p95, found.times.counted) == (200.0, 300.0, 3)


def test_percentiles_are_those_of_the_nearest_rank() -> None:
    talk()
    for milliseconds in range(1, 101):
        said(milliseconds=float(milliseconds))
    found = total().times
    assert (found.p50, found.p95, found.step) == (50.0, 95.0, 1)


def test_of_very_many_replies_some_are_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("staff.overview.queries.MOST_TIMES", 10)
    assert MOST_TIMES > 10
    talk()
    for _ in range(40):
        said(milliseconds=70.0)
    found = total()
    assert (found.times.p95, found.times.counted, found.times.step) == (70.0, 10, 4)
    assert found.counts["messages"] == 40


def test_without_rows_everything_is_nothing() -> None:
    found = total()
    assert set(found.counts.values()) == {0}
    assert (found.share("answered"), found.helpful_rate, found.times.p50) == (None, None, None)


@pytest.mark.parametrize(
    ("zone", "hour", "within"),
    [
        ("UTC", 0, True), ("UTC", -0.001, False), ("UTC", 23.999, True), ("UTC", 24, False),
        # New York is four hours behind in March after the change of the clocks.
        ("America/New_York", 3.999, False), ("America/New_York", 4, True),
        ("America/New_York", 27.999, True), ("America/New_York", 28, False),
        ("Asia/Kolkata", -5.5, True), ("Asia/Kolkata", -5.501, False),
    ],
)  # fmt: skip
def test_a_day_is_that_of_the_sites_time_zone(zone: str, hour: float, within: bool) -> None:
    conversation("web:a", started=at(0) + 3600 * hour)
    said(hour=hour)
    with site_time.override(zone):
        assert total().counts["messages"] == within
        assert total().counts["conversations"] == within


def test_the_day_on_which_clocks_change_has_its_own_length() -> None:
    with site_time.override("America/New_York"):
        parts = Period(date(2026, 3, 7), date(2026, 3, 9)).parts()
    assert [(part.end - part.start) / 3600 for part in parts] == [24, 23, 24]


def test_each_day_has_its_own_figures_and_the_sum_is_the_whole() -> None:
    talk("web:a")
    talk("web:b")
    for hour, id_ in ((1, "web:a"), (25, "web:a"), (26, "web:b"), (49, "web:b")):
        said(id_, hour, milliseconds=10.0 * hour)
    whole, parts = figures(Period(DAY, DAY + timedelta(days=3)))
    counts = [(one.counts["messages"], one.counts["conversations"]) for _, one in parts]
    assert counts == [(1, 1), (2, 2), (1, 1), (0, 0)]
    assert [one.times.p95 for _, one in parts] == [10.0, 260.0, 490.0, None]
    assert (whole.counts["messages"], whole.counts["conversations"]) == (4, 2)


def test_a_conversation_silent_through_the_period_is_not_counted() -> None:
    talk("web:a")
    said("web:a", 1)
    said("web:a", 24 * 10)
    middle = DAY + timedelta(days=4)
    assert total(Period(middle, middle)).counts["conversations"] == 0
    assert total(Period(DAY, middle)).counts["conversations"] == 1


def test_a_long_period_is_told_by_weeks() -> None:
    period = Period(DAY, DAY + timedelta(days=DAILY))
    parts = period.parts()
    assert (period.by_weeks, len(parts)) == (True, 18)
    assert parts[0].last - parts[0].first == timedelta(days=6)
    assert parts[-1].last == period.last
    assert all(one.end == other.start for one, other in itertools.pairwise(parts))
    assert not Period(DAY, DAY + timedelta(days=DAILY - 1)).by_weeks


def test_sample_conversations_are_left_out_everywhere() -> None:
    talk("web:a")
    talk("web:s", sample=True)
    said("web:a", kind="answer", milliseconds=10.0)
    said("web:s", kind="answer", milliseconds=90.0)
    said("web:s", kind="fallback")
    both, real = total(), total(only=WITHOUT_SAMPLES)
    assert (both.counts["messages"], real.counts["messages"]) == (3, 1)
    assert (both.counts["conversations"], real.counts["conversations"]) == (2, 1)
    assert (both.counts["refused"], real.counts["refused"]) == (1, 0)
    assert (both.times.p95, real.times.p95) == (90.0, 10.0)


def test_figures_are_counted_from_indexes_alone() -> None:
    talk()
    said(kind="answer", answers=["cost"], milliseconds=1.0)
    asked_for: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, given: Any, many: bool, context: Any) -> Any:
        asked_for.append((sql, given))
        return execute(sql, given, many, context)

    with connection.execute_wrapper(note):
        figures(ONE_DAY)
        asked(ONE_DAY.start, ONE_DAY.end)
    plans = []
    for sql, given in asked_for:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", given)
            plans += [row[3] for row in cursor.fetchall()]
    turns = [plan for plan in plans if " turns " in f"{plan} "]
    assert len(turns) > 10
    # What is looked up of a conversation that reaches over a border may read its rows.
    others = [p for p in turns if "COVERING INDEX" not in p and "ix_turns_of" not in p]
    assert [plan for plan in others if "SEARCH" not in plan] == []
    assert others == []
    assert not [plan for plan in plans if plan.startswith("SCAN conversations")]
