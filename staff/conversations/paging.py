"""Conversations in the order of the list, a page at a time, from any place in both directions.

Urgent ones that are not done come first, then all others; within both the newest first. A place is
told by what a conversation is sorted by, so that no page loses or doubles any while others arrive.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from staff.records.models import Conversation

PAGE = 25
FIRST, OTHERS = "u", "o"
# `urgent` alone would not be found by its index.
_URGENT = Q(urgent__in=[True]) & ~Q(state="done")
PARTS = {FIRST: _URGENT, OTHERS: ~(Q(urgent=True) & ~Q(state="done"))}
_PLACE = re.compile(r"([uo])(-?\d{1,20}(?:\.\d{1,20})?(?:e[+-]\d{1,3})?)_([\w-]{1,16})")


@dataclass(frozen=True)
class Place:
    """Where a conversation stands in the list; `str` is what addresses carry."""

    part: str
    last: float
    key: str

    @classmethod
    def of(cls, conversation: Conversation) -> Place:
        """Of a conversation as it is now."""
        first = conversation.urgent and conversation.state != "done"
        return cls(FIRST if first else OTHERS, conversation.last, str(conversation.key))

    @classmethod
    def read(cls, text: str) -> Place | None:
        """None for a text that tells no place."""
        found = _PLACE.fullmatch(text)
        return cls(found[1], float(found[2]), found[3]) if found else None

    def __str__(self) -> str:
        return f"{self.part}{self.last!r}_{self.key}"


@dataclass(frozen=True)
class Page:
    """Some conversations, and whether there are others before and after them."""

    rows: list[Conversation]
    newer: bool
    older: bool


def after(found: QuerySet[Conversation], place: Place | None, size: int) -> list[Conversation]:
    """The next ones below a place; from the top where it is None."""
    rows: list[Conversation] = []
    parts = (FIRST, OTHERS) if place is None or place.part == FIRST else (OTHERS,)
    for part in parts:
        rest = found.filter(PARTS[part]).order_by("-last", "-key")
        if place and place.part == part:
            rest = rest.filter(last__lte=place.last).exclude(last=place.last, key__gte=place.key)
        rows += rest[: size - len(rows)]
    return rows


def before(found: QuerySet[Conversation], place: Place, size: int) -> list[Conversation]:
    """The next ones above a place, nearest first."""
    rows: list[Conversation] = []
    for part in (OTHERS, FIRST) if place.part == OTHERS else (FIRST,):
        rest = found.filter(PARTS[part]).order_by("last", "key")
        if place.part == part:
            rest = rest.filter(last__gte=place.last).exclude(last=place.last, key__lte=place.key)
        rows += rest[: size - len(rows)]
    return rows


def page(found: QuerySet[Conversation], below: Place | None, above: Place | None) -> Page:
    """The page below or above a place, or the first one."""
    if above:
        rows = before(found, above, PAGE + 1)
        if len(rows) > PAGE:
            return Page(rows[PAGE - 1 :: -1], newer=True, older=True)
        below = None  # near the top: what arrived meanwhile stands there too
    rows = after(found, below, PAGE + 1)
    return Page(rows[:PAGE], newer=below is not None, older=len(rows) > PAGE)
