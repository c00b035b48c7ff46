"""Where the last reply about trials left off."""

from __future__ import annotations

from typing import Any

import pytest

from guide.trials.follow_up import LastTrials, asks_for_more, last_trials

LIST = {"kind": "trials", "place": "Ohio", "offset": 3, "places": [], "data_date": "2026-08-21"}
ASKED = {"kind": "trials", "place": None, "offset": 0, "places": ["Paris, France", "Paris, Texas"]}
PHRASES = ("Show more trials", "More", "What else")


def test_the_newest_of_them_counts() -> None:
    last = last_trials([LIST, ASKED])
    assert last == LastTrials(place="Ohio", offset=3, date="2026-08-21")
    assert last_trials([{"kind": "answer"}, LIST]) == LastTrials(
        place="Ohio", offset=3, date="2026-08-21", newest=False
    )
    assert last_trials([{"kind": "answer"}, {}]) is None
    assert last_trials([]) is None


def test_places_are_to_choose_from_until_something_else_is_said() -> None:
    last, later = last_trials([ASKED]), last_trials([{"kind": "answer"}, ASKED])
    assert last
    assert last.choices == ("Paris, France", "Paris, Texas")
    assert later
    assert later.choices == ()


@pytest.mark.parametrize(
    "metadata",
    [{}, {"offset": "3"}, {"offset": -1}, {"place": None, "places": None, "data_date": None}],
)
def test_metadata_that_lack_something_are_no_fault(metadata: dict[str, Any]) -> None:
    assert last_trials([{"kind": "trials", **metadata}]) == LastTrials()


@pytest.mark.parametrize(
    ("text", "more"),
    [("more", True), ("Show more trials!", True), ("what else?", True), ("more risks", False)],
)
def test_what_asks_for_more(text: str, more: bool) -> None:
    assert asks_for_more(text, last_trials([LIST]), PHRASES) == more
    assert not asks_for_more(text, last_trials([ASKED]), PHRASES)
    assert not asks_for_more(text, None, PHRASES)
