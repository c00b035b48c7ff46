"""What kind of word a word is: a name, an ordinary word, or both."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['\u2019\-](?=[^\W\d_]))*")
_POSSESSIVE = re.compile(r"['\u2019][sS]$")
# Endings of English inflection and what the listed form ends in.
_ENDINGS = (
    ("s", ""), ("es", ""), ("ies", "y"), ("ed", ""), ("d", ""), ("ied", "y"), ("ing", ""),
    ("ing", "e"), ("ly", ""), ("er", ""), ("r", ""), ("ier", "y"), ("est", ""), ("st", ""),
    ("iest", "y"),
)  # fmt: skip


class Sort(Enum):
    """Of a word alone, without what stands around it."""

    NEVER = "ends a name wherever it stands"
    ALLOWED = "a term of the field"
    GIVEN = "a first name and nothing else"
    EITHER = "a first name and an ordinary word"
    FAMILY = "a family name and no ordinary word"
    PLACE = "a city, state or country"
    ORDINARY = "an English word"
    UNKNOWN = "in no list"


@dataclass(frozen=True)
class Word:
    """A word of a text; `end` leaves a possessive 's out."""

    start: int
    end: int
    text: str
    folded: str
    sort: Sort

    @property
    def capital(self) -> bool:
        return self.text[0].isupper()


@dataclass(frozen=True)
class Lexicon:
    """Folded words by what they are; `family` holds no ordinary words but those that are names
    first ("smith")."""

    never: frozenset[str]
    allowed: frozenset[str]
    given: frozenset[str]
    either: frozenset[str]
    family: frozenset[str]
    places: frozenset[str]
    ordinary: frozenset[str]

    def sort(self, folded: str) -> Sort:
        """The first of the lists, in the order of `Sort`, that has the word."""
        if folded in self.never:
            return Sort.NEVER
        if folded in self.allowed:
            return Sort.ALLOWED
        if folded in self.either:
            return Sort.EITHER
        if folded in self.given:
            return Sort.GIVEN
        if folded in self.family:
            return Sort.FAMILY
        if folded in self.places:
            return Sort.PLACE
        return Sort.ORDINARY if self.is_ordinary(folded) else Sort.UNKNOWN

    def is_ordinary(self, folded: str) -> bool:
        """Whether a dictionary has the word, in this form or another."""
        parts = [part for part in re.split(r"[-']", folded) if part]
        return all(self._listed(part) for part in parts)

    def _listed(self, word: str) -> bool:
        return word in self.ordinary or any(form in self.ordinary for form in _roots(word))

    def words(self, text: str) -> Iterator[Word]:
        """The words of a text, in order."""
        for match in WORD.finditer(text):
            shown = _POSSESSIVE.sub("", match.group())
            folded = fold(shown)
            yield Word(match.start(), match.start() + len(shown), shown, folded, self.sort(folded))


def fold(text: str) -> str:
    """Small letters, no accents, straight apostrophes."""
    split = unicodedata.normalize("NFKD", text.lower().replace("\u2019", "'"))
    return "".join(sign for sign in split if not unicodedata.combining(sign))


def _roots(word: str) -> Iterator[str]:
    for ending, rest in _ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 1:
            root = word[: -len(ending)]
            yield root + rest
            if len(root) > 2 and root[-1] == root[-2]:
                yield root[:-1]
