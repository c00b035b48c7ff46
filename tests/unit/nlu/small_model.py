"""A classifier of a few made-up intents, by hand or fitted on made-up vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from guide.nlu.decision import Rates, Thresholds
from guide.nlu.feature_blocks import FeatureBlocks
from guide.nlu.intent_model import IntentModel, IntentRoles, Settings
from guide.nlu.neighbours import Neighbours

ROLES = IntentRoles("oos_", frozenset({"emergency", "urgent"}), frozenset({"greet", "thanks"}))
INTENTS = ("cost", "emergency", "greet", "oos_drugs", "oos_weather", "risk", "trial", "urgent")
THRESHOLDS = Thresholds(propose=0.3, answer=0.6, sure=0.5, urgent=0.2)


def by_hand(intents: Sequence[str] = INTENTS, thresholds: Thresholds = THRESHOLDS) -> IntentModel:
    """A model for tests that bring the probabilities themselves."""
    blocks = FeatureBlocks(np.ones(1), np.zeros((1, 0)), 1.0)
    size = len(intents)
    return IntentModel(
        list(intents), ROLES, blocks, np.zeros((1, size)), np.zeros(size),
        Neighbours(np.ones((1, 1)), np.ones((1, 1)), np.zeros(1, int), size, 1, 0.05), 0.5,
        1.0, thresholds,
    )  # fmt: skip


def row(intents: Sequence[str] = INTENTS, **probabilities: float) -> np.ndarray:
    """Probabilities by name; the rest of 1 is shared among the others."""
    assert set(probabilities) <= set(intents)
    others = len(intents) - len(probabilities)
    rest = (1 - sum(probabilities.values())) / max(1, others)
    assert rest >= -1e-9
    return np.array([probabilities.get(intent, rest) for intent in intents])


@dataclass
class MadeUp:
    """Messages as vectors: each intent has a direction and three terms of its own."""

    dense: np.ndarray
    counts: csr_matrix
    labels: np.ndarray


def made_up(intents: Sequence[str], each: int, noise: float = 0.15, seed: int = 0) -> MadeUp:
    random = np.random.default_rng(seed)
    size, terms = 32, 3 * len(INTENTS) + 4
    index = np.repeat([INTENTS.index(intent) for intent in intents], each)
    dense = np.eye(size)[index] + random.normal(0, noise, (len(index), size))
    own = np.arange(terms)[None, :] // 3 == index[:, None]
    counts = random.poisson(np.where(own, 1.5, 0.1))
    return MadeUp(
        (dense / np.linalg.norm(dense, axis=1, keepdims=True)).astype(np.float32),
        csr_matrix(counts, dtype=np.float32),
        np.array([INTENTS[i] for i in index]),
    )


def fitted(data: MadeUp, rates: Rates | None = None) -> IntentModel:
    return IntentModel.fit(
        data.dense, data.counts, data.labels, ROLES, rates or Rates(),
        Settings(
            c=10.0, max_iter=200, spelling_size=16, spelling_weight=1.0, neighbours=10,
            neighbour_width=0.1, neighbour_size=16, neighbour_say=0.4, folds=4,
        ),
    )  # fmt: skip
