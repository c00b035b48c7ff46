"""What is done with a message, as a table of probabilities."""

from __future__ import annotations

from typing import Any

import pytest

from guide.nlu.decision import Thresholds
from guide.nlu.turn import PART_CERTAINTY, RESCUE, Turn, read_follow_up, read_turn
from tests.unit.nlu.small_model import by_hand, row

Probabilities = dict[str, float]


def act(whole: Probabilities, *parts: Probabilities) -> Turn:
    return read_turn(by_hand(), row(**whole), [row(**part) for part in parts])


def about(answer: str, probability: float) -> Probabilities:
    """All that is answerable is this answer; the rest must be refused."""
    others = dict.fromkeys(("cost", "risk", "trial", "emergency", "urgent", "greet"), 0.0)
    return {**others, answer: probability}


def test_a_single_word_is_asked_back() -> None:
    likely, certain = row(**about("cost", 0.9)), row(**about("cost", 0.97))
    assert read_turn(by_hand(), likely, []).act == "answer"
    turn = read_turn(by_hand(), likely, [], one_word=True)
    assert (turn.act, turn.answers[0]) == ("propose", "cost")
    assert read_turn(by_hand(), certain, [], one_word=True).act == "answer"
    refused = row(oos_drugs=0.95)
    assert read_turn(by_hand(), refused, [], one_word=True).act == "refuse"


