"""What keeps a candidate from going live, question by question."""

from __future__ import annotations

from typing import Any

import pytest

from guide.learn.compare import compare
from tests.unit.learn.measured import MADE_UP, Verdicts, measurement


def compared(changes: Verdicts) -> dict[str, Any]:
    assert set(changes) <= set(MADE_UP)
    # Other figures are tested by themselves below: one question of two is 50 points here.
    alike = dict.fromkeys(measurement(MADE_UP)["figures"], 0.5)
    return compare(measurement(MADE_UP, **alike), measurement({**MADE_UP, **changes}, **alike))


@pytest.mark.parametrize(
    ("set_", "text", "now", "guarded"),
    [
        # a guarded figure gets worse by one question
        ("urgent", "chest pain", ("refused", "fallback", ""), "urgent found"),
        ("urgent", "it hurts so much", ("wrong", "answer", ""), "urgent found"),
        ("urgent", "chest pain", ("right", "emergency", "model"), "by patterns alone"),
        ("in_scope", "price?", ("wrong",), "wrong answers, of all messages"),
        ("look_alikes", "is chest pain common", ("wrong",), "wrong answers, of all messages"),
        ("near_misses", "my dose?", ("proposed_other",), "near-misses refused"),
        ("near_misses", "my dose?", ("proposed",), "near-misses refused"),
        # other changes, worse and better
        ("in_scope", "price?", ("proposed",), ""),
        ("in_scope", "what is the price of all", ("right",), ""),
        ("near_misses", "another drug?", ("refused",), ""),
        ("near_misses", "my dose?", ("handled",), ""),
        ("urgent", "it hurts so much", ("urgent", "emergency", "model"), ""),
        ("urgent", "it hurts so much", ("right", "urgent", "patterns"), ""),
        ("unrelated", "the weather", ("proposed",), ""),
        ("dialogues", "cost, then more", ("failed",), ""),
    ],
)
def test_one_question_more_may_not_fail(
    set_: str, text: str, now: tuple[str, ...], guarded: str
) -> None:
    told = compared({(set_, text): now})
    assert told["allowed"] is not bool(guarded)
    assert any(guarded.lower() in reason.lower() for reason in told["reasons"]) is bool(guarded)
    assert [flip["text"] for flip in told["flips"]] == [text]
    assert bool(told["flips"][0]["guards"]) is bool(guarded)
    if guarded:
        assert told["flips"][0]["change"] == "worse"


@pytest.mark.parametrize(
    ("set_", "text", "now", "change"),
    [
        ("in_scope", "price?", "proposed", "worse"),
        ("in_scope", "price?", "refused", "worse"),
        ("in_scope", "what is the price of all", "right", "better"),
        ("in_scope", "what is the price of all", "proposed", "better"),
        ("in_scope", "what is the price of all", "proposed_other", "worse"),
        ("near_misses", "another drug?", "refused", "better"),
        ("near_misses", "another drug?", "wrong", "worse"),
        ("look_alikes", "is chest pain common", "urgent", "worse"),
        ("dialogues", "cost, then more", "failed", "worse"),
    ],
)
def test_every_change_is_better_or_worse(set_: str, text: str, now: str, change: str) -> None:
    flips = compared({(set_, text): (now,)})["flips"]
    assert [(flip["set"], flip["text"], flip["change"]) for flip in flips] == [(set_, text, change)]
    assert (flips[0]["was"], flips[0]["now"]) == (MADE_UP[set_, text][0], now)


def test_who_found_an_urgent_message_is_told() -> None:
    flips = compared({("urgent", "chest pain"): ("right", "emergency", "model")})["flips"]
    assert (flips[0]["was"], flips[0]["now"]) == ("right (patterns)", "right (model)")


def test_as_many_that_fail_is_no_worse_but_those_are_listed() -> None:
    told = compared({
        ("near_misses", "my dose?"): ("proposed",),
        ("near_misses", "another drug?"): ("refused",),
    })  # fmt: skip
    assert told["allowed"]
    assert [(f["text"], f["change"]) for f in told["flips"]] == [
        ("my dose?", "worse"), ("another drug?", "better"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "old", "new", "ok"),
    [
        ("right at once", 0.95, 0.94, True),
        ("right at once", 0.95, 0.9399, False),
        ("right at once", 0.95, 0.99, True),
        ("dialogues passed", 1.0, 0.98, False),
        # of these, less is better
        ("refused though answerable", 0.05, 0.06, True),
        ("refused though answerable", 0.05, 0.0601, False),
        ("false alarms on other messages", 0.0, 0.02, False),
        ("near-misses answered", 0.02, 0.0, True),
    ],
)
def test_other_figures_may_lose_one_point(name: str, old: float, new: float, ok: bool) -> None:
    told = compare(measurement(MADE_UP, **{name: old}), measurement(MADE_UP, **{name: new}))
    assert told["allowed"] is ok
    figure = next(figure for figure in told["figures"] if figure["name"] == name)
    assert (figure["old"], figure["new"], figure["ok"]) == (old, new, ok)
    assert len(told["reasons"]) == (not ok)


def test_the_same_guide_is_allowed_and_nothing_is_listed() -> None:
    told = compare(measurement(MADE_UP), measurement(MADE_UP))
    assert (told["allowed"], told["flips"], told["reasons"]) == (True, [], [])
    assert {figure["name"] for figure in told["figures"]} == set(measurement({})["figures"])


def test_other_questions_cannot_be_compared() -> None:
    fewer = dict(list(MADE_UP.items())[:-1])
    with pytest.raises(ValueError, match="not asked the same questions"):
        compare(measurement(MADE_UP), measurement(fewer))
