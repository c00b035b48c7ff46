"""Conversations in memory only, forgotten with the process, and at once when a patient asks."""

from __future__ import annotations

from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.trackers import DialogueStateTracker


class MemoryTrackerStore(InMemoryTrackerStore):
    """Rasa's in-memory store, which erases: `save` writes the whole tracker back, so an action
    cannot erase on its own; it sets the slot `erase_requested` and the store drops the rest."""

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep the conversation, or forget it when its patient asked for that."""
        if tracker.get_slot("erase_requested"):
            self.store.pop(tracker.sender_id, None)
            return
        await super().save(tracker)