@pytest.mark.parametrize(
    ("whole", "act_", "intent", "answers"),
    [
        ({"cost": 0.9}, "answer", "cost", ("cost",)),
        (about("cost", 0.6), "answer", "cost", ("cost",)),
        # Surely answerable, with what can be only half sure.
        ({"cost": 0.5, "risk": 0.5}, "answer", "cost", ("cost",)),
        ({"cost": 0.45, "risk": 0.45, "trial": 0.05}, "propose", "did_you_mean", None),
        ({"cost": 0.3, "risk": 0.3, "trial": 0.3}, "propose", "did_you_mean", None),
        # Almost surely answerable: asked back.
        ({"cost": 0.4, "risk": 0.19, "trial": 0}, "propose", "did_you_mean", ("cost", "risk")),
        ({"oos_drugs": 0.6, "cost": 0.2, "risk": 0.12}, "propose", "did_you_mean", None),
        # Hardly answerable: refused, with the reason.
        ({"oos_drugs": 0.6, "cost": 0.2, "risk": 0.05, "trial": 0}, "refuse", "oos_drugs", ()),
        ({"oos_drugs": 0.95}, "refuse", "oos_drugs", ()),
        # Small talk, unless the answers together are likelier.
        ({"greet": 0.9}, "talk", "greet", ()),
        ({"greet": 0.35, "cost": 0.2, "risk": 0.1, "trial": 0}, "talk", "greet", ()),
        ({"greet": 0.35, "cost": 0.3, "risk": 0.2, "trial": 0}, "propose", "did_you_mean", None),
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
    assert act(about("cost", 0.4)).confidence == pytest.approx(0.4)
    assert act({"cost": 0.4, "risk": 0.4, "trial": 0.1}).confidence == pytest.approx(0.9)
    assert act({"emergency": 0.2, "urgent": 0.1}).confidence == pytest.approx(0.3)
    assert act({"oos_drugs": 0.95}).confidence == pytest.approx(0.95)


COST, RISK, TRIAL = (about(answer, PART_CERTAINTY) for answer in ("cost", "risk", "trial"))
UNSURE_COST, UNSURE_RISK = (about(answer, PART_CERTAINTY - 0.01) for answer in ("cost", "risk"))
EITHER: Probabilities = {"cost": 0.34, "risk": 0.33, "trial": 0.33}
DOUBT: Probabilities = {"cost": 0.4, "risk": 0.4, "trial": 0.1}
# Refused, and hardly or not at all likely to ask something answerable.
ALMOST: Probabilities = {**about("cost", RESCUE - 0.001)}
REFUSED: Probabilities = {"oos_drugs": 0.95}
CLEAR: Probabilities = {"cost": 0.9}


@pytest.mark.parametrize(
    ("whole", "parts", "expected"),
    [
        (DOUBT, [COST, RISK], ("several", ("cost", "risk"))),
        (DOUBT, [RISK, COST], ("several", ("risk", "cost"))),
        # Even where the message as a whole looked like one question, or none.
        (CLEAR, [COST, RISK], ("several", ("cost", "risk"))),
        (REFUSED, [COST, RISK], ("several", ("cost", "risk"))),
        # All are found; the reply shows two and offers the rest.
        (DOUBT, [COST, RISK, TRIAL], ("several", ("cost", "risk", "trial"))),
        # One question asked twice is one question.
        (CLEAR, [COST, COST], ("answer", ("cost",))),
        # A part that is not sure enough by itself gets no answer.
        (CLEAR, [COST, UNSURE_RISK], ("answer", ("cost",))),
        (CLEAR, [COST, EITHER], ("answer", ("cost",))),
        (DOUBT, [UNSURE_COST, UNSURE_RISK], ("propose", None)),
        (CLEAR, [COST, REFUSED], ("answer", ("cost",))),
        ({"greet": 0.9}, [UNSURE_COST], ("talk", ())),
        # One part is clear in a message that is in doubt: rescued.
        (DOUBT, [TRIAL], ("answer", ("trial",))),
        (DOUBT, [COST, UNSURE_RISK], ("answer", ("cost",))),
        (DOUBT, [UNSURE_COST], ("propose", None)),
        (DOUBT, [EITHER], ("propose", None)),
        # What must surely be refused is not rescued by a part of it.
        (REFUSED, [COST], ("refuse", ())),
        (REFUSED, [COST, REFUSED], ("refuse", ())),
        (ALMOST, [COST], ("refuse", ())),
        # What was told around a question does not change a clear answer.
        (CLEAR, [RISK], ("answer", ("cost",))),
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
    assert act({"emergency": 0.3, "cost": 0.3}, COST, RISK).act == "urgent"


def test_two_answers_are_as_sure_as_the_less_sure_one() -> None:
    turn = act(DOUBT, about("cost", 0.99), about("risk", 0.97))
    assert (turn.intent, turn.confidence) == ("several", pytest.approx(0.97))


def test_a_message_in_doubt_below_the_proposals_is_rescued_too() -> None:
    """A story that would be refused, though it may well ask something answerable."""
    strict = by_hand(thresholds=Thresholds(propose=0.8, answer=0.9, sure=0.5, urgent=0.5))
    in_doubt = row(**about("cost", RESCUE))
    assert read_turn(strict, in_doubt, []).act == "refuse"
    assert read_turn(strict, in_doubt, [row(**TRIAL)]).answers == ("trial",)


def test_a_part_must_be_as_sure_as_a_message() -> None:
    strict = by_hand(thresholds=Thresholds(propose=0.9, answer=0.99, sure=0.5, urgent=0.5))
    assert read_turn(strict, row(**DOUBT), [row(**COST), row(**RISK)]).act == "propose"
    certain = [row(**about(answer, 0.99)) for answer in ("cost", "risk")]
    assert read_turn(strict, row(**DOUBT), certain).act == "several"


@pytest.mark.parametrize(
    ("whole", "together", "expected"),
    [
        # Clear alone: what stood before is no matter.
        (CLEAR, about("risk", 0.95), ("answer", "cost")),
        ({"greet": 0.9}, about("risk", 0.95), ("talk", "greet")),
        # In doubt alone, clear together.
        (DOUBT, about("risk", 0.95), ("answer", "risk")),
        ({"oos_drugs": 0.6, "cost": 0.2, "risk": 0.05, "trial": 0}, about("risk", 0.95),
         ("answer", "risk")),
        # The answer that was shown already: its title says that, not the message.
        (DOUBT, about("trial", 0.95), ("propose", "did_you_mean")),
        # What is surely out of scope stays so.
        ({"oos_drugs": 0.9}, about("risk", 0.95), ("refuse", "oos_drugs")),
        # No clearer together.
        (DOUBT, {"oos_drugs": 0.9}, ("propose", "did_you_mean")),
        ({"oos_drugs": 0.6, "cost": 0.2, "risk": 0.05, "trial": 0}, {"oos_drugs": 0.9},
         ("refuse", "oos_drugs")),
        # Surely answerable together, though not which.
        ({"oos_drugs": 0.6, "cost": 0.2, "risk": 0.05, "trial": 0}, {"cost": 0.45, "risk": 0.45},
         ("propose", "did_you_mean")),
    ],
)  # fmt: skip
def test_a_short_message_after_an_answer(
    whole: Probabilities, together: Probabilities, expected: tuple[str, str]
) -> None:
    model = by_hand()
    alone = read_turn(model, row(**whole), [])
    turn = read_follow_up(model, alone, row(**whole), row(**together), "trial")
    assert (turn.act, turn.intent) == expected


def test_danger_after_an_answer_stays_danger() -> None:
    model = by_hand()
    whole = row(emergency=0.3, cost=0.3)
    urgent = read_turn(model, whole, [])
    assert read_follow_up(model, urgent, whole, row(**about("risk", 0.95)), "cost") == urgent


def test_a_short_question_may_be_about_another_answer() -> None:
    model = by_hand()
    follow = Turn("talk", "short_follow_up", 0.9)
    whole = row(greet=0.5)
    other = read_follow_up(model, follow, whole, row(**about("risk", 0.95)), "cost")
    assert (other.act, other.intent) == ("answer", "risk")
    for together in (about("cost", 0.95), {"cost": 0.45, "risk": 0.45}, {"oos_drugs": 0.9}):
        assert read_follow_up(model, follow, whole, row(**together), "cost") == follow
