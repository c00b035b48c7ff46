"""Answers: how each is doing, and what stands behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_GET

from guide.channels.markup import parse
from guide.content import Answer, month_words
from staff.accounts.roles import READER, needs
from staff.answers.content import Live, live
from staff.answers.forms import DAYS, ORDERS, ListForm
from staff.answers.queries import Asked, asked, newest, texts
from staff.answers.review import claims, due, unstated
from staff.answers.words_asked import common_words
from staff.mend.drafts import changed_answers
from staff.records.models import Withdrawn


@dataclass(frozen=True)
class Row:
    """One answer of the list. `answer` is None of one that patients got and is gone."""

    id: str
    title: str
    answer: Answer | None
    asked: Asked
    due: str
    withdrawn: Withdrawn | None
    changed: bool


@needs(READER)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """All answers."""
    form = ListForm(request.GET)
    period, found = form.period(), live()
    counted, unreadable = asked(period.start, period.end)
    rows = _rows(found, counted, localdate())
    order = form.chosen_order()
    values = {
        "rows": sorted(rows, key=lambda row: _order(row, order)),
        "gone": _gone(found, counted),
        "problems": found.problems,
        "period": period,
        "days": DAYS,
        "order": order,
        "orders": ORDERS,
        "unreadable": unreadable,
    }
    return render(request, "answers/index.html", values)


def _rows(found: Live, counted: dict[str, Asked], today: date) -> list[Row]:
    withdrawn = Withdrawn.objects.in_bulk()
    changed = changed_answers()
    return [
        Row(
            id_, found.titles[id_], answer, counted.get(id_, Asked()), due(answer, today),
            withdrawn.get(id_), id_ in changed,
        )
        for id_, answer in found.answers.items()
    ]  # fmt: skip


def _gone(found: Live, counted: dict[str, Asked]) -> list[tuple[str, Asked]]:
    """Answers that patients got and that are no more."""
    gone = [(id_, one) for id_, one in counted.items() if id_ not in found.answers]
    return sorted(gone, key=lambda pair: (-pair[1].shown, pair[0]))[:50]


def _order(row: Row, order: str) -> tuple[Any, ...]:
    title = row.title.lower()
    if order == "title" or row.answer is None:
        return (title,)
    if order == "due":
        return (row.answer.review_due, title)
    if order == "unhelpful":
        rate = row.asked.rate
        return (rate is None, rate or 0, -row.asked.unhelpful, title)
    return (-row.asked.shown, title)


@needs(READER)
@require_GET
def one(request: HttpRequest, answer: str) -> HttpResponse:
    """One answer as patients see it, what it rests on, and what they made of it."""
    found = live()
    known = found.answers.get(answer)
    if known is None:
        raise Http404
    period = ListForm(request.GET).period()
    counted, _ = asked(period.start, period.end)
    messages = texts(answer, period.start, period.end)
    month = month_words(known.as_of)
    values = {
        "answer": known,
        "title": found.titles[answer],
        "blocks": parse(known.answer.replace("{as_of}", month)),
        "more": parse(known.more.replace("{as_of}", month)),
        "month": month,
        "due": due(known, localdate()),
        "withdrawn": Withdrawn.objects.filter(answer=answer).first(),
        "changed": answer in changed_answers(),
        "asked": counted.get(answer, Asked()),
        "words": common_words(messages),
        "read": len(messages),
        "newest": newest(answer, period.start, period.end),
        "unhelpful": newest(answer, period.start, period.end, turn__feedback=0),
        "sentences": len(found.content.examples.get(answer, ())),
        "period": period,
        "days": DAYS,
        **_behind(found, known),
    }
    return render(request, "answers/one.html", values)


def _behind(found: Live, answer: Answer) -> dict[str, Any]:
    """Facts and references with their texts, related answers with their titles, faults."""
    content = found.content
    return {
        "facts": [(id_, content.article.facts.get(id_)) for id_ in answer.facts],
        "references": [(id_, content.references.get(id_)) for id_ in answer.references],
        "related": [(id_, found.titles.get(id_)) for id_ in answer.related],
        "problems": [p for p in found.problems if p.file == f"faq/{answer.id}.yml"],
    }


@needs(READER)
@require_GET
def dated(request: HttpRequest) -> HttpResponse:
    """The claims that are bound to a date."""
    content = live().content
    values = {
        "claims": claims(content, localdate()),
        "unstated": unstated(content),
        "article": content.article,
        "month": month_words(content.article.as_of),
    }
    return render(request, "answers/dated.html", values)
