"""What the turns tell about each answer."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from django.db import connection

from staff.records.models import Turn, TurnAnswer

SHOWN = ("answer", "several", "more")  # kinds of reply in which an answer was read
PROPOSED = "did_you_mean"
NEWEST = 10


@dataclass
class Asked:
    """How often an answer was shown and proposed, and what was said of it."""

    shown: int = 0
    proposed: int = 0
    helpful: int = 0
    unhelpful: int = 0

    @property
    def said(self) -> int:
        """How many said whether it helped."""
        return self.helpful + self.unhelpful

    @property
    def rate(self) -> float | None:
        """The helpful among them; None where nobody said."""
        return self.helpful / self.said if self.said else None


def asked(start: float, end: float, only: str = "") -> tuple[dict[str, Asked], int]:
    """Answer -> counts, and how many turns name their answers unreadably.

    Args:
        start: seconds since 1970.
        end: no longer within.
        only: a further condition, such as `staff.overview.queries.WITHOUT_SAMPLES`.
    """
    kinds = (*SHOWN, PROPOSED)
    sql = (
        "SELECT kind, answers, feedback, COUNT(*) FROM turns"  # noqa: S608  `only` is our constant
        f" WHERE kind IN (%s, %s, %s, %s) AND time >= %s AND time < %s{only}"
        " GROUP BY kind, answers, feedback"
    )
    found: dict[str, Asked] = defaultdict(Asked)
    unreadable = 0
    with connection.cursor() as cursor:
        cursor.execute(sql, [*kinds, start, end])
        for kind, answers, feedback, count in cursor.fetchall():
            ids = _ids(answers)
            unreadable += count * (ids is None)
            for id_ in ids or ():
                _add(found[id_], kind, feedback, count)
    return dict(found), unreadable


@lru_cache(maxsize=4096)
def _ids(answers: str) -> tuple[str, ...] | None:
    try:
        value = json.loads(answers)
    except (ValueError, TypeError, RecursionError):
        return None
    whole = isinstance(value, list) and all(isinstance(id_, str) for id_ in value)
    return tuple(dict.fromkeys(value)) if whole else None


def _add(one: Asked, kind: str, feedback: object, count: int) -> None:
    if kind == PROPOSED:
        one.proposed += count
        return
    one.shown += count
    if feedback == 1:
        one.helpful += count
    elif feedback == 0:
        one.unhelpful += count


def newest(answer: str, start: float, end: float, **only: object) -> list[Turn]:
    """The newest turns that showed an answer, with their conversations."""
    rows = (
        TurnAnswer.objects.filter(answer=answer, time__gte=start, time__lt=end)
        .filter(turn__kind__in=SHOWN, **only)
        .order_by("-time")
        .select_related("turn__conversation")[:NEWEST]
    )
    return [row.turn for row in rows]


def texts(answer: str, start: float, end: float, most: int = 2000) -> list[str]:
    """The newest messages that an answer was shown for, each as it was written."""
    rows = (
        TurnAnswer.objects.filter(answer=answer, time__gte=start, time__lt=end)
        .filter(turn__kind__in=SHOWN)
        .order_by("-time")
        .values_list("turn__text", flat=True)[:most]
    )
    return list(rows)
