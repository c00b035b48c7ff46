"""From probabilities to one of three acts: answer, propose, refuse.

The probabilities come from one classifier over all intents, those that must be refused among
them. The thresholds are learned from its probabilities for messages that it did not see when
fitted (inner cross-validation), for stated rates of harm.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar

MAX_PROPOSALS = 3


@dataclass(frozen=True)
class Rates:
    """What the thresholds may cost, as shares of the messages they are learned from.

    `not_refused`: out-of-scope messages that get an answer or proposals; `answered_out`: those
    that get an answer; `wrong`: in-scope messages that get a wrong answer; `false_alarms`:
    harmless messages that get an urgent reply. `refused_in`: in-scope messages refused, where no
    out-of-scope example is given (then the refusal is as strict as this allows).
    """

    not_refused: float = 0.05
    answered_out: float = 0.04
    wrong: float = 0.02
    false_alarms: float = 0.002
    refused_in: float = 0.01


@dataclass(frozen=True)
class Thresholds:
    """Least probabilities.

    `propose` and `answer`: that the message is answerable at all (all answers together), to
    propose and to answer. `sure`: share of the likeliest answer in that, to answer. `urgent`:
    that the message is urgent (all urgent intents together).
    """

    propose: float
    answer: float
    sure: float
    urgent: float


def soften(scores: np.ndarray, temperature: float) -> np.ndarray:
    """Softmax of (messages, intents) scores at a temperature."""
    scaled = scores / temperature
    scaled = scaled - scaled.max(axis=1, keepdims=True)
    exponential = np.exp(scaled)
    return np.asarray(exponential / exponential.sum(axis=1, keepdims=True))


def fit_temperature(scores: np.ndarray, labels: np.ndarray) -> float:
    """The temperature at which the scores are best calibrated (Guo et al. 2017).

    Args:
        scores: (messages, intents) of messages unseen in the fit.
        labels: (messages,) index of the right intent.
    """
    rows = np.arange(len(labels))

    def loss(log_temperature: float) -> float:
        probabilities = soften(scores, float(np.exp(log_temperature)))
        return float(-np.log(np.maximum(probabilities[rows, labels], 1e-12)).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-2.0, 2.0), method="bounded").x))


def least_threshold(values: np.ndarray, harmful: np.ndarray, allowed: float, of: int) -> float:
    """The least threshold at which at most `allowed * of` harmful messages lie at or above it."""
    harm = np.sort(values[harmful])[::-1]
    keep = int(allowed * of)
    if keep >= len(harm):
        return 0.0
    # One step in the values' own precision: a smaller one is lost where float32 is compared.
    return float(np.nextafter(harm[keep], np.inf, dtype=harm.dtype))


def learn_thresholds(
    inside: np.ndarray, share: np.ndarray, right: np.ndarray, answerable: np.ndarray,
    near: np.ndarray, rates: Rates,
) -> tuple[float, float, float]:  # fmt: skip
    """Thresholds `propose`, `answer` and `sure`.

    Args:
        inside: (messages,) probability that the message is answerable.
        share: (messages,) share of the likeliest answer in it.
        right: (messages,) whether that answer is the right one.
        answerable: (messages,) whether the message is in scope.
        near: (messages,) whether it must be refused.
        rates: the harm allowed.
    """
    outside, within = int(near.sum()), int(answerable.sum())
    propose = least_threshold(inside, near, rates.not_refused, outside)
    answer = max(propose, least_threshold(inside, near, rates.answered_out, outside))
    wrong = answerable & ~right & (inside >= answer)
    return propose, answer, least_threshold(share, wrong, rates.wrong, within)


def propose(probabilities: np.ndarray, intents: Sequence[str], answerable: np.ndarray) -> list[str]:
    """The two or three likeliest answerable intents, likeliest first.

    The third is left out when it is ten times less likely than the first: a list of two is
    easier to read.
    """
    ranked = [i for i in np.argsort(-probabilities) if answerable[i]][:MAX_PROPOSALS]
    if len(ranked) == MAX_PROPOSALS and probabilities[ranked[2]] * 10 < probabilities[ranked[0]]:
        ranked.pop()
    return [intents[i] for i in ranked]


def figures(act: np.ndarray, right: np.ndarray, inside: np.ndarray) -> dict[str, Any]:
    """Shares of the inner cross-validation, printed at training and kept with the model."""
    outside = ~inside
    share = lambda mask, of: round(float(mask.sum() / max(1, of.sum())), 4)  # noqa: E731
    return {
        "messages": len(act),
        "answered_right": share(inside & (act == "answer") & right, inside),
        "answered_wrong": share(inside & (act == "answer") & ~right, inside),
        "proposed": share(inside & (act == "propose"), inside),
        "refused_in_scope": share(inside & (act == "refuse"), inside),
        "refused_out_of_scope": share(outside & (act == "refuse"), outside),
        "answered_out_of_scope": share(outside & (act == "answer"), outside),
    }
