"""Which days the figures are of, and into which parts they are divided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django import forms
from django.utils.timezone import get_current_timezone, localdate

QUICK = (7, 30, 90)  # days, today among them
DEFAULT = 30
MOST_DAYS = 5 * 366
DAILY = 120  # a longer range is shown by weeks
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)


@dataclass(frozen=True)
class Part:
    """A day or a week: from its first second until before `end`, both since 1970."""

    first: date
    last: date
    start: float
    end: float


@dataclass(frozen=True)
class Period:
    """Whole days of the site's time zone, both among them."""

    first: date
    last: date

    @property
    def start(self) -> float:
        """Seconds since 1970."""
        return _midnight(self.first)

    @property
    def end(self) -> float:
        """Seconds since 1970, no longer within."""
        return _midnight(self.last + timedelta(days=1))

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1

    @property
    def by_weeks(self) -> bool:
        """Whether a part is a week rather than a day."""
        return self.days > DAILY

    def parts(self) -> list[Part]:
        """Days, or weeks counted from the first day; the last week may be short."""
        return list(self._parts(timedelta(days=7 if self.by_weeks else 1)))

    def _parts(self, step: timedelta) -> Iterator[Part]:
        first = self.first
        while first <= self.last:
            last = min(first + step - timedelta(days=1), self.last)
            yield Part(first, last, _midnight(first), _midnight(last + timedelta(days=1)))
            first += step


def _midnight(day: date) -> float:
    """A day may have 23 or 25 hours: the time zone knows."""
    return datetime.combine(day, time.min, get_current_timezone()).timestamp()


def of_days(days: int) -> Period:
    """The last days until today."""
    today = localdate()
    return Period(today - timedelta(days=days - 1), today)


def _day(label: str) -> forms.DateField:
    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(required=False, label=label, widget=widget)


class PeriodForm(forms.Form):
    """`days` for a quick range, or `first` and `last`; `sample` counts sample conversations too."""

    days = forms.IntegerField(required=False, min_value=1, max_value=MOST_DAYS)
    first = _day("From")
    last = _day("Until")
    sample = forms.BooleanField(required=False, label="With sample conversations")

    def clean(self) -> Mapping[str, object]:
        """The days are in order, and not more than can be shown."""
        found = self.cleaned_data
        first, last = found.get("first"), found.get("last")
        for name, day in (("first", first), ("last", last)):
            if day and not EARLIEST <= day <= LATEST:
                self.add_error(name, f"Choose a day between {EARLIEST} and {LATEST}.")
        if first and last and not self.errors:
            if first > last:
                self.add_error("last", "The last day is before the first.")
            elif (last - first).days >= MOST_DAYS:
                self.add_error("last", "Choose at most five years.")
        return found

    def period(self) -> Period:
        """What was asked for; the default where that cannot be."""
        if not self.is_valid():
            return of_days(DEFAULT)
        found = self.cleaned_data
        if not found["first"] and not found["last"]:
            return of_days(found["days"] or DEFAULT)
        last = found["last"] or max(localdate(), found["first"])
        first = found["first"] or last - timedelta(days=DEFAULT - 1)
        return Period(max(first, last - timedelta(days=MOST_DAYS - 1)), last)
