"""Urgent words decide, whatever the classifier thought."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from guide.nlu.urgent_screen import UrgentScreen
from tests.unit.nlu.pipeline import context, storage_in

RANKING = [{"name": "greet", "confidence": 0.9}, {"name": "emergency", "confidence": 0.01}]


def screened(text: str | None, folder: Path) -> Message:
    message = Message({TEXT: text})
    message.set(INTENT, {"name": "greet", "confidence": 0.9}, add_to_output=True)
    message.set("intent_ranking", RANKING, add_to_output=True)
    component = UrgentScreen.create({}, storage_in(folder), Resource("screen"), context())
    (result,) = component.process([message])
    return result


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("I have chest pain", "emergency"),
        ("I want to kill myself", "crisis"),
        ("me duele el pecho y no puedo respirar", "emergency"),
        # Questions about a danger, and everything else, are the classifier's.
        ("can it cause chest pain?", "greet"),
        ("hello", "greet"),
        ("", "greet"),
        (None, "greet"),
    ],
)
def test_urgent_words_decide(tmp_path: Path, text: str | None, intent: str) -> None:
    message = screened(text, tmp_path / "model")
    assert message.get(INTENT)["name"] == intent


def test_the_true_scores_stay(tmp_path: Path) -> None:
    data = screened("I have chest pain", tmp_path / "model").as_dict(only_output_properties=True)
    assert data["intent"] == {"name": "emergency", "confidence": 1.0}
    assert data["intent_ranking"] == RANKING
