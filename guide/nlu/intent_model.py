"""The numbers of the intent classifier: fit, calibrate, keep. Knows nothing of Rasa."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from guide.nlu.decision import (
    Rates,
    Thresholds,
    figures,
    fit_temperature,
    learn_thresholds,
    least_threshold,
    soften,
)  # fmt: skip
from guide.nlu.feature_blocks import FeatureBlocks
from guide.nlu.neighbours import Neighbours

FALLBACK = "nlu_fallback"


@dataclass(frozen=True)
class IntentRoles:
    """Which intents are refusals, urgent, or small talk; the others are answers."""

    out_of_scope_prefix: str = "oos_"
    urgent: frozenset[str] = frozenset()
    small_talk: frozenset[str] = frozenset()

    def masks(self, intents: Sequence[str]) -> dict[str, np.ndarray]:
        """(intents,) booleans by role."""
        outside = np.array([i.startswith(self.out_of_scope_prefix) for i in intents])
        urgent = np.array([i in self.urgent for i in intents])
        talk = np.array([i in self.small_talk for i in intents])
        return {
            "out": outside,
            "urgent": urgent,
            "talk": talk,
            "answer": ~(outside | urgent | talk),
        }


@dataclass(frozen=True)
class Settings:
    """How a model is fitted; IntentClassifier.get_default_config says what each is."""

    c: float
    max_iter: int
    spelling_size: int
    spelling_weight: float
    neighbours: int
    neighbour_width: float
    neighbour_size: int
    neighbour_say: float
    folds: int


@dataclass
class IntentModel:
    """A fitted classifier: a linear one (`weights` (features, intents), `bias` (intents,)) and the
    votes of the nearest training messages, which have the share `say` in a probability."""

    intents: list[str]
    roles: IntentRoles
    blocks: FeatureBlocks
    weights: np.ndarray
    bias: np.ndarray
    neighbours: Neighbours
    say: float
    temperature: float
    thresholds: Thresholds
    figures: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        masks = self.roles.masks(self.intents)
        self.answerable, self.small_talk = masks["answer"], masks["talk"]
        self.urgent, self.outside = masks["urgent"], masks["out"]

    @classmethod
    def fit(
        cls, dense: np.ndarray, counts: csr_matrix, labels: np.ndarray, roles: IntentRoles,
        rates: Rates, settings: Settings,
    ) -> IntentModel:  # fmt: skip
        """Fit on (messages, 384) embeddings, (messages, terms) counts and their intents."""
        blocks = FeatureBlocks.fit(counts, settings.spelling_size, settings.spelling_weight)
        features = blocks.transform(dense, counts)
        intents = sorted(set(labels.tolist()))
        index = np.array([intents.index(label) for label in labels])

        neighbours = Neighbours.fit(
            dense, index, len(intents), count=settings.neighbours,
            width=settings.neighbour_width, size=settings.neighbour_size,
        )  # fmt: skip

        def fitted(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            classifier = LogisticRegression(C=settings.c, max_iter=settings.max_iter, tol=1e-3)
            with warnings.catch_warnings():  # stopping after max_iter steps is meant
                warnings.simplefilter("ignore", ConvergenceWarning)
                classifier.fit(features[rows], index[rows])
            return _full(classifier, len(intents))

        # Scores and votes of messages by fits that did not see them; `known` turns False where
        # the fit did not even know the intent, so that it stands in for an out-of-scope message.
        scores = np.zeros((len(index), len(intents)), dtype=np.float32)
        votes, known = np.zeros_like(scores), np.ones(len(index), dtype=bool)
        trust = np.ones((len(index), 1))
        for train, test in _folds(index, intents, roles, settings.folds, known):
            weights, bias = fitted(train)
            scores[test] = features[test] @ weights + bias
            votes[test] = neighbours.votes(dense[test], among=train)
            trust[test] = _trust(neighbours, dense[test], among=train)
        temperature = fit_temperature(scores[known], index[known])
        say = settings.neighbour_say
        probabilities = (1 - say) * soften(scores, temperature) + say * votes
        if not roles.masks(intents)["out"].any():
            probabilities *= trust
        thresholds, report = _thresholds(probabilities, index, ~known, roles.masks(intents), rates)
        return cls(
            intents, roles, blocks, *fitted(np.arange(len(index))), neighbours,
            say, temperature, thresholds, report,
        )  # fmt: skip

    def probabilities(self, dense: np.ndarray, counts: csr_matrix) -> np.ndarray:
        """(messages, intents) probabilities; without refusals among the intents, what is left of
        their sum to 1 is that of something else."""
        scores = self.blocks.transform(dense, counts) @ self.weights + self.bias
        linear = soften(scores, self.temperature)
        mixed = (1 - self.say) * linear + self.say * self.neighbours.votes(dense)
        return mixed if self.outside.any() else mixed * _trust(self.neighbours, dense)

    def best_answer(self, row: np.ndarray) -> tuple[str, float, float]:
        """The likeliest answer, the probability that the message is answerable, its share in it.

        Where the model knows no refusals, all probability is on answers and tells nothing: then
        that of the likeliest one stands for both.
        """
        inside, best = inside_of(row[None], self.answerable, self.outside)
        intent = self.intents[int(best[0])]
        return intent, float(inside[0]), float(row[best[0]] / max(inside[0], 1e-12))

    def urgent_turn(self, row: np.ndarray) -> tuple[str, float] | None:
        """The urgent intent of a message and the joint probability, or None."""
        mass = float(row[self.urgent].sum()) if self.urgent.any() else 0.0
        if not self.urgent.any() or mass < self.thresholds.urgent:
            return None
        return self.intents[int(np.argmax(np.where(self.urgent, row, -1)))], mass

    def refusal(self, row: np.ndarray) -> tuple[str, float]:
        """The kind of out of scope that carries at least half of its probability, or fallback."""
        mass = float(row[self.outside].sum()) if self.outside.any() else 0.0
        if mass > 0:
            kind = int(np.argmax(np.where(self.outside, row, -1)))
            if row[kind] * 2 >= mass:
                return self.intents[kind], float(row[kind])
        return FALLBACK, 1.0

    def save(self, folder: Path) -> None:
        """Numbers as .npz, the rest as readable JSON."""
        np.savez(
            folder / "weights.npz",
            weights=self.weights.astype(np.float32),
            bias=self.bias.astype(np.float32),
            idf=self.blocks.idf,
            directions=self.blocks.directions.astype(np.float16),
            neighbour_directions=self.neighbours.directions,
            neighbour_vectors=self.neighbours.vectors.astype(np.float16),
            neighbour_index=self.neighbours.index.astype(np.int32),
        )
        about = {
            "intents": self.intents,
            "out_of_scope_prefix": self.roles.out_of_scope_prefix,
            "urgent": sorted(self.roles.urgent),
            "small_talk": sorted(self.roles.small_talk),
            "spelling": self.blocks.spelling,
            "neighbours": {"count": self.neighbours.count, "width": self.neighbours.width},
            "say": self.say,
            "temperature": self.temperature,
            "thresholds": asdict(self.thresholds),
            "figures": self.figures,
        }
        (folder / "intents.json").write_text(json.dumps(about, indent=1), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> IntentModel:
        """What `save` wrote."""
        about = json.loads((folder / "intents.json").read_text(encoding="utf-8"))
        with np.load(folder / "weights.npz") as arrays:
            blocks = FeatureBlocks(
                arrays["idf"], arrays["directions"].astype(np.float32), about["spelling"]
            )
            return cls(
                about["intents"],
                IntentRoles(
                    about["out_of_scope_prefix"],
                    frozenset(about["urgent"]),
                    frozenset(about["small_talk"]),
                ),
                blocks,
                arrays["weights"],
                arrays["bias"],
                Neighbours(
                    arrays["neighbour_directions"],
                    arrays["neighbour_vectors"].astype(np.float32),
                    arrays["neighbour_index"],
                    len(about["intents"]),
                    **about["neighbours"],
                ),
                about["say"],
                about["temperature"],
                Thresholds(**about["thresholds"]),
                about["figures"],
            )


def _full(classifier: LogisticRegression, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Weights over all intents; those absent from the fit can never win."""
    weights = np.zeros((classifier.coef_.shape[1], count), dtype=np.float32)
    bias = np.full(count, -1e4, dtype=np.float32)
    classes = classifier.classes_
    if len(classes) == 2:  # scikit-learn keeps one row for two classes
        weights[:, classes[1]], bias[classes[1]] = classifier.coef_[0], classifier.intercept_[0]
        bias[classes[0]] = 0.0
    else:
        weights[:, classes], bias[classes] = classifier.coef_.T, classifier.intercept_
    return weights, bias


