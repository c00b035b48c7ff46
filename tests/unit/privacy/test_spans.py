"""Finding and replacing as plain functions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide.privacy import Detail, merged, repeats, replaced

TEXT = "abcdefghij"


@pytest.mark.parametrize(
    ("details", "result"),
    [
        ([], TEXT),
        ([Detail(0, 2, "NAME")], "<NAME>cdefghij"),
        ([Detail(8, 10, "ZIP"), Detail(0, 2, "NAME")], "<NAME>cdefgh<ZIP>"),
        # Overlapping ones become one, of the longer one's kind; touching ones stay two.
        ([Detail(0, 4, "NAME"), Detail(2, 9, "EMAIL")], "<EMAIL>j"),
        ([Detail(0, 4, "NAME"), Detail(4, 5, "ZIP")], "<NAME><ZIP>fghij"),
        ([Detail(3, 3, "NAME")], TEXT),
    ],
)
def test_replacing(details: list[Detail], result: str) -> None:
    assert replaced(TEXT, details) == result


SPANS = st.lists(
    st.tuples(st.integers(0, 20), st.integers(0, 20)).map(
        lambda pair: Detail(min(pair), max(pair), "NAME")
    )
)


@given(st.text(min_size=20, max_size=20), SPANS)
def test_nothing_outside_the_spans_changes(text: str, spans: list[Detail]) -> None:
    gone = {i for span in spans for i in range(span.start, span.end)}
    parts = replaced(text.replace("<", "("), merged(spans)).split("<NAME>")
    left = [sign for i, sign in enumerate(text.replace("<", "(")) if i not in gone]
    assert "".join(parts) == "".join(left)


@pytest.mark.parametrize(
    ("said", "told", "result"),
    [
        ("You wrote Sarah Okafor.", {"sarah okafor": "NAME"}, "You wrote <NAME>."),
        ("Call 212 555 0143?", {"212-555-0143": "PHONE"}, "Call <PHONE>?"),
        # Part of another word, too short to say anything, or not there.
        ("The Sarahs", {"Sarah": "NAME"}, "The Sarahs"),
        ("Al and the 55", {"Al": "NAME", "55": "AGE"}, "Al and the 55"),
        ("What is CAR T?", {"Sarah": "NAME", "": "NAME"}, "What is CAR T?"),
    ],
)
def test_a_reply_that_repeats_a_detail(said: str, told: dict[str, str], result: str) -> None:
    assert replaced(said, repeats(said, told)) == result
