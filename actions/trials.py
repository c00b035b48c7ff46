"""Custom action: recruiting CAR T studies for lupus, near a place if the patient names one."""

from __future__ import annotations

import asyncio
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.registry.finder import TrialFinder, shared_finder
from actions.shared import answered, bot_messages, guarded, say
from guide.trials.follow_up import KIND, last_trials


class ActionFindTrials(Action):
    """Sends one message about trials; see actions/registry/ for how it comes about."""

    def __init__(self, finder: TrialFinder | None = None) -> None:
        """Takes a finder for tests; without one, the shared one is built at the first request."""
        self._finder = finder

    def name(self) -> str:
        """The name in the domain."""
        return "action_find_trials"

    @guarded
    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[dict[str, Any]]:
        """Answers the latest message and marks the action server as well."""
        if self._finder is None:
            self._finder = await asyncio.to_thread(shared_finder)
        text = tracker.latest_message.get("text") or ""
        reply = await self._finder.answer(text, last_trials(bot_messages(tracker)))
        say(
            dispatcher, tracker, reply.text, KIND, buttons=reply.buttons, place=reply.place,
            offset=reply.offset, places=list(reply.places), data_date=reply.data_date,
        )  # fmt: skip
        return [answered()]
