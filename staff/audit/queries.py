"""Entries of the audit, newest first, a page at a time by what stood last on the page before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from django.contrib.auth.models import User
from django.db.models import Q
from django.utils.timezone import make_aware

from staff.audit.models import Entry

PAGE = 50
NOBODY = "-"  # in the filter: no account
DAY = timedelta(days=1)
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


@dataclass(frozen=True)
class Wanted:
    """A filter; "" and None let everything through."""

    person: str = ""
    action: str = ""
    day: date | None = None


@dataclass(frozen=True)
class Page:
    """Entries, and the mark that the next page begins after; "" on the last."""

    entries: list[Entry]
    older: str


def page_of(wanted: Wanted, after: str = "") -> Page:
    """The entries after a mark. A mark that cannot be read is the beginning."""
    found = Entry.objects.all()
    if wanted.person:
        found = found.filter(name="" if wanted.person == NOBODY else wanted.person)
    if wanted.action:
        found = found.filter(action=wanted.action)
    if wanted.day:
        begin = make_aware(datetime.combine(wanted.day, datetime.min.time()))
        found = found.filter(time__gte=begin, time__lt=begin + DAY)
    mark = _read(after)
    if mark:
        time, number = mark
        # The first condition is what the index is searched by.
        found = found.filter(Q(time__lt=time) | Q(id__lt=number), time__lte=time)
    entries = list(found.order_by("-time", "-id")[: PAGE + 1])
    rest = len(entries) > PAGE
    return Page(entries[:PAGE], _mark(entries[PAGE - 1]) if rest else "")


def people() -> list[str]:
    """Who can stand in an entry."""
    return list(User.objects.order_by("username").values_list("username", flat=True))


def actions() -> list[str]:
    """What was ever done, read from the index a step at a time: a table of entries grows."""
    found: list[str] = []
    while True:
        later = Entry.objects.filter(action__gt=found[-1] if found else "")
        action = later.order_by("action").values_list("action", flat=True).first()
        if action is None:
            return found
        found.append(action)


def _mark(entry: Entry) -> str:
    return f"{(entry.time - EPOCH) // timedelta(microseconds=1)}.{entry.pk}"


def _read(mark: str) -> tuple[datetime, int] | None:
    micros, _, number = mark.partition(".")
    if not (_is_number(micros) and _is_number(number)):
        return None
    try:
        return EPOCH + timedelta(microseconds=int(micros)), int(number)
    except OverflowError:
        return None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19
