"""What to do with one message, given its probabilities and those of the questions in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from guide.nlu.decision import propose
from guide.nlu.intent_model import IntentModel

SEVERAL = "several"
DID_YOU_MEAN = "did_you_mean"
# A part is answered only where its words alone make it this certain that they ask something
# answerable: the rest of the message, which may say otherwise, is left out of it.
PART_CERTAINTY = 0.9
# One sure part answers for a message that would be refused only if the whole is in doubt: this
# likely, at least, to ask something answerable.
RESCUE = 0.3
SHORT_FOLLOW_UP = "short_follow_up"  # "and which is faster?": may name another answer with the last
# A message that alone is this likely out of scope for one reason is so after any answer.
SURELY_OUT = 0.8
# A single word gets an answer where it is this certain that it means that one.
ONE_WORD_CERTAINTY = 0.95


@dataclass(frozen=True)
class Turn:
    """`act` is answer, several, propose, refuse, urgent or talk; `answers` what is shown."""

    act: str
    intent: str
    confidence: float
    answers: tuple[str, ...] = ()


def read_turn(
    model: IntentModel, whole: np.ndarray, parts: Sequence[np.ndarray], one_word: bool = False
) -> Turn:
    """Decide a message.

    Args:
        model: the fitted classifier.
        whole: (intents,) probabilities of the message.
        parts: the same for each question found in it; empty when it holds one.
        one_word: the message is a single word, which names a subject and asks nothing of it
            ("hospital"): unless the subject is one answer's own, titles are proposed.
    """
    urgent = model.urgent_turn(whole)
    if urgent is not None:
        return Turn("urgent", *urgent)
    turn = _single(model, whole)
    if one_word and turn.act == "answer" and turn.confidence < ONE_WORD_CERTAINTY:
        return _proposal(model, whole)
    if not parts:
        return turn
    sure = [
        (intent, inside)
        for intent, inside, share in (model.best_answer(part) for part in parts)
        if intent
        and inside >= max(PART_CERTAINTY, model.thresholds.answer)
        and share >= model.thresholds.sure
    ]
    found = list(dict.fromkeys(intent for intent, _ in sure))
    if len(found) >= 2:
        return Turn("several", SEVERAL, min(p for _, p in sure), tuple(found))
    doubtful = turn.act == "propose" or model.best_answer(whole)[1] >= RESCUE
    if turn.act in {"propose", "refuse"} and len(found) == 1 and doubtful:
        return Turn("answer", found[0], sure[0][1], (found[0],))
    return turn


def read_follow_up(
    model: IntentModel, turn: Turn, whole: np.ndarray, together: np.ndarray, last: str
) -> Turn:
    """The turn of a short message once it is read together with the answer shown before it.

    Args:
        model: the fitted classifier.
        turn: what the message would get alone.
        whole: (intents,) probabilities of the message alone.
        together: the same of the last answer's title and the message.
        last: the id of that answer.
    """
    if turn.act not in {"propose", "refuse"} and turn.intent != SHORT_FOLLOW_UP:
        return turn
    if turn.act == "refuse" and whole[model.outside].max(initial=0.0) >= SURELY_OUT:
        return turn
    answer, inside, share = model.best_answer(together)
    # The title alone makes its own answer likely: that it wins tells nothing of the message.
    if answer == last or inside < model.thresholds.answer:
        return turn
    if share >= model.thresholds.sure:
        return Turn("answer", answer, inside * share, (answer,))
    return _proposal(model, together) if turn.act == "refuse" else turn


def _single(model: IntentModel, whole: np.ndarray) -> Turn:
    likeliest = int(np.argmax(whole))
    answer, inside, share = model.best_answer(whole)
    if model.small_talk[likeliest] and whole[likeliest] >= inside:
        return Turn("talk", model.intents[likeliest], float(whole[likeliest]))
    if inside >= model.thresholds.answer and share >= model.thresholds.sure:
        return Turn("answer", answer, inside * share, (answer,))
    if inside >= model.thresholds.propose:
        return _proposal(model, whole)
    return Turn("refuse", *model.refusal(whole))


def _proposal(model: IntentModel, whole: np.ndarray) -> Turn:
    proposals = tuple(propose(whole, model.intents, model.answerable))
    return Turn("propose", DID_YOU_MEAN, model.best_answer(whole)[1], proposals)
