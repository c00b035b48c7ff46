"""Delete my conversation."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import AllSlotsReset, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.shared import answered, guarded, held, say


class ActionErase(Action):
    """Marks the conversation; the store drops it when the turn is saved (see guide.store)."""

    def name(self) -> str:
        """The name in domain.yml."""
        return "action_erase"

    @guarded
    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Any]:
        """Works with any version of the content: the wish does not depend on it."""
        # The channels drop what they keep of the conversation when they see `erased`.
        say(dispatcher, tracker, held()[1].say("erased"), "small_talk", erased=True)
        return [AllSlotsReset(), SlotSet("erase_requested", True), answered()]
