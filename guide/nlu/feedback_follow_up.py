"""After "What was wrong?" a number picks a reason: it belongs to the feedback then.

As with trials (see trial_follow_up), only an intent can call the action that notes it.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.message import Message

from guide.content.said import ASKS_REASON
from guide.nlu.trial_follow_up import CHOOSE, newest


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False
)  # fmt: skip
class FeedbackFollowUp(GraphComponent):
    """Sets the intent `feedback_negative` where a message picks from the reasons."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> FeedbackFollowUp:
        """A ready component."""
        return cls()

    def process(self, messages: list[Message], tracker: DialogueStateTracker) -> list[Message]:
        """Rasa gives the tracker as it was before the message; None outside a conversation."""
        asked = bool(tracker) and any(said.get(ASKS_REASON) for said in newest(tracker))
        for message in messages[:1]:
            if asked and (message.get(INTENT) or {}).get("name") == CHOOSE:
                found = {"name": "feedback_negative", "confidence": 1.0}
                message.set(INTENT, found, add_to_output=True)
        return messages
