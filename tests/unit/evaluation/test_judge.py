"""What counts as right, so that the figures can be believed."""

from __future__ import annotations

from typing import Any

import pytest

from guide.evaluation.judge import GOALS, Tally, passes, summary, verdict
from guide.evaluation.questions import Expected, Question


def reply(kind: str, *answers: str, by: str = "") -> dict[str, Any]:
    return {"kind": kind, "answers": list(answers), "by": by}


@pytest.mark.parametrize(
    ("accept", "said", "expected"),
    [
        (("cost",), reply("answer", "cost"), "right"),
        (("cost", "total_cost"), reply("answer", "total_cost"), "right"),
        (("cost",), reply("several", "crs", "cost"), "right"),
        (("cost",), reply("answer", "crs"), "wrong"),
        (("oos_medicines",), reply("answer", "crs"), "wrong"),
        (("oos_medicines",), reply("more", "crs"), "wrong"),
        (("cost",), reply("did_you_mean", "crs", "cost"), "proposed"),
        (("cost",), reply("did_you_mean", "crs", "icans"), "proposed_other"),
        (("cost",), reply("fallback"), "refused"),
        (("cost",), reply("personal_advice"), "refused"),
        (("cost",), reply("error"), "refused"),
        (("emergency",), reply("emergency"), "right"),
        (("emergency",), reply("urgent"), "urgent"),
        (("cost",), reply("crisis"), "urgent"),
        (("cost",), reply("small_talk"), "handled"),
    ],
)
def test_a_single_message(accept: tuple[str, ...], said: dict[str, Any], expected: str) -> None:
    assert verdict(Question("...", accept), said) == expected


@pytest.mark.parametrize(
    ("kinds", "any_of", "all_of", "said", "expected"),
    [
        (("answer",), ("cost",), (), reply("answer", "cost"), True),
        (("answer",), ("cost",), (), reply("answer", "crs"), False),
        (("answer",), ("cost",), (), reply("fallback"), False),
        # A refusal that is accepted beside an answer names none.
        (("fallback", "answer"), ("cost",), (), reply("fallback"), True),
        (("fallback", "answer"), ("cost",), (), reply("answer", "crs"), False),
        (("did_you_mean",), ("cost",), (), reply("did_you_mean", "crs", "icans"), False),
        (("several",), (), ("cost", "crs"), reply("several", "crs", "cost"), True),
        (("several",), (), ("cost", "crs"), reply("several", "cost", "icans"), False),
        (("more", "answer"), ("cost",), (), reply("more", "crs"), True),
        (("emergency",), (), (), reply("urgent"), False),
    ],
)
def test_a_turn_of_a_dialogue(
    kinds: tuple[str, ...],
    any_of: tuple[str, ...],
    all_of: tuple[str, ...],
    said: dict[str, Any],
    expected: bool,
) -> None:
    assert passes(Expected("...", kinds, any_of, all_of), said) is expected


def test_the_figures_of_a_small_set() -> None:
    tallies = {
        name: Tally() for name in ("in_scope", "near_misses", "unrelated", "look_alikes", "urgent")
    }
    for said in (reply("answer", "cost"), reply("answer", "crs"), reply("fallback"),
                 reply("did_you_mean", "cost")):  # fmt: skip
        question = Question("...", ("cost",))
        tallies["in_scope"].add(question, verdict(question, said))
    for said in (reply("fallback"), reply("did_you_mean", "cost"), reply("emergency")):
        question = Question("...", ("oos_medicines",))
        tallies["near_misses"].add(question, verdict(question, said))
    urgent = [reply("emergency", by="patterns"), reply("emergency", by="model"), reply("fallback")]
    for said in urgent:
        question = Question("...", ("emergency",))
        tallies["urgent"].add(question, verdict(question, said))
    figures = summary(tallies, urgent)
    assert figures["right at once"] == 0.25
    assert figures["right at once or proposed"] == 0.5
    assert figures["refused though answerable"] == 0.25
    assert figures["wrong answers, of all messages"] == pytest.approx(1 / 10)
    # Neither an alarm nor a refusal answers; a proposal is no refusal.
    assert figures["near-misses refused"] == pytest.approx(2 / 3)
    assert figures["urgent found"] == pytest.approx(2 / 3)
    assert figures["urgent found by patterns alone"] == pytest.approx(1 / 3)
    assert figures["false alarms on other messages"] == pytest.approx(1 / 7)


def test_every_goal_is_a_figure_that_is_measured() -> None:
    empty = {
        name: Tally() for name in ("in_scope", "near_misses", "unrelated", "look_alikes", "urgent")
    }
    measured = summary(empty, [])
    elsewhere = {"dialogues passed", "personal details removed", "words wrongly removed"}
    assert {goal.name for goal in GOALS} - set(measured) == elsewhere
