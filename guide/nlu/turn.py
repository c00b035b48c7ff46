"""What to do with one message, given its probabilities and those of the questions in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from guide.nlu.decision import propose
from guide.nlu.intent_model import IntentModel

SEVERAL = "several"
DID_YOU_MEAN = "did_you_mean"
# A second answer is given only where its question alone is this much surer than needed: the
# rest of the message no longer helps to tell what it is about.
PART_MARGIN = 0.15
PART_CERTAINTY = 0.98  # enough, however strict the threshold is


@dataclass(frozen=True)
class Turn:
    """`act` is answer, several, propose, refuse, urgent or talk; `answers` what is shown."""

    act: str
    intent: str
    confidence: float
    answers: tuple[str, ...] = ()


def read_turn(model: IntentModel, whole: np.ndarray, parts: Sequence[np.ndarray]) -> Turn:
    """Decide a message.

    Args:
        model: the fitted classifier.
        whole: (intents,) probabilities of the message.
        parts: the same for each question found in it; empty when it holds one.
    """
    urgent = model.urgent_turn(whole)
    if urgent is not None:
        return Turn("urgent", *urgent)
    turn = _single(model, whole)
    if not parts:
        return turn
    sure = [
        (intent, inside)
        for intent, inside, share in (model.best_answer(part) for part in parts)
        if intent
        and inside >= min(PART_CERTAINTY, model.thresholds.answer + PART_MARGIN)
        and share >= model.thresholds.sure
    ]
    found = list(dict.fromkeys(intent for intent, _ in sure))
    if len(found) == 2:
        return Turn("several", SEVERAL, min(p for _, p in sure), tuple(found))
    if turn.act in {"propose", "refuse"} and len(found) == 1 and len(parts) == 1:
        return Turn("answer", found[0], sure[0][1], (found[0],))
    return turn


def _single(model: IntentModel, whole: np.ndarray) -> Turn:
    likeliest = int(np.argmax(whole))
    answer, inside, share = model.best_answer(whole)
    if model.small_talk[likeliest] and whole[likeliest] >= inside:
        return Turn("talk", model.intents[likeliest], float(whole[likeliest]))
    if inside >= model.thresholds.answer and share >= model.thresholds.sure:
        return Turn("answer", answer, inside * share, (answer,))
    if inside >= model.thresholds.propose:
        proposals = tuple(propose(whole, model.intents, model.answerable))
        return Turn("propose", DID_YOU_MEAN, inside, proposals)
    return Turn("refuse", *model.refusal(whole))
