"""Conversations as Rasa plays them: read, added to, saved, with its wrapper round the store."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from rasa.core.tracker_store import FailSafeTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    AllSlotsReset,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    Event,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from guide.settings import ROOT
from guide.store.conversations import ConversationStore
from guide.store.database import database_url, engine_of
from guide.store.outcome import Outcome, begin
from guide.store.tables import make_tables

ANN = "rest:ann"
DOMAIN = Domain.load(str(ROOT / "domain.yml"))
ERASED = (AllSlotsReset(), SlotSet("erase_requested", True), SlotSet("service_ok", True))


def user(text: str, intent: str = "cost", scored: bool = True, **read: Any) -> UserUttered:
    """A message as the pipeline reads it, with more than is kept."""
    parsed: dict[str, Any] = {
        "text": text, "intent": {"name": intent, "confidence": 0.9}, "entities": [],
        "text_tokens": [[0, 4]], "response_selector": {"x": "y" * 100}, **read,
    }  # fmt: skip
    if scored:
        names = [intent, "safety", "cure", "trials", "greet"]
        ranking = [{"name": n, "confidence": 0.9 / 2**i} for i, n in enumerate(names)]
        parsed["intent_ranking"] = ranking
    return UserUttered(text, parsed["intent"], parsed["entities"], parsed, input_channel="rest")


def bot(text: str, kind: str = "answer", answers: Sequence[str] = (), **about: Any) -> BotUttered:
    buttons = about.pop("buttons", None)
    said = {"kind": kind, "answers": list(answers), "version": "v1", **about}
    return BotUttered(text, {"buttons": buttons}, said)


class Talk:
    """One server's store; `engine` looks behind it."""

    def __init__(self) -> None:
        self.store = ConversationStore(DOMAIN)
        self.rasa = FailSafeTrackerStore(self.store)

    @property
    def engine(self) -> sa.engine.Engine:
        engine = engine_of(database_url())
        make_tables(engine)
        return engine

    def turn(self, *events: Event, of: str = ANN, message_id: str = "") -> Outcome:
        """One turn: what becomes of it."""
        return asyncio.run(self.play(*events, of=of, message_id=message_id))

    async def play(self, *events: Event, of: str = ANN, message_id: str = "") -> Outcome:
        outcome = begin(time.monotonic())
        tracker = await self.rasa.get_or_create_tracker(of, append_action_listen=False)
        await self.go_on(tracker, *events, message_id=message_id)
        return outcome

    async def go_on(
        self, tracker: DialogueStateTracker, *events: Event, message_id: str = ""
    ) -> None:
        """The rest of a turn whose conversation was read before."""
        said, *others = events
        if isinstance(said, UserUttered):
            said.message_id = message_id or None
        action = ActionExecuted("utter_cost")
        whole = [said, DefinePrevUserUtteredFeaturization(False), action, *others]
        tracker.update_with_events([*whole, ActionExecuted("action_listen")], DOMAIN)
        await self.rasa.save(tracker)

    def say(self, text: str, reply: str = "Some thousand dollars.", of: str = ANN) -> Outcome:
        """A question with its answer."""
        return self.turn(user(text), bot(reply, answers=["cost"]), of=of)

    def tracker(self, of: str = ANN) -> DialogueStateTracker | None:
        return asyncio.run(self.rasa.retrieve(of))

    def texts(self, of: str = ANN) -> list[str]:
        """What both sides said, as far as a new turn would know it."""
        tracker = self.tracker(of)
        events = tracker.events if tracker else []
        return [e.text for e in events if isinstance(e, UserUttered | BotUttered) and e.text]

    def rows(self, table: str, order: str = "1") -> list[Any]:
        with self.engine.connect() as connection:
            return list(connection.execute(sa.text(f"SELECT * FROM {table} ORDER BY {order}")))

    def everything(self) -> str:
        """All that stands in the database, as text."""
        tables = ("events", "conversations", "turns", "turn_answers", "inbox", "tombstones")
        return "\n".join(str(tuple(row)) for table in tables for row in self.rows(table))
