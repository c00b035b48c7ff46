"""The page of the overview: what is asked for, plots and tables, what is urgent, broken rows."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from datetime import date, datetime, timezone
from typing import Any

import pytest
from django.test import Client

from guide.settings import ROOT
from staff.overview.periods import MOST_DAYS, Period, PeriodForm, of_days
from tests.staff.rows import conversation, turn

Sign = Callable[[str], Client]
DAY = date(2026, 3, 10)


def at(hour: int, minute: int = 0, day: date = DAY) -> float:
    """Seconds since 1970 of a time in UTC."""
    moment = datetime(day.year, day.month, day.day, hour, minute, tzinfo=timezone.utc)
    return moment.timestamp()


def said(id_: str = "web:a", hour: float = 12, **columns: Any) -> int:
    """A turn of DAY, `hour` hours after its midnight in UTC."""
    return turn(id_, time=at(0) + 3600 * hour, **columns)


def talk(id_: str = "web:a", **columns: Any) -> str:
    return conversation(id_, started=at(0), **columns)


def form(**given: object) -> PeriodForm:
    return PeriodForm({name: str(value) for name, value in given.items()})


def test_what_is_asked_for() -> None:
    assert form().period() == of_days(30)
    assert form(days=7).period().days == 7
    assert form(first="2026-03-10", last="2026-03-12").period().days == 3
    assert form(last="2026-03-12").period() == Period(date(2026, 2, 11), date(2026, 3, 12))


@pytest.mark.parametrize(
    "given",
    [
        {"first": "2026-03-12", "last": "2026-03-10"},
        {"first": "0001-01-01", "last": "9999-12-31"},
        {"first": "2000-01-01", "last": "2026-01-01"},
        {"first": "<script>", "last": "tomorrow"},
        {"days": "-1"},
        {"days": "9" * 30},
        {"days": "many"},
    ],
)
def test_days_that_cannot_be_are_told_and_the_default_is_shown(
    client_of: Sign, given: dict[str, str]
) -> None:
    response = client_of("reader").get("/", given)
    assert response.status_code == 200
    assert 'role="alert"' in response.content.decode()
    assert response.context["period"] == of_days(30)


def test_the_first_day_alone_shows_five_years_at_most() -> None:
    assert form(first="2000-01-01").period().days <= MOST_DAYS


def plots_of(response: Any) -> dict[str, Any]:
    """The plots' data as the page's script reads them."""
    text = response.content.decode()
    found = re.search(r'<script id="plots" type="application/json">(.*?)</script>', text, re.DOTALL)
    assert found
    return {plot["id"]: plot for plot in json.loads(found[1])}


def test_plot_and_table_say_the_same(client_of: Sign) -> None:
    talk("web:a", sample=False)
    said(kind="answer", answers=["cost"], feedback=1)
    said(kind="answer", answers=["cost"])
    said(kind="fallback")
    response = client_of("reader").get("/", {"first": DAY, "last": DAY})
    plots = plots_of(response)
    assert plots["messages"]["series"][0]["values"] == [3]
    assert [one["values"] for one in plots["replies"]["series"]] == [[66.7], [0.0], [33.3]]
    assert (plots["answers"]["labels"], plots["answers"]["series"][0]["values"]) == (
        ["How much does it cost?"], [2],
    )  # fmt: skip
    shown = {plot.id: plot.rows for plot in response.context["plots"]}
    assert shown["messages"] == [("10 Mar 2026", [3, 1])]
    text = re.sub(r"\s+", " ", response.content.decode())
    assert '<th scope="row">10 Mar 2026</th><td class="number">3</td>' in text
    assert '<th scope="row">How much does it cost?</th><td class="number">2</td>' in text


def test_urgent_conversations_stand_first_until_they_are_reviewed(client_of: Sign) -> None:
    key = conversation("telegram:12345", urgent=True)
    done = conversation("web:done", urgent=True, state="done")
    text = client_of("reader").get("/").content.decode()
    assert "1 urgent conversation not yet reviewed" in text
    assert f"/conversations/{key}/" in text
    assert done not in text
    assert "12345" not in text
    assert text.index("urgent conversation") < text.index("Days shown")


def test_an_empty_site_says_what_will_be_there(client_of: Sign) -> None:
    text = client_of("reader").get("/").content.decode()
    assert "Once patients write" in text
    assert "urgent conversation" not in text


def test_samples_are_counted_where_there_is_nothing_else(client_of: Sign) -> None:
    conversation("web:s", sample=True)
    turn("web:s")
    assert client_of("reader").get("/").context["total"].counts["messages"] == 1
    conversation("web:a")
    response = client_of("reader").get("/")
    assert response.context["total"].counts["messages"] == 0
    assert "Sample conversations are left out" in response.content.decode()
    response = client_of("reader").get("/", {"sample": "on"})
    assert response.context["total"].counts["messages"] == 1


def test_broken_rows_are_passed_over_and_counted(client_of: Sign) -> None:
    conversation("web:a")
    turn("web:a", kind="<script>alert(1)</script>")
    turn("web:a", milliseconds=-5.0)
    turn("web:a", milliseconds=float("inf"))
    turn("web:a", answers=["<script>alert(2)</script>" * 100])
    broken = turn("web:a")
    from guide.store.tables import TURNS
    from staff.records.engine import guide_engine

    with guide_engine().begin() as connection:
        connection.execute(TURNS.update().where(TURNS.c.id == broken).values(answers='{"a": [['))
    response = client_of("reader").get("/")
    text = response.content.decode()
    assert response.context["total"].counts["messages"] == 5
    assert response.context["total"].times.p95 is None
    assert "<script>alert" not in text
    assert "1 message could not be read" in text


def test_the_plots_are_drawn_by_the_file_that_is_named() -> None:
    folder = ROOT / "staff/static/vendor/chart.js"
    said = (folder / "VERSION").read_text(encoding="utf-8")
    version = re.search(r"chart\.js (\S+)", said)
    digest = re.search(r"sha256 ([0-9a-f]{64})", said)
    assert version and digest
    file = folder / version[1] / "chart.umd.min.js"
    assert hashlib.sha256(file.read_bytes()).hexdigest() == digest[1]
    assert f"Chart.js v{version[1]}" in file.read_text(encoding="utf-8")[:200]
    assert "MIT License" in (folder / version[1] / "LICENSE.md").read_text(encoding="utf-8")


def test_the_page_asks_for_that_version(client_of: Sign) -> None:
    said = (ROOT / "staff/static/vendor/chart.js/VERSION").read_text(encoding="utf-8")
    version = said.split()[1]
    text = client_of("reader").get("/").content.decode()
    assert f"vendor/chart.js/{version}/chart.umd.min.js" in text
    assert not re.search(r"<script(?![^>]*(src=|application/json))", text)
    assert " style=" not in text
