"""The urgent screen: what must raise the alarm, what must not, and that nothing brings it down."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guide.safety import Urgent, load_patterns, screen
from guide.safety.screen import _Stretch
from guide.safety.text import pieces
from tests.unit.safety.examples import (
    CRISES,
    EMERGENCIES,
    HARMLESS,
    OTHER_LANGUAGES,
    SPANISH,
    URGENT,
)  # fmt: skip


@pytest.mark.parametrize("text", EMERGENCIES)
def test_emergency(text: str) -> None:
    found = screen(text)
    assert found is not None
    assert found.kind == "emergency"


@pytest.mark.parametrize("text", CRISES)
def test_crisis(text: str) -> None:
    found = screen(text)
    assert found is not None
    assert found.kind == "crisis"


@pytest.mark.parametrize("text", URGENT)
def test_urgent(text: str) -> None:
    found = screen(text)
    assert found is not None
    assert found.kind == "urgent"


@pytest.mark.parametrize(("text", "kind"), SPANISH)
def test_spanish(text: str, kind: str) -> None:
    found = screen(text)
    assert found is not None
    assert (found.kind, found.language) == (kind, "es")


@pytest.mark.parametrize(("text", "kind", "language"), OTHER_LANGUAGES)
def test_other_languages(text: str, kind: str, language: str) -> None:
    found = screen(text)
    assert found is not None
    assert (found.kind, found.language) == (kind, language)


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless(text: str) -> None:
    assert screen(text) is None


@pytest.mark.parametrize(
    "text",
    ["I took all my pills to end it", "swallowed a whole bottle of tylenol because I want to die"],
)
def test_pills_already_taken_are_both(text: str) -> None:
    assert screen(text) == Urgent("emergency", "overdose", "en", also_crisis=True)


def test_crisis_goes_before_urgent() -> None:
    found = screen("I ran out of prednisone three days ago and I want to die")
    assert found is not None
    assert found.kind == "crisis"


def test_danger_at_the_end_of_a_long_message() -> None:
    story = "My clinic is far away and the letters are long. " * 400
    found = screen(story + "I can't breathe.")
    assert found is not None
    assert found.kind == "emergency"


def test_every_expression_compiles() -> None:
    patterns = load_patterns()
    guards = (patterns.harmless, patterns.over, patterns.now, patterns.told_of, patterns.telling)
    for index in (patterns.signs, *guards, patterns.perhaps_asking, patterns.asking):
        for phrase in index:
            for atom in phrase.atoms:
                assert not atom.regex.search("")


def test_every_sign_is_shown_by_an_example() -> None:
    """A sign that none of the messages here shows may have lost its words unnoticed."""
    others = [text for text, *_ in (*SPANISH, *OTHER_LANGUAGES)]
    patterns = load_patterns()
    shown = set()
    for text in (*EMERGENCIES, *CRISES, *URGENT, *others):
        line = patterns.spelling.line(pieces(text))
        shown |= {sign.name for sign in _Stretch(line, patterns).signs()}
    assert {phrase.sign.name for phrase in patterns.signs if phrase.sign} == shown


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(), max_size=300))
def test_never_raises(text: str) -> None:
    screen(text)


WORDS = ["i", "my", "chest", "pain", "cant", "breath", "no", "dont", "want", "die", "fever", "39",
         "38.5", "infusion", ",", ".", "?", "the", "of", "pills", "blood", "he", "is", "if", "it",
         "blue", "tight", "since", "cells", "hurts", "and", "arm", "numb"]  # fmt: skip


@settings(max_examples=15, deadline=None)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=12))
def test_time_is_bounded(words: list[str]) -> None:
    text = (" ".join(words) + " ") * (50_000 // (len(" ".join(words)) + 1))
    started = time.perf_counter()
    screen(text)
    assert time.perf_counter() - started < 15


def test_a_long_message_takes_a_blink() -> None:
    text = " ".join([*EMERGENCIES, *HARMLESS])[:2_000]
    screen(text)
    started = time.perf_counter()
    screen(text)
    assert time.perf_counter() - started < 0.5


def test_a_usual_message_takes_a_millisecond() -> None:
    texts = [*HARMLESS, *EMERGENCIES]
    for text in texts:
        screen(text)
    started = time.perf_counter()
    for text in texts:
        screen(text)
    # Well below one each; the rest is room for a busy machine.
    assert time.perf_counter() - started < 0.005 * len(texts)
