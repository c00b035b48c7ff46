"""Urgent words decide last, whatever the classifier thinks: `rasa shell` and every other way
into the model that does not pass the channels' own screen is safe too."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from guide.safety import screen


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False
)  # fmt: skip
class UrgentScreen(GraphComponent):
    """Overrides the intent where the urgent patterns match."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> UrgentScreen:
        """A ready component."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """`intent_ranking` keeps the classifier's scores."""
        for message in messages[:1]:
            urgent = screen(message.get(TEXT) or "")
            if urgent is not None:
                message.set(INTENT, {"name": urgent.kind, "confidence": 1.0}, add_to_output=True)
        return messages
