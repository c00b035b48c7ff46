"""The tracker store: conversations in the one database, without personal details.

A load reads a bounded window (guide.store.window), a save appends what no row holds yet
(guide.store.writing). Nothing is raised: Rasa would log an error's text, which can repeat a
patient's words, and keep the conversation in a memory that nobody reads. A failure is counted and
logged by its kind, and the reply says that it was not stored.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from guide.privacy import remover
from guide.store import failures
from guide.store.cleaning import clean
from guide.store.database import database_url, engine_of
from guide.store.events import columns, mark, unsaved
from guide.store.outcome import Outcome, current
from guide.store.patience import in_time
from guide.store.tables import CONVERSATIONS, EVENTS, make_tables
from guide.store.turns import ERASE, feedback_of, slots_of, turn_of
from guide.store.window import WINDOW, Window, load
from guide.store.writing import ErasedMeanwhile, Work, Written, write

logger = logging.getLogger(__name__)

WHOLE = 10_000  # events of a "full" tracker, which only Rasa's own tools ask for
_SEEN = "times_erased"  # on a tracker: what its conversation had behind it when it was loaded
T = TypeVar("T")


class ConversationStore(SQLTrackerStore):
    """endpoints.yml: `type: guide.store.conversations.ConversationStore`.

    It starts without a database, and works as soon as there is one.
    """

    def __init__(
        self, domain: Domain | None = None, event_broker: EventBroker | None = None, **_: Any
    ) -> None:
        # Not SQLTrackerStore's, which waits for the database for ever.
        TrackerStore.__init__(self, domain, event_broker)
        self.engine = engine_of(database_url())
        self.sessionmaker = sa.orm.session.sessionmaker(bind=self.engine)
        self._opening = threading.Lock()
        self._open = False
        self._told = False
        self._remover = remover()
        self._remover.find("-")  # loads its model: the first message would wait for it

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The end of a conversation; None where there is none, or it cannot be read now."""
        return await self._loaded(sender_id, WINDOW)

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """As `retrieve`, with all that a tool may want to see."""
        return await self._loaded(conversation_id, WHOLE)

    async def exists(self, conversation_id: str) -> bool:
        """Whether something is known of a conversation."""
        return await self._tried(lambda: self._exists(conversation_id), False)

    async def keys(self) -> Iterable[str]:
        """The ids of all conversations."""
        return await self._tried(self._keys, [])

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Append what is new, or erase all where the patient asked for that."""
        events = unsaved(tracker.events)
        if not events:
            return
        outcome = current()
        if outcome is not None:
            outcome.stored = False  # also where an earlier save of this turn was
        try:
            clean(events, self._remover)
            work = _work(tracker, events, outcome)
            written = await in_time(lambda: write(self._ready(), work))
        except ErasedMeanwhile:
            logger.info("a turn that began before its conversation was erased is not stored")
            return
        except Exception as error:
            failures.note(error)
            return
        _settle(tracker, events, work, written)
        if outcome is not None:
            outcome.stored, outcome.turn = True, written.turn

    async def _loaded(self, conversation: str, limit: int) -> DialogueStateTracker | None:
        def read() -> DialogueStateTracker | None:
            with self._ready().connect() as connection:
                window = load(connection, conversation, limit)
            if window.skipped and not self._told:
                self._told = True
                logger.warning("%d events cannot be read and are left out", window.skipped)
            return None if window.empty else self._tracker(conversation, window)

        return await self._tried(read, None)

    def _tracker(self, conversation: str, window: Window) -> DialogueStateTracker:
        slots = self.domain.slots
        tracker = DialogueStateTracker.from_events(conversation, window.events, slots)
        for name in window.slots.keys() & tracker.slots.keys():
            tracker.slots[name].value = window.slots[name]
        setattr(tracker, _SEEN, window.erased)
        return tracker

    def _exists(self, conversation: str) -> bool:
        with self._ready().connect() as connection:
            asked = sa.select(EVENTS.c.id).where(EVENTS.c.sender_id == conversation).limit(1)
            return connection.execute(asked).first() is not None

    def _keys(self) -> list[str]:
        with self._ready().connect() as connection:
            return list(connection.execute(sa.select(CONVERSATIONS.c.id)).scalars())

    async def _tried(self, work: Callable[[], T], otherwise: T) -> T:
        try:
            return await in_time(work)
        except Exception as error:
            failures.note(error)
            return otherwise

    def _ready(self) -> sa.engine.Engine:
        """The engine, with its tables: made at the first call that the database takes."""
        if not self._open:
            with self._opening:
                make_tables(self.engine)
                self._open = True
        return self.engine


def _work(tracker: DialogueStateTracker, events: list[Event], outcome: Outcome | None) -> Work:
    """What is to be done for a tracker's new events."""
    said = [event for event in events if isinstance(event, UserUttered)]
    slots = slots_of(events)
    return Work(
        tracker.sender_id,
        tuple(columns(event, tracker.sender_id) for event in events),
        turn_of(events),
        slots,
        feedback_of(events),
        message_id=str(said[-1].message_id or "") if said else "",
        seen=getattr(tracker, _SEEN, 0),
        began=outcome.began if outcome else None,
        erases=bool(slots.values.get(ERASE)),
    )


def _settle(
    tracker: DialogueStateTracker, events: list[Event], work: Work, written: Written
) -> None:
    """Note on the tracker what the database holds now."""
    if work.erases:
        tracker.events.clear()
        SessionStarted().apply_to(tracker)  # as new
        setattr(tracker, _SEEN, work.seen + 1)
        return
    for event, row in zip(events, written.rows, strict=True):
        mark(event, row)
