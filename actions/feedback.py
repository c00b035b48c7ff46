"""Was that helpful? Kept with the answer and the version of the content."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.shared import answered, bot_messages, guarded, held, last_judged, outdated, say
from guide.content.choice import chosen
from guide.content.examples import words_of
from guide.content.said import ASKS_REASON
from guide.content.wording import Wording


class ActionFeedback(Action):
    """Notes feedback on the answer shown last; after "not helpful" asks why, skippable."""

    def name(self) -> str:
        """The name in domain.yml."""
        return "action_feedback"

    @guarded
    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Any]:
        """Set the slot `feedback` to {kind, answers, version, helpful, reason}."""
        if outdated(dispatcher, tracker):
            return [answered()]
        _, wording = held()
        reasons = wording.lists["feedback_reasons"]
        latest = tracker.latest_message or {}
        intent = (latest.get("intent") or {}).get("name")
        asked = next(bot_messages(tracker), {}).get(ASKS_REASON)
        reason = reason_given(latest.get("text") or "", reasons, wording if asked else None)
        # A pressed button says what it judges, however long ago that was shown.
        about = latest.get("judged") or last_judged(tracker)
        if reason and asked:
            about = tracker.get_slot("feedback") or about
        helpful = intent == "feedback_positive"
        if helpful:
            say(dispatcher, tracker, wording.say("feedback_thanks"), "small_talk")
        elif reason:
            say(dispatcher, tracker, wording.say("feedback_noted"), "small_talk")
        else:
            why, asking = wording.say("feedback_why"), {ASKS_REASON: True}
            say(dispatcher, tracker, why, "small_talk", buttons=reasons, **asking)
        noted = {
            "kind": about.get("kind", ""),
            "answers": about.get("answers", []),
            "version": about.get("version", ""),
            "helpful": helpful,
            "reason": reason,
        }
        return [SlotSet("feedback", noted), answered()]


def reason_given(message: str, reasons: tuple[str, ...], wording: Wording | None = None) -> str:
    """The reason of the list that a message states word for word, else "".

    Where they were just asked for (`wording` given), a number or "the second one" picks too.
    """
    words = words_of(message)
    stated = next((reason for reason in reasons if words_of(reason) == words), "")
    if stated or wording is None:
        return stated
    picked = chosen(message, reasons, wording)
    return reasons[picked[0]] if picked else ""
