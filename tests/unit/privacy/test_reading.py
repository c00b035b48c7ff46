"""The names that spaCy finds do not depend on the parts of its model that are left out."""

from __future__ import annotations

import spacy

from guide.privacy.reading import MODEL, english

SAID = (
    "Dr. Priya Raman at Boston Medical told my brother Tom Becker that it may help him.",
    "hi im Sarah Whitfield from Ohio, my nurse Keisha said call on Tuesday",
    "Does Medicare pay for CAR T? Kaleidoscope wrote about it in June 2025.",
    "no names at all in here",
)


def test_names_are_those_of_the_whole_model() -> None:
    whole = spacy.load(MODEL, disable=["parser"])
    for text in SAID:
        ours = [(entity.text, entity.label_) for entity in english()(text).ents]
        assert ours == [(entity.text, entity.label_) for entity in whole(text).ents]
    assert any(entity.label_ == "PERSON" for entity in english()(SAID[0]).ents)


def test_it_is_loaded_once() -> None:
    assert english() is english()
    assert english().pipe_names == ["ner"]
