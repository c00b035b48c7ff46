"""Sentences that staff labelled as needing an answer that is not there yet."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from staff.records.models import Label

MOST = 100


def wanted() -> list[Label]:
    """The newest of them, with the sentence that a reviewer approved."""
    return list(_approved().order_by("-time")[:MOST])


def sentences_of(turns: Iterable[str]) -> list[str]:
    """The sentences of labels, by the number of their turn; other numbers are passed over."""
    numbers = [int(one) for one in turns if one.isdecimal() and len(one) < 19][:MOST]
    return list(_approved().filter(turn__in=numbers).values_list("sentence", flat=True))


def _approved() -> QuerySet[Label]:
    return Label.objects.filter(verdict="new_answer").exclude(sentence="").exclude(approved_by="")
