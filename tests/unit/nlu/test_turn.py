"""What is done with a message, as a table of probabilities."""

from __future__ import annotations

from typing import Any

import pytest

from guide.nlu.decision import Thresholds
from guide.nlu.turn import PART_MARGIN, Turn, read_turn
from tests.unit.nlu.small_model import THRESHOLDS, by_hand, row

Probabilities = dict[str, float]
SURE = THRESHOLDS.answer + PART_MARGIN + 0.01
UNSURE_PART = THRESHOLDS.answer + PART_MARGIN - 0.01


def act(whole: Probabilities, *parts: Probabilities) -> Turn:
    return read_turn(by_hand(), row(**whole), [row(**part) for part in parts])


@pytest.mark.parametrize(
    ("whole", "act_", "intent", "answers"),
    [
        ({"cost": 0.9}, "answer", "cost", ("cost",)),
        ({"cost": 0.6}, "answer", "cost", ("cost",)),
        # Almost sure enough: asked back.
        ({"cost": 0.59, "risk": 0.3}, "propose", "did_you_mean", ("cost", "risk")),
        ({"cost": 0.3, "risk": 0.3, "trial": 0.3}, "propose", "did_you_mean", None),
        ({"oos_drugs": 0.6, "cost": 0.2, "risk": 0.12}, "propose", "did_you_mean", None),
        # Too little for any answer: refused, with the reason.
        ({"oos_drugs": 0.6, "cost": 0.2, "risk": 0.05, "trial": 0}, "refuse", "oos_drugs", ()),
        ({"oos_drugs": 0.95}, "refuse", "oos_drugs", ()),
        # Small talk, unless the answers together are likelier.
        ({"greet": 0.9}, "talk", "greet", ()),
        ({"greet": 0.35, "cost": 0.2, "risk": 0.1, "trial": 0}, "talk", "greet", ()),
        ({"greet": 0.35, "cost": 0.3, "risk": 0.2}, "propose", "did_you_mean", None),
        # Danger goes before everything.
        ({"emergency": 0.2, "cost": 0.8}, "urgent", "emergency", ()),
        ({"emergency": 0.1, "urgent": 0.15, "greet": 0.75}, "urgent", "urgent", ()),
        ({"emergency": 0.1, "urgent": 0.05, "cost": 0.8}, "answer", "cost", ("cost",)),
    ],
)
def test_one_question(
    whole: Probabilities, act_: str, intent: str, answers: tuple[str, ...] | None
) -> None:
    turn = act(whole)
    assert (turn.act, turn.intent) == (act_, intent)
    if answers is not None:
        assert turn.answers == answers
    else:
        assert 2 <= len(turn.answers) <= 3
        assert set(turn.answers) <= {"cost", "risk", "trial"}


def test_the_confidence_is_a_probability() -> None:
    assert act({"cost": 0.9}).confidence == pytest.approx(0.9)
    assert act({"cost": 0.4, "risk": 0.3}).confidence == pytest.approx(0.75)  # of any answer
    assert act({"emergency": 0.2, "urgent": 0.1}).confidence == pytest.approx(0.3)
    assert act({"oos_drugs": 0.95}).confidence == pytest.approx(0.95)


DOUBT: Probabilities = {"cost": 0.4, "risk": 0.4}
REFUSED: Probabilities = {"oos_drugs": 0.95}


@pytest.mark.parametrize(
    ("whole", "parts", "expected"),
    [
        (DOUBT, [{"cost": SURE}, {"risk": SURE}], ("several", ("cost", "risk"))),
        (DOUBT, [{"risk": SURE}, {"cost": SURE}], ("several", ("risk", "cost"))),
        # Even where the message as a whole looked like one question, or none.
        ({"cost": 0.9}, [{"cost": SURE}, {"risk": SURE}], ("several", ("cost", "risk"))),
        (REFUSED, [{"cost": SURE}, {"risk": SURE}], ("several", ("cost", "risk"))),
        # One question asked twice is one question.
        ({"cost": 0.9}, [{"cost": SURE}, {"cost": SURE}], ("answer", ("cost",))),
        # A part that is not sure enough by itself gets no answer.
        ({"cost": 0.9}, [{"cost": SURE}, {"risk": UNSURE_PART}], ("answer", ("cost",))),
        (DOUBT, [{"cost": SURE}, {"risk": UNSURE_PART}], ("propose", None)),
        ({"cost": 0.9}, [{"cost": SURE}, {"oos_drugs": 0.95}], ("answer", ("cost",))),
        ({"greet": 0.9}, [{"cost": UNSURE_PART}], ("talk", ())),
        # A story in which one question is clear: rescued.
        (REFUSED, [{"cost": SURE}], ("answer", ("cost",))),
        (DOUBT, [{"trial": SURE}], ("answer", ("trial",))),
        (REFUSED, [{"cost": UNSURE_PART}], ("refuse", ())),
        # Half of what was asked is no rescue: the other half must be refused.
        (REFUSED, [{"cost": SURE}, {"oos_drugs": 0.95}], ("refuse", ())),
        # What was told around a question does not change a clear answer.
        ({"cost": 0.9}, [{"risk": SURE}], ("answer", ("cost",))),
    ],
)
def test_questions_within_a_message(
    whole: Probabilities, parts: list[Probabilities], expected: tuple[str, Any]
) -> None:
    turn = act(whole, *parts)
    assert turn.act == expected[0]
    if expected[1] is not None:
        assert turn.answers == expected[1]


def test_danger_in_a_message_with_two_questions_comes_first() -> None:
    assert act({"emergency": 0.3, "cost": 0.3}, {"cost": SURE}, {"risk": SURE}).act == "urgent"


def test_two_answers_are_as_sure_as_the_less_sure_one() -> None:
    turn = act(DOUBT, {"cost": 0.95}, {"risk": SURE})
    assert (turn.intent, turn.confidence) == ("several", pytest.approx(SURE))


def test_a_strict_model_still_answers_a_part_that_is_certain() -> None:
    model = by_hand(thresholds=Thresholds(answer=0.95, propose=0.9, urgent=0.5))
    parts = [row(cost=1.0), row(risk=1.0)]
    assert read_turn(model, row(oos_drugs=0.9), parts).act == "several"
