"""After a reply about trials some messages ask for trials that elsewhere would not.

"Boston", "the second one" and "more" say nothing by themselves: what they answer does. The
intents that wait for an earlier reply (choose, tell me more) are told apart in guide/replies,
but a list of trials is made by the action server, which only an intent can call.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from guide.content import DATA
from guide.content.said import metadata
from guide.content.trials import load_trials
from guide.nlu.known_messages import KNOWN
from guide.trials.follow_up import LastTrials, asks_for_more, last_trials
from guide.trials.mentions import only_place
from guide.trials.places import Gazetteer

CHOOSE = "choose"


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False
)  # fmt: skip
class TrialFollowUp(GraphComponent):
    """Sets the intent `find_trials` where a message goes on from a reply about trials.

    Raises:
        ContentError: data/trials.yml has faults.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Names of intents: the one to set, and the roles of others (see IntentClassifier)."""
        return {
            "intent": "find_trials",
            "out_of_scope_prefix": "oos_",
            "urgent": ["emergency", "crisis", "urgent"],
        }

    def __init__(self, config: dict[str, Any], gazetteer: Gazetteer) -> None:
        self._config = {**self.get_default_config(), **config}
        self._gazetteer = gazetteer
        self._more = load_trials(DATA).more_phrases

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TrialFollowUp:
        """A ready component; reading the places takes half a second."""
        return cls(config, Gazetteer.load(DATA / "places"))

    def process(self, messages: list[Message], tracker: DialogueStateTracker) -> list[Message]:
        """`intent_ranking` keeps the classifier's scores.

        Rasa gives the tracker as it was before the message, by the parameter's name; None where a
        message is parsed outside a conversation, though its validation knows no optional input.
        """
        last = last_trials(newest(tracker)) if tracker else None
        for message in messages[:1]:
            if last and not self._urgent(message) and self._goes_on(message, last):
                found = {"name": self._config["intent"], "confidence": 1.0}
                message.set(INTENT, found, add_to_output=True)
        return messages

    def _urgent(self, message: Message) -> bool:
        """A ZIP code alone is not, though the classifier now and then takes one for a cry."""
        urgent = (message.get(INTENT) or {}).get("name") in self._config["urgent"]
        return urgent and any(character.isalpha() for character in message.get(TEXT) or "")

    def _goes_on(self, message: Message, last: LastTrials) -> bool:
        text = message.get(TEXT) or ""
        if asks_for_more(text, last, self._more):
            return True
        if last.choices and message.get(INTENT, {}).get("name") == CHOOSE:
            return True
        return not self._means_else(message) and only_place(text, self._gazetteer) is not None

    def _means_else(self, message: Message) -> bool:
        """Whether it is an example of something else, such as "OK" of agreeing.

        One that would be refused ("Ohio") may well be a place here.
        """
        refused = self._config["out_of_scope_prefix"]
        intent = str(message.get(INTENT, {}).get("name"))
        return bool(message.get(KNOWN)) and not intent.startswith(refused)


def newest(tracker: DialogueStateTracker) -> list[dict[str, Any]]:
    """The metadata of the newest bot message: no other is gone on from here."""
    for event in reversed(tracker.events):
        if isinstance(event, BotUttered):
            return [metadata(event.metadata or {})]
    return []
