"""The classifier's numbers: fitted, calibrated and kept, on made-up vectors."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from guide.nlu.decision import Rates
from guide.nlu.intent_model import IntentModel, IntentRoles
from tests.unit.nlu.small_model import MadeUp, by_hand, fitted, made_up, row

WITH_REFUSALS = ("cost", "risk", "oos_weather", "emergency", "greet")
WITHOUT_REFUSALS = ("cost", "risk", "trial", "emergency", "greet")


@pytest.fixture(scope="module")
def model() -> IntentModel:
    return fitted(made_up(WITH_REFUSALS, each=40))


@pytest.fixture(scope="module")
def unseen() -> MadeUp:
    return made_up(WITH_REFUSALS, each=20, seed=1)


def test_the_roles_of_intents() -> None:
    roles = IntentRoles("oos_", frozenset({"emergency"}), frozenset({"greet"}))
    masks = roles.masks(["cost", "emergency", "greet", "oos_weather"])
    told = {role: mask.astype(int).tolist() for role, mask in masks.items()}
    assert told == {
        "answer": [1, 0, 0, 0],
        "urgent": [0, 1, 0, 0],
        "talk": [0, 0, 1, 0],
        "out": [0, 0, 0, 1],
    }


def test_unseen_messages_get_their_intent(model: IntentModel, unseen: MadeUp) -> None:
    probabilities = model.probabilities(unseen.dense, unseen.counts)
    assert probabilities.sum(axis=1) == pytest.approx(1, abs=1e-5)
    found = np.array(model.intents)[probabilities.argmax(axis=1)]
    assert (found == unseen.labels).mean() > 0.95
    assert model.intents == sorted(WITH_REFUSALS)


def test_one_message_is_the_same_alone_and_among_others(model: IntentModel, unseen: MadeUp) -> None:
    together = model.probabilities(unseen.dense, unseen.counts)
    alone = model.probabilities(unseen.dense[7:8], unseen.counts[7:8])
    assert alone[0] == pytest.approx(together[7], abs=1e-5)


def test_a_kept_model_gives_the_same(model: IntentModel, unseen: MadeUp, tmp_path: Path) -> None:
    model.save(tmp_path)
    loaded = IntentModel.load(tmp_path)
    assert loaded.probabilities(unseen.dense, unseen.counts) == pytest.approx(
        model.probabilities(unseen.dense, unseen.counts), abs=2e-3
    )
    assert (loaded.intents, loaded.roles) == (model.intents, model.roles)
    assert (loaded.thresholds, loaded.figures) == (model.thresholds, model.figures)
    for role in ("answerable", "small_talk", "urgent", "outside"):
        assert (getattr(loaded, role) == getattr(model, role)).all()


def test_the_kept_figures_can_be_read(model: IntentModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    told = json.loads((tmp_path / "intents.json").read_text(encoding="utf-8"))
    assert told["figures"]["answered_right"] > 0.9
    assert told["figures"]["refused_out_of_scope"] > 0.9
    assert told["figures"]["urgent_found"] > 0.9
    assert told["figures"]["messages"] == 3 * 40  # two answers and one kind to refuse
    assert 0 < told["thresholds"]["answer"] <= 1


def test_a_fit_can_be_repeated(unseen: MadeUp) -> None:
    first, second = (fitted(made_up(WITH_REFUSALS, each=12)) for _ in range(2))
    assert first.thresholds == second.thresholds
    assert np.array_equal(
        first.probabilities(unseen.dense, unseen.counts),
        second.probabilities(unseen.dense, unseen.counts),
    )


@pytest.mark.parametrize("refused", [0.01, 0.1, 0.3])
def test_where_nothing_to_refuse_is_given_the_stated_share_is_refused(refused: float) -> None:
    figures = fitted(made_up(WITHOUT_REFUSALS, 40, noise=0.4), Rates(refused_in=refused)).figures
    assert figures["refused_in_scope"] == pytest.approx(refused, abs=0.02)
    # Intents left out of the fit stand in for what must be refused.
    assert figures["refused_out_of_scope"] > max(0.3, 2 * refused)


def test_left_out_intents_are_known_to_the_model_that_is_used() -> None:
    model = fitted(made_up(WITHOUT_REFUSALS, each=40))
    assert model.intents == sorted(WITHOUT_REFUSALS)
    known = made_up(WITHOUT_REFUSALS, each=10, seed=3)
    found = model.probabilities(known.dense, known.counts).argmax(axis=1)
    assert (np.array(model.intents)[found] == known.labels).mean() > 0.95


def test_without_urgent_intents_nothing_is_urgent() -> None:
    model = fitted(made_up(("cost", "risk", "oos_weather"), each=20))
    data = made_up(("cost",), each=5, seed=4)
    assert all(model.urgent_turn(r) is None for r in model.probabilities(data.dense, data.counts))


@pytest.mark.parametrize(
    ("probabilities", "refusal"),
    [
        ({"oos_weather": 0.8}, "oos_weather"),
        ({"oos_weather": 0.3, "oos_drugs": 0.1, "cost": 0.5}, "oos_weather"),
        # Exactly half is enough.
        ({"oos_weather": 0.25, "oos_drugs": 0.25, "cost": 0.5}, "oos_drugs"),
        # However little: what is refused gets the likeliest reason.
        ({"oos_weather": 0.02, "oos_drugs": 0.0, "cost": 0.9}, "oos_weather"),
        ({"oos_weather": 0.0, "oos_drugs": 0.0, "cost": 0.9}, "nlu_fallback"),
    ],
)
def test_the_kind_of_refusal(probabilities: dict[str, float], refusal: str) -> None:
    assert by_hand().refusal(row(**probabilities))[0] == refusal


def test_kinds_that_are_equally_likely_are_no_kind() -> None:
    intents = ("cost", "oos_a", "oos_b", "oos_c")
    even = row(intents, oos_a=0.25, oos_b=0.25, oos_c=0.25)
    assert by_hand(intents).refusal(even) == ("nlu_fallback", 1.0)


def test_without_kinds_every_refusal_is_the_fallback() -> None:
    intents = ("cost", "risk", "greet")
    assert by_hand(intents).refusal(row(intents, cost=0.5)) == ("nlu_fallback", 1.0)


@pytest.mark.parametrize(
    ("probabilities", "best"),
    [
        ({"cost": 0.5, "risk": 0.3, "trial": 0.0}, ("cost", 0.8, 0.625)),
        ({"cost": 0.0, "risk": 0.0, "trial": 1.0}, ("trial", 1.0, 1.0)),
        # However likely something else is: the likeliest answer, and how little that is.
        ({"greet": 0.9, "risk": 0.1}, ("risk", 0.1, 1.0)),
        ({"oos_weather": 0.9, "risk": 0.06, "cost": 0.04}, ("risk", 0.1, 0.6)),
    ],
)
def test_the_likeliest_answer_and_how_likely_there_is_one(
    probabilities: dict[str, float], best: tuple[str, float, float]
) -> None:
    intent, inside, share = by_hand().best_answer(row(**probabilities))
    assert intent == best[0]
    assert (inside, share) == pytest.approx(best[1:])


def test_without_kinds_of_refusal_the_likeliest_answer_stands_for_all() -> None:
    intents = ("cost", "risk", "greet")
    intent, inside, share = by_hand(intents).best_answer(row(intents, cost=0.5, risk=0.4))
    assert (intent, inside, share) == ("cost", pytest.approx(0.5), pytest.approx(1))


def test_a_message_that_has_nothing_of_an_answer_is_no_fault() -> None:
    _, inside, share = by_hand().best_answer(row(greet=1.0))
    assert (inside, share) == (0, 0)


@pytest.mark.parametrize(
    ("probabilities", "kind"),
    [
        ({"emergency": 0.2, "urgent": 0.0}, "emergency"),
        # Together they pass, though neither does alone.
        ({"emergency": 0.09, "urgent": 0.12, "cost": 0.7}, "urgent"),
        ({"emergency": 0.09, "urgent": 0.1, "cost": 0.7}, None),
    ],
)
def test_urgent_intents_count_together(probabilities: dict[str, float], kind: str | None) -> None:
    turn = by_hand().urgent_turn(row(**probabilities))
    assert (turn[0] if turn else None) == kind
