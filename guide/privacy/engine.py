"""Presidio on a spaCy document that is there already: no model is fetched, none is run twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Any

from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine
from spacy.lang.en.stop_words import STOP_WORDS
from spacy.language import Language
from spacy.tokens import Doc

LANGUAGE = "en"


class ReadyDocuments(NlpEngine):
    """Makes Presidio's view of a document, and the document too where none is given."""

    def __init__(self, load: Callable[[], Language]) -> None:
        self._load = load

    @cached_property
    def _nlp(self) -> Language:
        return self._load()

    def read(self, text: str) -> Doc:
        """The document of a text; the model is loaded at the first."""
        return self._nlp(text)

    def artifacts(self, doc: Doc, language: str = LANGUAGE) -> NlpArtifacts:
        """What Presidio's recognisers look at."""
        return NlpArtifacts(
            entities=[span for span in doc.ents if span.label_ == "PERSON"],
            tokens=doc,
            tokens_indices=[token.idx for token in doc],
            # The words themselves: a document may come without lemmas.
            lemmas=[token.lower_ for token in doc],
            nlp_engine=self,
            language=language,
        )

    def load(self) -> None:
        """Nothing: the model is loaded when the first text comes without a document."""

    def is_loaded(self) -> bool:
        """Always, or Presidio would load a model of its own choice."""
        return True

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        """A text to Presidio's view."""
        return self.artifacts(self.read(text), language)

    def process_batch(
        self, texts: Iterable[str], language: str, *_: Any, **__: Any
    ) -> Iterator[tuple[str, NlpArtifacts]]:
        """Texts one after the other."""
        for text in texts:
            yield text, self.process_text(text, language)

    def is_stopword(self, word: str, language: str) -> bool:
        """Such as "the"."""
        return word.lower() in STOP_WORDS

    def is_punct(self, word: str, language: str) -> bool:
        """No letters and no digits."""
        return not any(sign.isalnum() for sign in word)

    def get_supported_entities(self) -> list[str]:
        """What spaCy's names are called."""
        return ["PERSON"]

    def get_supported_languages(self) -> list[str]:
        """Ours only."""
        return [LANGUAGE]
