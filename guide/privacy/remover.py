"""Finds personal details in texts and values, and takes them out."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import regex
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.predefined_recognizers import SpacyRecognizer
from presidio_analyzer.recognizer_registry import RecognizerRegistry
from spacy.tokens import Doc

from guide.privacy.engine import LANGUAGE, ReadyDocuments
from guide.privacy.lexicon import fold
from guide.privacy.loader import Rules, load_rules
from guide.privacy.names import NAME, NameRecognizer, Reading, may_be_name
from guide.privacy.reading import english
from guide.privacy.recognizers import RuleRecognizer
from guide.privacy.spans import PLACEHOLDER, Detail, merged, replaced

SURE = 0.5  # what scores less is no detail
# Longer texts are read in pieces, which overlap by more than the longest detail.
PIECE, OVERLAP = 2_400, 200
UNREAD = "UNREAD"  # the kind of a text in which nothing could be sought
DEEPEST = 40  # of nested values
ROUNDS = 5  # a text without one detail may show another; two are the rule
_LOG = logging.getLogger(__name__)
_SURROGATES = regex.compile("[\ud800-\udfff]")
_INITIALS = regex.compile(r"(?<!\w)(?:\p{Lu}\.[ \t]?){1,3}\Z")
_KINDS = {"PERSON": NAME}
ADDRESS = "ADDRESS"
_STATE = 2  # letters of a state in short
_SHORT = 50  # characters of a city with its state and country
SURE_ADDRESS = 0.7  # above it an address has a number


class Remover:
    """Personal details in words that patients wrote. Needs no network; safe for any text.

    Raises:
        PrivacyError: data/privacy has faults.
    """

    def __init__(self, rules: Rules | None = None) -> None:
        self._rules = rules or load_rules()
        self._documents = ReadyDocuments(english)
        # At debug level Presidio logs the words around a finding.
        logging.getLogger("presidio-analyzer").setLevel(logging.ERROR)
        registry = RecognizerRegistry(
            recognizers=[
                *map(RuleRecognizer, self._rules.rules),
                NameRecognizer(
                    self._rules.cues, self._rules.lexicon, self._rules.joiners,
                    self._rules.places_after,
                ),
                SpacyRecognizer(supported_entities=["PERSON"], ner_strength=0.6),
            ],
            supported_languages=[LANGUAGE],
        )  # fmt: skip
        self._analyzer = AnalyzerEngine(
            registry=registry, nlp_engine=self._documents, supported_languages=[LANGUAGE]
        )

    def find(self, text: str | None, doc: Doc | None = None) -> tuple[Detail, ...]:
        """The details of a text, in order, without overlaps.

        Args:
            text: a message.
            doc: its spaCy document, where there is one. One of another text is not used.

        Never raises: a text that cannot be searched is one detail of the kind `UNREAD`.
        """
        if not isinstance(text, str) or not text.strip():
            return ()
        plain = _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", text)
        if len(plain) <= PIECE:
            ready = doc if doc is not None and doc.text == plain else None
            return merged(self._in_piece(plain, ready))
        return merged(self._in_long(plain))

    def clean(self, text: str | None, doc: Doc | None = None) -> str:
        """The text with a placeholder such as `<NAME>` for each detail; "" for no text.

        Cleaning what was cleaned changes nothing.
        """
        if not isinstance(text, str):
            return ""
        for _ in range(ROUNDS):
            details = self.find(text, doc)
            if not details:
                break
            text, doc = replaced(text, details), None
        return text

    def clean_value(self, value: Any, depth: int = 0) -> Any:
        """A JSON value with every text in it cleaned; what the guide itself put there stays.

        Numbers and the values of own keys (data/privacy, `own_keys`) are left. What is nested
        deeper than any value of ours becomes None.
        """
        if depth > DEEPEST:
            return None
        if isinstance(value, str):
            return self._clean_short(value)
        if isinstance(value, dict):
            return {
                key: item if key in self._rules.own_keys else self.clean_value(item, depth + 1)
                for key, item in value.items()
            }
        if isinstance(value, list | tuple):
            return [self.clean_value(item, depth + 1) for item in value]
        return value

    def _clean_short(self, text: str) -> str:
        if any(pattern.fullmatch(text) for pattern in self._rules.own_values):
            return text
        return self.clean(text)

    def _in_long(self, text: str) -> Iterator[Detail]:
        """Each detail from the piece that has most of what stands around it."""
        step = PIECE - OVERLAP
        for start in range(0, len(text) - OVERLAP, step):
            piece = text[start : start + PIECE]
            first = start + OVERLAP // 2 if start else 0
            last = first + step if start else step + OVERLAP // 2
            for detail in self._in_piece(piece, None):
                if first <= start + detail.start < last or start + PIECE >= len(text):
                    yield Detail(start + detail.start, start + detail.end, detail.kind)

    def _in_piece(self, text: str, doc: Doc | None) -> Iterator[Detail]:
        try:
            results = self._analyzer.analyze(
                text,
                LANGUAGE,
                nlp_artifacts=self._documents.artifacts(doc or self._documents.read(text)),
                score_threshold=SURE,
            )
        except Exception as error:  # whatever it is: its message may hold the patient's words
            _LOG.error(
                "A text could not be searched (%s): none of it is kept", type(error).__name__
            )
            yield Detail(0, len(text), UNREAD)
            return
        # Of two kinds for the same words the surer one is told, and any before a guess.
        results.sort(key=lambda result: (result.entity_type != "PERSON", result.score))
        results = list({(found.start, found.end): found for found in results}.values())
        kept = sorted(self._kept(text))
        reading = Reading.of(text, self._rules.lexicon)
        for result in results:
            kind = _KINDS.get(result.entity_type, result.entity_type)
            guessed = result.entity_type == "PERSON"
            # A city's name in an address is part of it.
            terms = [] if kind == ADDRESS and result.score > SURE_ADDRESS else kept
            for start, end in _without(result.start, result.end, terms):
                inside = [word for word in reading.words if start <= word.start < end]
                if guessed or (kind == NAME and end - start < result.end - result.start):
                    # A guess, or the rest of a name that holds a term: the words that are names.
                    inside = [word for word in inside if may_be_name(word, reading)]
                    if not inside:
                        continue
                    start, end = inside[0].start, inside[-1].end
                if kind == NAME and (initials := _INITIALS.search(text, max(0, start - 12), start)):
                    start = initials.start()
                yield Detail(start, end, kind)

    def _kept(self, text: str) -> Iterator[tuple[int, int]]:
        """What is never taken out: placeholders and what data/privacy allows."""
        if self._only_places(text):
            yield 0, len(text)
        for expression in (PLACEHOLDER, *self._rules.kept):
            for match in expression.finditer(text):
                yield match.span()

    def _only_places(self, text: str) -> bool:
        """Whether a text says nothing but where: "Austin, Texas"."""
        parts = [part.strip(" .!?\n") for part in text.split(",")]
        return len(text) <= _SHORT and all(map(self._is_place, parts))

    def _is_place(self, words: str) -> bool:
        known = self._rules.lexicon.places
        if fold(words) in known or (len(words) == _STATE and words.isupper()):
            return True
        return any(e.fullmatch(words) for e in self._rules.kept)


def _without(start: int, end: int, kept: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The parts of a span outside others."""
    for first, last in kept:
        if first >= end or last <= start:
            continue
        if start < first:
            yield start, first
        start = max(start, last)
    if start < end:
        yield start, end


@lru_cache(maxsize=1)
def remover() -> Remover:
    """The one remover of this process."""
    return Remover()
