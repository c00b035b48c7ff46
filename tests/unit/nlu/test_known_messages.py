"""Word for word what an example says: no guess."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from guide.nlu.known_messages import KnownMessages
from tests.unit.nlu.pipeline import context, messages_of, storage_in

EXAMPLES = {
    "cost": ("How much does it cost?", "It's the price I'm after"),
    "approved": ("Is it approved?", "état"),
    "punctuation": ("???", "..."),
}
RANKING = [{"name": "risk", "confidence": 0.7}]


@pytest.fixture
def trained(tmp_path: Path) -> KnownMessages:
    place = (storage_in(tmp_path / "model"), Resource("known"), context())
    assert KnownMessages.create({}, *place).train(messages_of(EXAMPLES)) == Resource("known")
    return KnownMessages.load({}, *place)


def understood(text: str | None) -> Message:
    """A message as it comes from the classifier."""
    message = Message({TEXT: text})
    message.set(INTENT, {"name": "risk", "confidence": 0.7}, add_to_output=True)
    message.set("intent_ranking", RANKING, add_to_output=True)
    return message


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("How much does it cost?", "cost"),
        # Without regard to case, punctuation and kinds of apostrophe.
        ("how much does it COST", "cost"),
        ("  How much, does it cost?!  ", "cost"),
        ("it’s the price i’m after", "cost"),
        ("ÉTAT", "approved"),
        # Almost is for the classifier.
        ("How much does it cost me?", "risk"),
        ("much does it cost", "risk"),
        ("its the price im after", "risk"),
        # No words are no known words, though an example had none either.
        ("???", "risk"),
        ("", "risk"),
        (None, "risk"),
    ],
)
def test_known_words_decide(trained: KnownMessages, text: str | None, intent: str) -> None:
    (message,) = trained.process([understood(text)])
    assert message.get(INTENT)["name"] == intent


def test_a_known_message_is_certain_and_the_scores_stay(trained: KnownMessages) -> None:
    (message,) = trained.process([understood("Is it approved")])
    data = message.as_dict(only_output_properties=True)
    assert data["intent"] == {"name": "approved", "confidence": 1.0}
    assert data["intent_ranking"] == RANKING


def test_parts_of_a_message_are_left_alone(trained: KnownMessages) -> None:
    messages = trained.process([understood("Both, please"), Message({TEXT: "Is it approved?"})])
    assert [(m.get(INTENT) or {}).get("name") for m in messages] == ["risk", None]


def test_untrained_it_knows_nothing(tmp_path: Path) -> None:
    component = KnownMessages.create({}, storage_in(tmp_path / "m"), Resource("known"), context())
    (message,) = component.process([understood("Is it approved?")])
    assert message.get(INTENT)["name"] == "risk"
