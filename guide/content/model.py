"""What the guide knows, as plain values."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True)
class Fact:
    """One statement of the article in our own words (`dated`: true only as of its month)."""

    id: str
    section: str
    text: str
    note: str = ""
    dated: bool = False


@dataclass(frozen=True)
class Reference:
    """One reference of the article; `link` may be empty, `flag` is for staff only."""

    id: str
    citation: str
    link: str = ""
    flag: str = ""


@dataclass(frozen=True)
class Answer:
    """One curated answer (a file of data/faq). Texts are Markdown: bold, lists, links."""

    id: str
    title: str
    answer: str
    more: str
    facts: tuple[str, ...]
    references: tuple[str, ...]
    related: tuple[str, ...]
    as_of: str
    review_due: date
    reviewed_by: str
    reviewed_on: str
    questions: tuple[str, ...]


@dataclass(frozen=True)
class Article:
    """The one source of every answer."""

    title: str
    publisher: str
    author: str
    contact: str
    as_of: str
    facts: Mapping[str, Fact]


@dataclass(frozen=True)
class Content:
    """All that the guide knows: the article, its references, the answers, and example messages.

    `examples` maps an intent to its messages, the answers' own questions included. `version` is
    a hash of the files, given with every reply. `reviewed` are those of the examples that staff
    taught.
    """

    article: Article
    references: Mapping[str, Reference]
    answers: Mapping[str, Answer]
    examples: Mapping[str, tuple[str, ...]]
    terms: Mapping[str, tuple[str, ...]]
    version: str
    by_title: Mapping[str, str] = field(default_factory=dict)
    reviewed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def month_words(as_of: str) -> str:
    """`2025-06` as "June 2025"."""
    year, month = as_of.split("-")[:2]
    return f"{MONTHS[int(month) - 1]} {year}"


def unknown_answers(
    answers: Iterable[str], intents: Container[str], responses: Container[str]
) -> list[str]:
    """Ids of answers that a model of these intents and responses cannot give."""
    return sorted(id_ for id_ in answers if id_ not in intents or f"utter_{id_}" not in responses)
