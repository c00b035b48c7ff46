"""When answers were looked at, when they have to be again, and what is claimed as of a month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from guide.content import Answer, Content, Fact, month_words

SOON = timedelta(days=60)
EXPIRED, DUE_SOON, GOOD = "expired", "soon", ""


def due(answer: Answer, today: date) -> str:
    """EXPIRED, DUE_SOON or GOOD; an answer whose date cannot be read has EXPIRED."""
    if answer.review_due < today or answer.review_due == date.max:
        return EXPIRED
    return DUE_SOON if answer.review_due <= today + SOON else GOOD


@dataclass(frozen=True)
class Claim:
    """A fact that holds only as of a month, or an answer dated otherwise than the article."""

    answer: Answer
    fact: Fact | None
    month: str
    due: str


def claims(content: Content, today: date) -> list[Claim]:
    """Every claim that is bound to a date: the longest due answers first.

    Bound are answers that state a fact marked `dated`, answers that name their month in their text
    ({as_of}), and answers with a month of their own.
    """
    found = []
    for answer in content.answers.values():
        stated = (content.article.facts.get(id_) for id_ in answer.facts)
        facts: list[Fact | None] = [fact for fact in stated if fact and fact.dated]
        named = "{as_of}" in answer.answer + answer.more
        if not facts and (named or answer.as_of != content.article.as_of):
            facts = [None]
        month = month_words(answer.as_of)
        found += [Claim(answer, fact, month, due(answer, today)) for fact in facts]
    return sorted(found, key=lambda claim: (claim.answer.review_due, claim.answer.title))


def unstated(content: Content) -> list[Fact]:
    """Dated facts that no answer states."""
    stated = {id_ for answer in content.answers.values() for id_ in answer.facts}
    return [fact for fact in content.article.facts.values() if fact.dated and fact.id not in stated]
