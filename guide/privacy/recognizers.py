"""One Presidio recogniser for each entry `recognisers` of data/privacy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import regex
from presidio_analyzer import AnalysisExplanation, LocalRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts

DETAIL = "it"  # the group of an expression that is the detail, where that is not all of it
# A point after "Jan" or "Dr" ends no sentence.
_SENTENCE = regex.compile(r"(?<!\b\p{Lu}\p{Ll}{1,3})\.(?=\s)|[!?](?=\s)|\n")


@dataclass(frozen=True)
class Pattern:
    """`score` alone decides from 0.5; a context word before it adds 0.35."""

    name: str
    score: float
    regex: regex.Pattern[str]


@dataclass(frozen=True)
class Rule:
    """What the file says of one recogniser. `unless` drops what it finds in a sentence with such
    a word, except where a word of `context` stands there too."""

    name: str
    kind: str
    patterns: tuple[Pattern, ...]
    context: tuple[str, ...] = ()
    unless: regex.Pattern[str] | None = None
    despite: regex.Pattern[str] | None = None


class RuleRecognizer(LocalRecognizer):
    """Finds what the expressions of a rule match."""

    def __init__(self, rule: Rule) -> None:
        self._rule = rule
        super().__init__([rule.kind], name=rule.name, context=list(rule.context))

    def load(self) -> None:
        """Nothing."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts
    ) -> list[RecognizerResult]:
        """Every match, with the score of its pattern."""
        return [
            found(self, self._rule.kind, span, pattern.score, pattern.name)
            for pattern in self._rule.patterns
            for span in self._spans(pattern.regex, text)
            if not self._harmless(text, *span)
        ]

    @staticmethod
    def _spans(expression: regex.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
        part: str | int = DETAIL if DETAIL in expression.groupindex else 0
        for match in expression.finditer(text):
            yield from (span for span in match.spans(part) if span[0] < span[1])

    def _harmless(self, text: str, start: int, end: int) -> bool:
        if not self._rule.unless:
            return False
        begin = max((m.end() for m in _SENTENCE.finditer(text, 0, start)), default=0)
        after = _SENTENCE.search(text, end)
        sentence = text[begin:start] + " " + text[end : after.start() if after else len(text)]
        if self._rule.despite and self._rule.despite.search(sentence):
            return False
        return bool(self._rule.unless.search(sentence))


def found(
    by: LocalRecognizer, kind: str, span: tuple[int, int], score: float, pattern: str = ""
) -> RecognizerResult:
    """A finding as Presidio wants it. The explanation is needed where context adds to the score."""
    return RecognizerResult(
        kind, *span, score,
        analysis_explanation=AnalysisExplanation(type(by).__name__, score, pattern_name=pattern),
        recognition_metadata={
            RecognizerResult.RECOGNIZER_NAME_KEY: type(by).__name__,
            RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: by.id,
        },
    )  # fmt: skip
