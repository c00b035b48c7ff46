"""Marks the personal details of a message on the document that the pipeline has made anyway.

They travel in the parse data as `personal`: [{"start", "end", "kind"}], and never the words.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import SPACY_DOCS
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from guide.privacy import remover

PERSONAL = "personal"


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False
)  # fmt: skip
class PersonalDetails(GraphComponent):
    """Finds personal details.

    Raises:
        PrivacyError: data/privacy has faults; the server does not start.
    """

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> PersonalDetails:
        """A component whose remover is loaded, so that the first patient waits no longer."""
        remover()
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Without a document, as after a fault of spaCy's, the remover makes its own."""
        for message in messages[:1]:
            found = remover().find(message.get(TEXT), message.get(SPACY_DOCS[TEXT]))
            details = [{"start": d.start, "end": d.end, "kind": d.kind} for d in found]
            message.set(PERSONAL, details, add_to_output=True)
        return messages
