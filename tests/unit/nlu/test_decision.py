"""From probabilities to acts: calibration, thresholds for stated rates, proposals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide.nlu.decision import (
    Rates,
    figures,
    fit_temperature,
    learn_thresholds,
    least_threshold,
    propose,
    soften,
)

SCORES = np.array([[1.0, 2.0, -1.0], [300.0, 0.0, -300.0], [0.0, 0.0, 0.0]])


@pytest.mark.parametrize("temperature", [0.2, 1.0, 5.0])
def test_softened_scores_are_probabilities_in_the_same_order(temperature: float) -> None:
    probabilities = soften(SCORES, temperature)
    assert probabilities.sum(axis=1) == pytest.approx(1)
    assert (probabilities.argmax(axis=1) == SCORES.argmax(axis=1)).all()
    assert probabilities[2] == pytest.approx(1 / 3)


def test_a_higher_temperature_is_less_sure() -> None:
    sure = [float(soften(SCORES, t)[0].max()) for t in (0.5, 1.0, 2.0, 4.0)]
    assert sure == sorted(sure, reverse=True)


@pytest.mark.parametrize("temperature", [0.4, 1.0, 2.0, 4.0])
def test_a_known_temperature_is_found_again(temperature: float) -> None:
    random = np.random.default_rng(0)
    scores = random.normal(0, 4, (4000, 6))
    drawn = random.random((len(scores), 1))
    labels = (soften(scores, temperature).cumsum(axis=1) < drawn).sum(axis=1)
    assert fit_temperature(scores, labels) == pytest.approx(temperature, rel=0.1)


def test_scores_that_are_always_right_may_be_trusted() -> None:
    scores = np.eye(3)[[0, 1, 2] * 10]
    assert fit_temperature(scores, np.array([0, 1, 2] * 10)) < 0.2


# Few different values: ties are where a threshold goes wrong.
VALUES = st.one_of(st.sampled_from([0.0, 0.25, 0.5, 1.0]), st.floats(0, 1))
MESSAGES = st.lists(st.tuples(VALUES, st.booleans()), max_size=12)


@given(MESSAGES, st.floats(0, 1), st.integers(0, 20))
def test_the_threshold_is_the_least_that_keeps_the_rate(
    messages: list[tuple[float, bool]], allowed: float, of: int
) -> None:
    values = np.array([value for value, _ in messages])
    harmful = np.array([harm for _, harm in messages], dtype=bool)

    def fits(threshold: float) -> bool:
        return bool((values[harmful] >= threshold).sum() <= int(allowed * of))

    candidates = [0.0, *(float(np.nextafter(value, np.inf)) for value in values)]
    expected = min(filter(fits, candidates))
    assert least_threshold(values, harmful, allowed, of) == expected


def test_thresholds_hold_for_single_precision_too() -> None:
    """The probabilities are float32: one step above such a number is a larger step."""
    values = np.array([0.1, 0.7, 0.7, 0.9], dtype=np.float32)
    threshold = least_threshold(values, np.array([True, True, True, False]), 0.0, 4)
    assert (values >= threshold).tolist() == [False, False, False, True]


@dataclass
class Drawn:
    """Messages of a made-up classifier; those that are not answerable must be refused."""

    inside: np.ndarray
    share: np.ndarray
    right: np.ndarray
    answerable: np.ndarray

    @classmethod
    def by(cls, seed: int, count: int, outside: float) -> Drawn:
        random = np.random.default_rng(seed)
        answerable = random.random(count) >= outside
        inside = random.beta(np.where(answerable, 6, 2), np.where(answerable, 2, 6))
        share = random.uniform(0.3, 1, count)
        return cls(inside, share, answerable & (random.random(count) < share + 0.2), answerable)

    def acts(self, rates: Rates) -> np.ndarray:
        propose_, answer, sure = learn_thresholds(
            self.inside, self.share, self.right, self.answerable, ~self.answerable, rates
        )
        refused = np.where(self.inside >= propose_, "propose", "refuse")
        return np.where((self.inside >= answer) & (self.share >= sure), "answer", refused)


@pytest.mark.parametrize("outside", [0.02, 0.3, 0.8])
@pytest.mark.parametrize(
    "rates",
    [
        Rates(),
        Rates(wrong=0, answered_out=0, not_refused=0),
        Rates(wrong=0.1, answered_out=0.05, not_refused=0.2),
        Rates(wrong=0, answered_out=0.3, not_refused=0.3),
        # Answers are never more than answers and proposals together.
        Rates(wrong=0.02, answered_out=0.3, not_refused=0.02),
    ],
)
def test_the_stated_rates_are_kept(outside: float, rates: Rates) -> None:
    for seed in range(20):
        drawn = Drawn.by(seed, 400, outside)
        act, near = drawn.acts(rates), ~drawn.answerable
        wrong = (act == "answer") & drawn.answerable & ~drawn.right
        assert wrong.sum() <= rates.wrong * drawn.answerable.sum()
        assert (near & (act == "answer")).sum() <= rates.answered_out * near.sum()
        assert (near & (act != "refuse")).sum() <= rates.not_refused * near.sum()


def test_more_harm_allowed_answers_more() -> None:
    drawn = Drawn.by(0, 2000, 0.5)
    allowed = (
        Rates(wrong=0, answered_out=0, not_refused=0),
        Rates(),
        Rates(wrong=0.1, answered_out=0.1, not_refused=0.1),
        Rates(wrong=1, answered_out=1, not_refused=1),
    )
    answered = [int((drawn.acts(rates) == "answer").sum()) for rates in allowed]
    assert answered == sorted(answered)
    assert answered[0] < answered[1] < answered[-1] == len(drawn.inside)


INTENTS = ["cost", "risk", "trial", "greet", "results"]
ANSWERABLE = np.array([True, True, True, False, True])


@pytest.mark.parametrize(
    ("probabilities", "proposed"),
    [
        ([0.30, 0.25, 0.20, 0.15, 0.10], ["cost", "risk", "trial"]),
        ([0.10, 0.15, 0.20, 0.25, 0.30], ["results", "trial", "risk"]),
        # What is no answer is never proposed, however likely.
        ([0.03, 0.02, 0.01, 0.90, 0.04], ["results", "cost", "risk"]),
        # A third that is ten times less likely than the first only takes room.
        ([0.60, 0.30, 0.05, 0.01, 0.04], ["cost", "risk"]),
        ([0.50, 0.30, 0.06, 0.09, 0.05], ["cost", "risk", "trial"]),
        # The second stays, however unlikely: one alone would be an answer.
        ([0.96, 0.01, 0.01, 0.01, 0.01], ["cost", "risk"]),
    ],
)
def test_proposals(probabilities: list[float], proposed: list[str]) -> None:
    assert propose(np.array(probabilities), INTENTS, ANSWERABLE) == proposed


@given(st.lists(st.floats(0, 1), min_size=5, max_size=5))
def test_there_are_two_or_three_proposals(probabilities: list[float]) -> None:
    proposed = propose(np.array(probabilities), INTENTS, ANSWERABLE)
    assert 2 <= len(proposed) <= 3
    assert len(set(proposed)) == len(proposed)
    assert "greet" not in proposed
    likeliest = [probabilities[INTENTS.index(name)] for name in proposed]
    assert likeliest == sorted(likeliest, reverse=True)


def test_figures_are_shares_of_their_own_side() -> None:
    act = np.array(["answer", "answer", "propose", "refuse", "refuse", "answer"])
    right = np.array([True, False, True, True, False, False])
    inside = np.array([True, True, True, True, False, False])
    assert figures(act, right, inside) == {
        "messages": 6,
        "answered_right": 0.25,
        "answered_wrong": 0.25,
        "proposed": 0.25,
        "refused_in_scope": 0.25,
        "refused_out_of_scope": 0.5,
        "answered_out_of_scope": 0.5,
    }


def test_figures_of_nothing_are_no_fault() -> None:
    none = np.zeros(0, dtype=bool)
    assert figures(np.zeros(0, dtype="<U6"), none, none)["answered_right"] == 0
