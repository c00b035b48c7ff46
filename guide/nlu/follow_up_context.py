"""A short message right after an answer may only make sense with it: "and if they use mine?"

Beside the message goes a second one, the answer's title and the message together. The classifier
reads it where the message alone leaves it in doubt (see guide.nlu.turn).
"""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from guide.content import DATA, load
from guide.content.examples import words_of
from guide.content.said import metadata

FOLLOWS = "follows_answer"  # marks the second message: the id of the answer; never an output
SHOWN = frozenset({"answer", "several", "more"})
_WORD = re.compile(r"\w+(?:'\w+)?")


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False
)  # fmt: skip
class FollowUpContext(GraphComponent):
    """Appends the message with its context to the list of messages.

    Raises:
        ContentError: the content has faults.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """A message of more words says what it means."""
        return {"max_words": 10}

    def __init__(self, config: dict[str, Any]) -> None:
        self._max_words = int(config["max_words"])
        self._titles = {id_: answer.title for id_, answer in load(DATA).answers.items()}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> FollowUpContext:
        """A ready component."""
        return cls({**cls.get_default_config(), **config})

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Training messages stand alone."""
        return training_data

    def process(self, messages: list[Message], tracker: DialogueStateTracker) -> list[Message]:
        """Rasa gives the tracker as it was before the message, by the parameter's name; None
        where a message is parsed outside a conversation."""
        answer = last_shown(tracker) if tracker else None
        text = messages[0].get(TEXT) if messages else None
        if answer not in self._titles or not text or len(words_of(text)) > self._max_words:
            return messages
        together = f"{self._titles[answer]} {text}"
        tokens = [Token(found.group(), found.start()) for found in _WORD.finditer(together)]
        return [*messages, Message({TEXT: together, TOKENS_NAMES[TEXT]: tokens, FOLLOWS: answer})]


def last_shown(tracker: DialogueStateTracker) -> str | None:
    """The answer that the newest bot message showed (of several, the last), if it showed one."""
    for event in reversed(tracker.events):
        if isinstance(event, BotUttered):
            about = metadata(event.metadata or {})
            shown = about.get("answers") if about.get("kind") in SHOWN else None
            return str(shown[-1]) if shown else None
    return None
