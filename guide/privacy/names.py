"""Finds people's names: after words that announce one, and listed first names anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import regex
from presidio_analyzer import AnalysisExplanation, LocalRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts

from guide.privacy.lexicon import Lexicon, Sort, Word

NAME = "NAME"
# What may follow a cue: anything that is no function word; what can be a name; what is listed.
Trust = Literal["any", "likely", "listed"]

MOST_WORDS = 5
_GAP = regex.compile(r"[ \t]{0,3}(?:\n[ \t]*)?[(\"'\u201c]?")
_INSIDE = regex.compile(r"\.?[ \t]{1,2}|-")
_INITIAL = regex.compile(r"[ \t]{1,2}[A-Za-z]\.?(?!\w|['\u2019])")
# The sorts that a first word may be of: written small, and written with a capital.
_SMALL = {
    "any": {Sort.GIVEN, Sort.EITHER, Sort.FAMILY, Sort.UNKNOWN, Sort.PLACE, Sort.ORDINARY},
    "likely": {Sort.GIVEN, Sort.FAMILY, Sort.UNKNOWN},
    "listed": {Sort.GIVEN, Sort.FAMILY},
    "bare": {Sort.GIVEN},
}
_CAPITAL = {
    "any": _SMALL["any"] | {Sort.ALLOWED},
    "likely": _SMALL["any"],
    "listed": {Sort.GIVEN, Sort.EITHER, Sort.FAMILY, Sort.UNKNOWN},
    "bare": {Sort.GIVEN},
}
_FOLLOWING_SMALL = {Sort.FAMILY, Sort.GIVEN}
_FOLLOWING_CAPITAL = {
    Sort.GIVEN, Sort.EITHER, Sort.FAMILY, Sort.UNKNOWN, Sort.PLACE, Sort.ORDINARY,
}  # fmt: skip


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
        words = list(self._lexicon.words(text))
        telling = tells_by_capitals(words)
        found = [(span, 0.9) for span in self._announced(text, words, telling)]
        found += [(span, 0.8) for span in self._listed(text, words, telling)]
        return [
            RecognizerResult(
                NAME, start, end, score,
                analysis_explanation=AnalysisExplanation(self.name, score),
                recognition_metadata=self._identity(),
            )
            for (start, end), score in found
        ]  # fmt: skip

    def _identity(self) -> dict[str, Any]:
        return {
            RecognizerResult.RECOGNIZER_NAME_KEY: self.name,
            RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
        }

    def _announced(
        self, text: str, words: list[Word], telling: bool
    ) -> Iterator[tuple[int, int]]:
        starts = {word.start: index for index, word in enumerate(words)}
        for cue in self._cues:
            for match in cue.regex.finditer(text):
                gap = _GAP.match(text, match.end())
                index = starts.get(gap.end() if gap else match.end())
                if index is not None and self._begins(words[index], cue.trust, telling):
                    yield self._extended(text, words, index, telling, cue.trust)

    def _listed(self, text: str, words: list[Word], telling: bool) -> Iterator[tuple[int, int]]:
        for index, word in enumerate(words):
            if not self._begins(word, "bare", telling):
                continue
            start, end = self._extended(text, words, index, telling, "bare")
            before = words[index - 1].folded if index else ""
            if word.folded in self._lexicon.places and (
                before in self._places_after or end == word.end
            ):
                continue
            yield start, end

    @staticmethod
    def _begins(word: Word, trust: str, telling: bool) -> bool:
        kinds = _CAPITAL if word.capital and telling else _SMALL
        return word.sort in kinds[trust]

    def _extended(
        self, text: str, words: list[Word], index: int, telling: bool, trust: str
    ) -> tuple[int, int]:
        """From the first word of a name to its last."""
        start, end = words[index].start, words[index].end
        for word in words[index + 1 : index + MOST_WORDS]:
            if initial := _INITIAL.match(text, end):
                if word.end <= initial.end():
                    if word.folded in {"i", "a"}:
                        break
                    end = initial.end()
                    continue
            if not _INSIDE.fullmatch(text, end, word.start):
                break
            if word.folded in self._joiners:
                continue
            if not self._goes_on(word, telling, trust):
                break
            end = word.end
        return start, end

    def _goes_on(self, word: Word, telling: bool, trust: str) -> bool:
        if word.capital and telling:
            return word.sort in _FOLLOWING_CAPITAL
        if trust == "any" and word.sort is Sort.UNKNOWN:
            return True
        return word.sort in _FOLLOWING_SMALL


def tells_by_capitals(words: list[Word]) -> bool:
    """Whether a capital says something: not in a text that shouts or is written Like A Title."""
    longer = [word for word in words if len(word.text) > 2]
    capitals = sum(word.capital for word in longer)
    ordinary = sum(word.capital and word.sort in {Sort.ORDINARY, Sort.NEVER} for word in longer)
    return capitals <= 3 or ordinary * 2 < capitals or capitals * 2 < len(longer)
