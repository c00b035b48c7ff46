"""What kind of word a word is: a name, an ordinary word, or both."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['\u2019\-](?=[^\W\d_]))*")
_POSSESSIVE = re.compile(r"['\u2019][sS]$")
# NFKD leaves these whole.
_LETTERS = str.maketrans(
    {"\u2019": "'", "ł": "l", "đ": "d", "ø": "o", "ß": "ss", "æ": "ae", "ı": "i"}
)
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
    SLIP = "in no list, but a letter from a word that patients often write"
    STRANGE = "in no list"


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

    @property
    def shouted(self) -> bool:
        """All in capitals, as abbreviations are: SLEDAI."""
        return len(self.text) > 1 and self.text.isupper()


@dataclass(frozen=True)
class Lexicon:
    """Folded words by what they are; `family` holds no ordinary words but those that are names
    first ("smith")."""

    never: frozenset[str]
    allowed: frozenset[str]
    given: frozenset[str]
    either: frozenset[str]
    family: frozenset[str]
    family_too: frozenset[str]  # family names that are ordinary words, though no frequent ones
    places: frozenset[str]
    nouns: frozenset[str]  # those of `either` that no verb or adjective is spelled like
    follow: frozenset[str]  # words that go on a name, also written small
    ordinary: frozenset[str]
    common: frozenset[str]  # words as patients write them

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
        if self.is_ordinary(folded):
            return Sort.ORDINARY
        return Sort.SLIP if self._is_slip(folded) else Sort.STRANGE

    @cached_property
    def _near(self) -> frozenset[str]:
        """What is left of each common word without one of its letters."""
        return frozenset(
            short for word in self.common if len(word) > 3 for short in _without_one(word)
        )

    def _is_slip(self, word: str) -> bool:
        """A letter more, less, wrong or misplaced, or a space forgotten. Too many rather than too
        few: with a capital it may be a name all the same."""
        if len(word) < 4:
            return True
        if word in self._near or any(
            s in self.common or s in self._near for s in _without_one(word)
        ):
            return True
        return any(
            word[:i] in self.common and word[i:] in self.common for i in range(2, len(word) - 1)
        )

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
            sort = self.sort(folded)
            if sort is Sort.SLIP and folded != shown.lower().replace("\u2019", "'"):
                sort = Sort.STRANGE  # no slip of an English word has an accent
            yield Word(match.start(), match.start() + len(shown), shown, folded, sort)


def fold(text: str) -> str:
    """Small letters, no accents, straight apostrophes."""
    split = unicodedata.normalize("NFKD", text.lower().translate(_LETTERS))
    return "".join(sign for sign in split if not unicodedata.combining(sign))


def _without_one(word: str) -> Iterator[str]:
    return (word[:i] + word[i + 1 :] for i in range(len(word)))


def _roots(word: str) -> Iterator[str]:
    for ending, rest in _ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 1:
            root = word[: -len(ending)]
            yield root + rest
            if len(root) > 2 and root[-1] == root[-2]:
                yield root[:-1]
