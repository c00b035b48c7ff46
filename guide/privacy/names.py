"""Finds people's names: after words that announce one, and listed first names anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import regex
from presidio_analyzer import LocalRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts

from guide.privacy.lexicon import Lexicon, Sort, Word
from guide.privacy.recognizers import found

NAME = "NAME"
# What may follow a cue: anything that is no function word; what can be a name; what is listed; what
# is in the lists of names, or has a capital and is no word; what may be a slip, written small; what
# is listed, has a capital and is no place; what the lists have, words that are names too among it.
Trust = Literal["any", "likely", "listed", "shown", "small", "doubtful", "known"]

MOST_WORDS = 5
_FEW = 4  # words: a name and a city have capitals and are no title
_NO_INITIALS = frozenset("iayeounr")  # more often words, unless a point or a capital says not
_GAP = regex.compile(r"[ \t]{0,3}(?:\n[ \t]*)?[(\"'\u201c]?(?:\p{Lu}\.[ \t]?){0,2}")
_INSIDE = regex.compile(r"[\"\u201d]?[ \t]{1,2}[\"\u201c]?|-")
_SUFFIX = regex.compile(r"[\"\u201d]?,?[ \t](?:[JSjs][Rr]\b\.?|III?\b)")
_AND = regex.compile(r"[ \t](?:and|&)[ \t]", regex.IGNORECASE)
_NEXT = regex.compile(r",[ \t](?:(?:and|&)[ \t])?(?=\p{Lu})", regex.IGNORECASE)
_COMMA = regex.compile(r",[ \t]")
_INITIAL = regex.compile(r"[ \t]{1,2}[A-Za-z]\.?(?!\w|['\u2019/])")
# Another name of the same person: 'Giuseppe, "Pino"'.
_BY_NAME = regex.compile(r",?[ \t]\(?[\"\u201c](?=\p{Lu}\p{Ll}+[\"\u201d])")
_LEAST_REPEATED = 3  # letters: shorter names are other words too
_GOES_ON_WITH = regex.compile(r"[.,'\u2019!:;)\"-]|\Z")
# The sorts that a first word may be of: written small, and written with a capital.
_ANY = {
    Sort.GIVEN, Sort.EITHER, Sort.FAMILY, Sort.STRANGE, Sort.SLIP, Sort.PLACE, Sort.ORDINARY,
}  # fmt: skip
_LISTED = {Sort.GIVEN, Sort.FAMILY, Sort.STRANGE}
_SMALL = {
    "any": _ANY,
    "likely": _LISTED,
    "listed": _LISTED,
    "shown": {Sort.GIVEN, Sort.FAMILY},
    "small": {Sort.SLIP},
    "doubtful": set(),
    "known": {Sort.GIVEN, Sort.EITHER},
    "bare": {Sort.GIVEN},
}
_CAPITAL = {
    "any": _ANY | {Sort.ALLOWED},
    "likely": _ANY,
    "listed": _LISTED | {Sort.EITHER, Sort.SLIP},
    "shown": _LISTED | {Sort.EITHER},
    "small": set(),
    "doubtful": {Sort.GIVEN, Sort.FAMILY},
    "known": {Sort.GIVEN, Sort.FAMILY, Sort.EITHER},
    "bare": {Sort.GIVEN},
}
# A name alone, in a row of two or more: with capitals, and without.
_ROW_CAPITAL = {Sort.GIVEN, Sort.FAMILY, Sort.STRANGE}
# In a text of another language small words that no list has are its own.
_FOREIGN = 0.34


@dataclass(frozen=True)
class Cue:
    """Words after which a name stands."""

    name: str
    trust: Trust
    regex: regex.Pattern[str]


class NameRecognizer(LocalRecognizer):
    """Names by the cues of data/privacy and by its lists."""

    def __init__(
        self, cues: tuple[Cue, ...], lexicon: Lexicon, joiners: frozenset[str],
        places_after: frozenset[str],
    ) -> None:  # fmt: skip
        self._cues, self._lexicon = cues, lexicon
        self._joiners, self._places_after = joiners, places_after
        super().__init__(supported_entities=[NAME], name="names")

    def load(self) -> None:
        """Nothing."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts
    ) -> list[RecognizerResult]:
        """Names with score 0.9 after a cue, 0.8 elsewhere."""
        reading = Reading.of(text, self._lexicon)
        announced = list(self._announced(reading))
        spans = [(span, 0.9) for span in announced]
        spans += [(span, 0.8) for span in self._alone(reading)]
        spans += [(span, 0.8) for span in self._repeated(reading, announced)]
        return [found(self, NAME, span, score) for span, score in spans]

    def _announced(self, reading: Reading) -> Iterator[tuple[int, int]]:
        starts = {word.start: index for index, word in enumerate(reading.words)}
        for cue in self._cues:
            for match in cue.regex.finditer(reading.text):
                gap = _GAP.match(reading.text, match.end())
                index = starts.get(gap.end() if gap else match.end())
                if index is None or not self._begins(reading, index, cue.trust):
                    continue
                span: tuple[int, int] | None = self._extended(reading, index, cue.trust)
                while span:
                    yield span
                    span = self._second(reading, span[1], starts)

    @staticmethod
    def _repeated(reading: Reading, announced: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
        """Where an announced name stands again: "Junior. My name is Junior."."""
        inside = {word.start for word in _inside(reading.text, reading.words)}
        told = {
            word.text
            for start, end in announced
            for word in reading.words
            if start <= word.start < end and word.capital and not word.shouted
            and len(word.text) >= _LEAST_REPEATED
        }  # fmt: skip
        for word in reading.words:
            if word.text not in told or not reading.telling:
                continue
            # At the head of a sentence every word has a capital.
            if word.start in inside or _GOES_ON_WITH.match(reading.text, word.end):
                yield word.start, word.end

    def _second(self, reading: Reading, end: int, starts: dict[int, int]) -> tuple[int, int] | None:
        """The name after "and", a comma or in quotes: "my kids Jo, Will and Paisley"."""
        trusts: tuple[tuple[regex.Pattern[str], Trust], ...] = (
            (_BY_NAME, "any"), (_AND, "likely"), (_NEXT, "known"),
        )  # fmt: skip
        for expression, trust in trusts:
            joint = expression.match(reading.text, end)
            index = starts.get(joint.end()) if joint else None
            if index is None or not reading.words[index].capital:
                continue
            place = trust == "known" and reading.words[index].folded in self._lexicon.places
            if not place and self._begins(reading, index, trust):
                return self._extended(reading, index, trust)
        return None

    def _alone(self, reading: Reading) -> Iterator[tuple[int, int]]:
        """Listed first names, and rows of words that only names are made of."""
        for index, word in enumerate(reading.words):
            row = self._row(reading, index)
            if not row and not self._begins(reading, index, "bare"):
                continue
            start, end = self._extended(reading, index, "bare")
            if row and end == word.end and not self._begins(reading, index, "bare"):
                continue
            start = self._family_first(reading, index)
            before = reading.words[index - 1].folded if index else ""
            if word.folded in self._lexicon.places and (
                before in self._places_after or end == word.end
            ):
                continue
            yield start, end

    @staticmethod
    def _family_first(reading: Reading, index: int) -> int:
        """Where the name begins: "Okafor, Grace R" has the family name before the comma."""
        word = reading.words[index]
        if index and word.sort is Sort.GIVEN and word.capital:
            last = reading.words[index - 1]
            after = _COMMA.fullmatch(reading.text, last.end, word.start)
            if after and last.capital and last.sort in {Sort.FAMILY, Sort.STRANGE}:
                return last.start
        return word.start

    @staticmethod
    def _row(reading: Reading, index: int) -> bool:
        """Whether this word and the next are no words but names, both with capitals or neither."""
        pair = reading.words[index : index + 2]
        if len(pair) < 2 or any(word.shouted for word in pair):
            return False
        if reading.telling and all(word.capital for word in pair):
            return all(word.sort in _ROW_CAPITAL for word in pair)
        if reading.foreign or any(word.capital for word in pair):
            return False
        sorts = {word.sort for word in pair}
        return sorts <= _LISTED and bool(sorts & {Sort.GIVEN, Sort.FAMILY})

    def _begins(self, reading: Reading, index: int, trust: str) -> bool:
        word = reading.words[index]
        capital = word.capital and reading.telling
        if word.shouted and reading.telling and trust != "any" and word.sort is not Sort.GIVEN:
            return False
        if trust == "doubtful" and word.folded in self._lexicon.places:
            return False
        if trust in {"listed", "likely"} and word.sort is Sort.EITHER:
            return capital or word.folded in self._lexicon.nouns or _before_family(reading, index)
        if not capital and reading.foreign and word.sort is Sort.STRANGE and trust != "any":
            return False
        return word.sort in (_CAPITAL if capital else _SMALL)[trust]

    def _extended(self, reading: Reading, index: int, trust: str) -> tuple[int, int]:
        """From the first word of a name to its last."""
        text, words = reading.text, reading.words
        start, end = words[index].start, words[index].end
        last, joined = end, False
        for word in words[index + 1 : index + MOST_WORDS]:
            initial = _INITIAL.match(text, last)
            if initial and word.end <= initial.end() and _is_initial(initial.group()):
                end = last = initial.end()
                continue
            if not _INSIDE.fullmatch(text, last, word.start):
                break
            last = word.end
            if word.folded in self._joiners and not joined:
                joined = True
                continue
            if not self._goes_on(reading, word, trust if not joined else "listed"):
                break
            end, joined = last, False
        suffix = _SUFFIX.match(text, end)
        return start, suffix.end() if suffix else end

    def _goes_on(self, reading: Reading, word: Word, trust: str) -> bool:
        if word.capital and reading.telling:
            return word.sort in _ANY and not (word.shouted and trust != "any")
        if word.sort is Sort.STRANGE:
            return trust == "any" or not reading.foreign
        if word.sort is Sort.SLIP:
            return trust != "bare" and not reading.foreign and len(word.text) > 3
        shouting = word.shouted and not reading.telling and trust != "bare"
        if (trust in {"any", "shown"} or shouting) and word.folded in self._lexicon.family_too:
            return word.text.lower() != reading.text[: word.start].split()[-1].lower()
        return word.sort in {Sort.FAMILY, Sort.GIVEN} or word.folded in self._lexicon.follow


@dataclass(frozen=True)
class Reading:
    """A text as words. `telling`: capitals say something in it; `foreign`: it is not English."""

    text: str
    words: list[Word]
    telling: bool
    foreign: bool

    @classmethod
    def of(cls, text: str, lexicon: Lexicon) -> Reading:
        """Read a text."""
        words = list(lexicon.words(text))
        strange = sum(word.sort in {Sort.STRANGE, Sort.SLIP} and not word.capital for word in words)
        foreign = strange > 2 and strange > _FOREIGN * len(words)
        return cls(text, words, tells_by_capitals(words, _inside(text, words)), foreign)


def _inside(text: str, words: list[Word]) -> list[Word]:
    """The words that begin no sentence: their capitals are chosen."""
    return [word for word in words if text[: word.start].rstrip()[-1:] not in {"", ".", "!", "?"}]


def tells_by_capitals(words: list[Word], inside: list[Word]) -> bool:
    """Whether a capital says something: not in a text that shouts or is written Like A Title.

    Args:
        words: all words of a text.
        inside: those that begin no sentence.
    """
    if len(words) <= _FEW or sum(word.capital for word in words if len(word.text) > 2) <= 3:
        return True
    longer = [word for word in inside if len(word.text) > 2]
    capitals = sum(word.capital for word in longer)
    ordinary = sum(word.capital and word.sort in {Sort.ORDINARY, Sort.NEVER} for word in longer)
    return ordinary * 2 < capitals or capitals * 2 < len(longer)


def _before_family(reading: Reading, index: int) -> bool:
    """Whether a family name follows at once: "rich duffy"."""
    pair = reading.words[index : index + 2]
    between = reading.text[pair[0].end : pair[-1].start]
    return pair[-1].sort is Sort.FAMILY and between == " "


def may_be_name(word: Word, reading: Reading) -> bool:
    """Whether to believe a guess that this word is a name."""
    if word.sort is Sort.GIVEN:
        return True
    if not (word.capital and reading.telling) or word.shouted:
        return False
    return word.sort in {Sort.STRANGE, Sort.SLIP, Sort.EITHER, Sort.FAMILY}


def _is_initial(shown: str) -> bool:
    letter = shown.strip().rstrip(".")
    if letter in {"I", "A"}:
        return shown.endswith(".")
    return shown.endswith(".") or letter not in _NO_INITIALS
