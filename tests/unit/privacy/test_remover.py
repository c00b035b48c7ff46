"""The remover as the store uses it."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from guide.privacy import Detail, Remover, remover
from guide.privacy.engine import ReadyDocuments
from guide.privacy.reading import MODEL
from guide.privacy.spans import PLACEHOLDER

TEXT = "my name is Sarah and my number is 212-555-0143"


def test_where_details_stand(own: Remover) -> None:
    found = own.find(TEXT)
    assert found == (Detail(11, 16, "NAME"), Detail(34, 46, "PHONE"))
    assert [TEXT[d.start : d.end] for d in found] == ["Sarah", "212-555-0143"]


def test_the_pipelines_document_is_used(own: Remover, monkeypatch: pytest.MonkeyPatch) -> None:
    doc = spacy.load(MODEL)(TEXT)

    def refuse(self: ReadyDocuments, text: str) -> None:
        raise AssertionError("a second document was made")

    expected = own.find(TEXT)
    monkeypatch.setattr(ReadyDocuments, "read", refuse)
    assert own.find(TEXT, doc) == expected


def test_a_document_of_another_text_is_not_used(own: Remover) -> None:
    assert own.find(TEXT, spacy.blank("en")("something else")) == own.find(TEXT)


def test_a_text_that_cannot_be_searched_is_not_kept(
    own: Remover, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(self: ReadyDocuments, text: str) -> None:
        raise ValueError(f"cannot read {text}")

    monkeypatch.setattr(ReadyDocuments, "read", fail)
    assert own.clean(TEXT) == "<UNREAD>"
    assert "ValueError" in caplog.text and "Sarah" not in caplog.text


@pytest.mark.parametrize("nothing", [None, "", "  \n", 7])
def test_no_text(own: Remover, nothing: Any) -> None:
    assert own.find(nothing) == ()
    assert own.clean(nothing) == (nothing if isinstance(nothing, str) else "")


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("\ud800my name is Sarah\udfff", "\ud800my name is <NAME>\udfff"),
        ("\0 ssn 123-45-6789 \0", "\0 ssn <SSN> \0"),
        ("<script>alert('x')</script>", "<script>alert('x')</script>"),
        ("<NAME> and <PHONE> and <FOO>", "<NAME> and <PHONE> and <FOO>"),
        ("my name is <NAME>, call <PHONE>", "my name is <NAME>, call <PHONE>"),
    ],
)
def test_odd_texts(own: Remover, text: str, cleaned: str) -> None:
    assert own.clean(text) == cleaned


def test_a_very_long_text(own: Remover) -> None:
    """Details are found wherever the pieces are cut, and nothing but them is lost."""
    filler = "what is a cell and how long does it take? "
    text = (filler * 55 + "my ssn is 123-45-6789. ") * 20
    assert own.clean(text) == (filler * 55 + "my ssn is <SSN>. ") * 20


@pytest.mark.parametrize(
    "unit",
    [
        "1-",
        "a-",
        "@a",
        "((",
        "http://",
        "\u0628",
        "12 Oak ",
        "one ",
        "j as in ",
        "Ab, ",
        "9 a ",
        "5/5 ",
        "was ",
        "Lot 1 ",
    ],
)
def test_texts_made_to_be_slow_end(own: Remover, unit: str) -> None:
    """Expressions that try everything would run for hours."""
    assert isinstance(own.clean(unit * (2_000 // len(unit))), str)


def test_values(own: Remover) -> None:
    value = {
        "text": "I'm Sarah Okafor",
        "list": ["call 212-555-0143", 5, None, True, 1732280000.5],
        "nested": {"more": ("zip 90210",)},
    }
    assert own.clean_value(value) == {
        "text": "I'm <NAME>",
        "list": ["call <PHONE>", 5, None, True, 1732280000.5],
        "nested": {"more": ["zip <ZIP>"]},
    }
    assert value["text"] == "I'm Sarah Okafor"


@pytest.mark.parametrize(
    "value",
    [
        # As replies, events and the trial finder write them.
        {"place": "Charlotte, North Carolina", "places": ["Madison, Wisconsin"], "offset": 3},
        {"data_date": "2026-03-04", "version": "4f0c1b2d3e5f", "stored": True},
        {"kind": "answer", "answers": ["total_cost", "how_long"], "turn": 123456789},
        {"model_id": "9d3c0a5e1b7f4c2d8e6a0b1c2d3e4f5a", "assistant_id": "car-t-guide"},
        {"buttons": [{"title": "Is Kymriah the same?", "payload": "Is Kymriah the same?"}]},
        {"intent": {"name": "side_effects", "confidence": 0.98123456}, "timestamp": 1732280000.1},
        {"name": "utter_did_you_mean", "policy": "RulePolicy", "event": "action"},
        {"id": "1c9b0b9e-6f0a-4d9e-9a53-0f6f0d1a2b3c", "channel": "telegram"},
        {"at": "2026-03-04T10:11:12.123456+00:00"},
    ],
)
def test_what_the_guide_wrote_itself_stays(own: Remover, value: dict[str, Any]) -> None:
    assert own.clean_value(value) == value


def test_values_too_deep_are_not_kept(own: Remover) -> None:
    value: Any = "my name is Sarah"
    for _ in range(200):
        value = [value]
    assert "Sarah" not in str(own.clean_value(value))


LINES = [
    "my daughter sarah was born 3/4/1961, call 212-555-0143",
    "Dr. Patel and nurse joy at 12 Oak Street, Dayton OH 45402",
    "John Smith, 45, SLE, on Benlysta. jane at gmail dot com",
    "what is CAR T",
]


@pytest.mark.parametrize("text", LINES)
def test_cleaning_twice_is_cleaning_once(own: Remover, text: str) -> None:
    once = own.clean(text)
    assert own.find(once) == ()
    assert own.clean(once) == once


def test_the_same_text_gives_the_same(own: Remover) -> None:
    assert [Remover().find(line) for line in LINES] == [own.find(line) for line in LINES]


PIECES = st.sampled_from(
    ["my name is ", "Sarah", "okafor", " 212-555-0143", "<NAME>", " born ", "3/4/1961", "@jo", "\n"]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(PIECES | st.text(max_size=8), max_size=8).map("".join))
def test_only_details_change(text: str) -> None:
    details = remover().find(text)
    assert all(0 <= d.start < d.end <= len(text) for d in details)
    assert all(one.end <= two.start for one, two in pairwise(details))
    cleaned = remover().clean(text)
    assert remover().clean(cleaned) == cleaned
    if not details:
        assert cleaned == text
    else:
        assert len(PLACEHOLDER.findall(cleaned)) >= len(details)
