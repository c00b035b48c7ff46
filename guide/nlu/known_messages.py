"""Messages that are word for word training examples need no guess: titles, buttons, labels."""

from __future__ import annotations

import json
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from guide.content.examples import words_of

FILE = "known.json"
KNOWN = "known_message"  # marks a message for the components behind; never an output property


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True
)  # fmt: skip
class KnownMessages(GraphComponent):
    """Overrides the intent of a message that says what an example says, word for word."""

    def __init__(
        self, model_storage: ModelStorage, resource: Resource, known: dict[str, str] | None = None
    ) -> None:
        self._storage = model_storage
        self._resource = resource
        self._known = known or {}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> KnownMessages:
        """An untrained component."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> KnownMessages:
        """The trained component."""
        with model_storage.read_from(resource) as folder:
            known = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return cls(model_storage, resource, known)

    def train(self, training_data: TrainingData) -> Resource:
        """Keep every example by its words."""
        self._known = {
            key: example.get(INTENT)
            for example in training_data.intent_examples
            if (key := _key(example.get(TEXT)))
        }
        with self._storage.write_to(self._resource) as folder:
            (folder / FILE).write_text(json.dumps(self._known), encoding="utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """`intent_ranking` keeps the classifier's scores."""
        for message in messages[:1]:
            intent = self._known.get(_key(message.get(TEXT)))
            if intent is not None:
                message.set(INTENT, {"name": intent, "confidence": 1.0}, add_to_output=True)
                message.set(KNOWN, True)
        return messages


def _key(text: str | None) -> str:
    return " ".join(words_of(text or ""))
