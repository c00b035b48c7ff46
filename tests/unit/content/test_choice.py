"""Which of the list does a message mean?"""

from __future__ import annotations

import pytest

from guide.content import DATA, Content
from guide.content.choice import chosen
from guide.content.wording import Wording, load_wording


@pytest.fixture(scope="module")
def wording(project: Content) -> Wording:
    return load_wording(DATA, project.article)


THREE = ("How much does it cost?", "Is it approved?", "What are the side effects?")


@pytest.mark.parametrize(
    ("message", "picked"),
    [
        # A number.
        ("2", [1]),
        ("#2", [1]),
        ("2.", [1]),
        ("(3)", [2]),
        ("number 1 please", [0]),
        ("1 and 3", [0, 2]),
        ("3, 1", [2, 0]),
        ("2 2 2", [1]),
        # An ordinal or a number word.
        ("second", [1]),
        ("2nd", [1]),
        ("the second one", [1]),
        ("The Third One, please!", [2]),
        ("the first", [0]),
        ("the top one", [0]),
        ("the middle one", [1]),
        ("option two", [1]),
        ("one", [0]),
        ("One, please.", [0]),
        ("option one", [0]),
        ("one and two", [0, 1]),
        ("first and third", [0, 2]),
        # The end of the list, and all of it.
        ("the last one", [2]),
        ("last", [2]),
        ("the bottom one", [2]),
        ("both", [0, 1, 2]),
        ("all of them", [0, 1, 2]),
        # A title, however it is spelled.
        ("How much does it cost?", [0]),
        ("IS IT APPROVED", [1]),
        ("what are the side-effects", [2]),
        # Out of range.
        ("0", []),
        ("4", []),
        ("17", []),
        ("2024", []),
        ("1.5", []),
        ("1,500", []),
        ("-", []),
        # In and out of range: what can be meant is meant.
        ("2 and 7", [1]),
        # Nothing that picks.
        ("", []),
        ("yes", []),
        ("none of these", []),
        ("how much", []),
        ("the fourth", []),
        # "one" that is no number.
        ("one of them", []),
        ("which one is better", []),
        ("the other one", []),
        ("that one", []),
        ("one more question", []),
    ],
)
def test_picks(wording: Wording, message: str, picked: list[int]) -> None:
    assert chosen(message, THREE, wording) == picked


def test_of_two_the_last_is_the_second(wording: Wording) -> None:
    assert chosen("the last one", THREE[:2], wording) == [1]
    assert chosen("both", THREE[:2], wording) == [0, 1]
    assert chosen("3", THREE[:2], wording) == []


@pytest.mark.parametrize("message", ["1", "last", "both", "the first one"])
def test_of_nothing_nothing_is_picked(wording: Wording, message: str) -> None:
    assert chosen(message, (), wording) == []


def test_a_title_with_a_number_is_no_number(wording: Wording) -> None:
    titles = ("Is it approved?", "What did the trial of 1 patient show?")
    assert chosen("what did the trial of 1 patient show", titles, wording) == [1]