def _trust(
    neighbours: Neighbours, dense: np.ndarray, among: np.ndarray | None = None
) -> np.ndarray:
    """(messages, 1): where nothing teaches what must be refused, distance has to tell it."""
    return neighbours.closeness(dense, among)[:, None] ** 2


def _folds(
    index: np.ndarray, intents: list[str], roles: IntentRoles, folds: int, known: np.ndarray
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """(rows to fit on, rows to try) of the inner cross-validation.

    Where no out-of-scope intent is given, each fold also leaves whole intents out, whose messages
    then stand in for out-of-scope ones: `known` is set False for them.
    """
    stand_ins = not roles.masks(intents)["out"].any()
    order = np.random.default_rng(0).permutation(len(intents))
    splitter = StratifiedKFold(folds, shuffle=True, random_state=0)
    for fold, (train, test) in enumerate(splitter.split(index, index)):
        if stand_ins:
            left_out = order[fold::folds]
            # A tenth of the intents a fold: as many stand-ins as tell, few enough that the fit
            # is still the one that will be used.
            left_out = left_out[: max(1, len(intents) // 10)]
            train = train[~np.isin(index[train], left_out)]
            known[test[np.isin(index[test], left_out)]] = False
        yield train, test


def inside_of(
    probabilities: np.ndarray, answerable: np.ndarray, outside: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """(messages,) probability that a message is answerable, and the index of its likeliest answer.

    Without refusals among the intents it is the probability of the likeliest answer.
    """
    answers = np.where(answerable, probabilities, 0.0)
    best = answers.argmax(axis=1)
    if outside.any():
        return answers.sum(axis=1), best
    return answers.max(axis=1), best


def _thresholds(
    probabilities: np.ndarray, index: np.ndarray, stand_in: np.ndarray,
    masks: dict[str, np.ndarray], rates: Rates,
) -> tuple[Thresholds, dict[str, Any]]:  # fmt: skip
    rows = np.arange(len(index))
    inside, best = inside_of(probabilities, masks["answer"], masks["out"])
    share = probabilities[rows, best] / np.maximum(inside, 1e-12)
    right = best == index
    near = masks["out"][index] | stand_in
    answerable = masks["answer"][index] & ~stand_in
    if masks["out"].any():
        propose, answer, sure = learn_thresholds(inside, share, right, answerable, near, rates)
    else:
        propose = answer = float(np.quantile(inside[answerable], rates.refused_in))
        sure = 0.0
    urgent_mass = probabilities[:, masks["urgent"]].sum(axis=1)
    calm = ~masks["urgent"][index]
    urgent = max(least_threshold(urgent_mass, calm, rates.false_alarms, int(calm.sum())), 0.05)
    answered = (inside >= answer) & (share >= sure)
    act = np.where(answered, "answer", np.where(inside >= propose, "propose", "refuse"))
    told = answerable | near
    report = figures(act[told], right[told], answerable[told])
    if (~calm).any():
        report["urgent_found"] = round(float((urgent_mass[~calm] >= urgent).mean()), 4)
    return Thresholds(propose, answer, sure, urgent), report
