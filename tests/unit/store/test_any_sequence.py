"""Whatever happens in whatever order, the same things stay true."""

from __future__ import annotations

import asyncio
import os
import tempfile
from pathlib import Path
from unittest.mock import patch

import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from rasa.shared.core.events import SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from guide.store.database import engine_of
from tests.unit.store.talk import ERASED, Talk, bot, user

WHO = st.sampled_from(["rest:ann", "rest:bob"])
KINDS = st.sampled_from(["answer", "did_you_mean", "fallback", "emergency", "small_talk"])


class Conversations(RuleBasedStateMachine):
    """Two servers; `kept` is what must be there: by conversation, the texts of its messages."""

    @initialize()
    def start(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.url = f"sqlite:///{Path(self.folder.name) / 'guide.db'}"
        self.environment = patch.dict(os.environ, DATABASE_URL=self.url)
        self.environment.start()
        self.servers = [Talk(), Talk()]
        self.kept: dict[str, list[str]] = {"rest:ann": [], "rest:bob": []}
        self.slot: dict[str, bool | None] = {}
        self.open: dict[str, tuple[Talk, DialogueStateTracker]] = {}
        self.number = 0
        self.engine = self.servers[0].engine

    def teardown(self) -> None:
        self.engine.dispose()
        engine_of.cache_clear()
        self.environment.stop()
        self.folder.cleanup()

    @property
    def text(self) -> str:
        self.number += 1
        return f"question {self.number}"

    @rule(who=WHO, kind=KINDS, server=st.integers(0, 1), value=st.booleans())
    def turn(self, who: str, kind: str, server: int, value: bool) -> None:
        text = self.text
        said = bot(f"to {text}", kind, ["cost"])
        assert (
            self.servers[server].turn(user(text), said, SlotSet("service_ok", value), of=who).stored
        )
        self.kept[who].append(text)
        self.slot[who] = value

    @rule(who=WHO, server=st.integers(0, 1))
    def begin(self, who: str, server: int) -> None:
        """A turn whose reply takes long."""
        talk = self.servers[server]
        tracker = asyncio.run(talk.rasa.get_or_create_tracker(who, append_action_listen=False))
        self.open[who] = (talk, tracker)

    @rule(who=WHO)
    def end(self, who: str) -> None:
        """It ends now; after an erasing it leaves nothing (see `erase`)."""
        if who in self.open:
            talk, tracker = self.open.pop(who)
            text = self.text
            asyncio.run(talk.go_on(tracker, user(text), bot(f"to {text}")))
            if not getattr(tracker, "erased", False):
                self.kept[who].append(text)

    @rule(who=WHO, server=st.integers(0, 1))
    def erase(self, who: str, server: int) -> None:
        gone = bot("It is gone.", "small_talk", erased=True)
        assert self.servers[server].turn(user("delete it"), gone, *ERASED, of=who).stored
        self.kept[who] = []
        self.slot[who] = None
        if who in self.open:
            self.open[who][1].erased = True  # type: ignore[attr-defined]

    @rule(who=WHO, server=st.integers(0, 1))
    def fail(self, who: str, server: int) -> None:
        """The database refuses the last statement of a turn."""

        def refuse(*_: object, **__: object) -> None:
            raise sa.exc.OperationalError("UPDATE", {}, OSError("disk"))

        with patch("guide.store.writing._update", refuse):
            assert not self.servers[server].turn(user(self.text), bot("So."), of=who).stored

    @rule(server=st.integers(0, 1))
    def restart(self, server: int) -> None:
        self.servers[server] = Talk()

    @invariant()
    def rows_are_as_they_must_be(self) -> None:
        if not hasattr(self, "kept"):
            return
        talk = self.servers[0]
        turns = talk.rows("turns", "id")
        for who, texts in self.kept.items():
            assert [turn.text for turn in turns if turn.conversation == who] == texts
            assert talk.texts(who)[::2] == texts[-len(talk.texts(who)) // 2 :][: len(texts)]
            tracker = talk.tracker(who)
            if self.slot.get(who) is not None and tracker is not None:
                assert tracker.get_slot("service_ok") is self.slot[who]
        counted = {row.id: row.turns for row in talk.rows("conversations")}
        assert counted == {who: len(texts) for who, texts in self.kept.items() if texts}
        events = {row.id for row in talk.rows("events")}
        spans = [range(turn.first_event, turn.last_event + 1) for turn in turns]
        assert events == {id_ for span in spans for id_ in span}


TestAnySequence = Conversations.TestCase
TestAnySequence.settings = settings(
    max_examples=15,
    stateful_step_count=15,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
