"""What is older than the setting goes for good, and nothing else."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from guide.store import retention
from guide.store.database import engine_of
from guide.store.removed import Removed
from guide.store.retention import DAY, purge
from guide.store.tables import (
    CONVERSATIONS,
    EVENTS,
    HEARTBEATS,
    INBOX,
    LABELS,
    MEANINGS,
    METADATA,
    NOTES,
    REMOVALS,
    TAGS,
    TOMBSTONES,
    TURN_ANSWERS,
    TURNS,
    make_tables,
)
from tests.unit.store.talks import Talks

BEFORE = 1_000_000.0
OLD, NEW = BEFORE - 10, BEFORE + 10
OF_A_PATIENT = (
    CONVERSATIONS, EVENTS, TURNS, TURN_ANSWERS, NOTES, TAGS, LABELS, MEANINGS,
)  # fmt: skip


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "PAUSE_SECONDS", 0.0)


@pytest.fixture
def talks(any_database: str) -> Iterator[Talks]:
    engine = engine_of.__wrapped__(any_database)
    make_tables(engine)
    yield Talks(engine)
    engine.dispose()


def test_an_old_conversation_goes_with_all_that_hangs_on_it(talks: Talks) -> None:
    turns = talks.conversation("web:old", OLD - 1, OLD)
    talks.work_on("web:old", turns[0])
    assert all(talks.count(table) for table in OF_A_PATIENT)
    assert purge(talks.engine, BEFORE) == Removed(1, 2, 6)
    assert {table.name: talks.count(table) for table in OF_A_PATIENT} == dict.fromkeys(
        (table.name for table in OF_A_PATIENT), 0
    )


def test_a_new_conversation_stays_whole(talks: Talks) -> None:
    turns = talks.conversation("web:new", BEFORE, NEW)
    talks.work_on("web:new", turns[0])
    kept = [table for table in METADATA.sorted_tables if table is not REMOVALS]
    before = {table.name: talks.count(table) for table in kept}
    assert purge(talks.engine, BEFORE) == Removed()
    assert {table.name: talks.count(table) for table in kept} == before


def test_a_conversation_that_is_partly_old_keeps_its_newer_turns(talks: Talks) -> None:
    old, new = talks.conversation("web:1", OLD, NEW, urgent=True, unhelpful=True, slots='{"a": 1}')
    talks.update(TURNS, old, urgent=True, feedback=0)
    talks.work_on("web:1", new)
    assert purge(talks.engine, BEFORE) == Removed(0, 1, 3)
    row = talks.row(CONVERSATIONS, "web:1")
    assert (row.turns, row.started, row.last) == (1, NEW, NEW)
    assert (row.urgent, row.unhelpful, row.slots) == (False, False, '{"a": 1}')
    assert [talks.count(t) for t in (TURNS, EVENTS, TURN_ANSWERS, NOTES, TAGS, LABELS)] == [
        1, 3, 1, 1, 1, 1,
    ]  # fmt: skip
    assert talks.row(TURNS, new).text == f"words of web:1 at {NEW}"


def test_marks_of_turns_that_stay_stay(talks: Talks) -> None:
    _, new = talks.conversation("web:1", OLD, NEW, urgent=True, unhelpful=True)
    talks.update(TURNS, new, urgent=True, feedback=0)
    purge(talks.engine, BEFORE)
    row = talks.row(CONVERSATIONS, "web:1")
    assert (row.urgent, row.unhelpful) == (True, True)


@pytest.mark.parametrize("batch", [1, 2, 3, 500])
def test_many_go_in_batches_of_any_size(talks: Talks, batch: int) -> None:
    for number in range(5):
        talks.conversation(f"web:{number}", OLD - number, NEW if number == 0 else OLD)
    assert purge(talks.engine, BEFORE, batch) == Removed(4, 9, 27)
    assert (talks.count(CONVERSATIONS), talks.count(TURNS), talks.count(EVENTS)) == (1, 1, 3)
    with talks.engine.connect() as connection:
        (noted,) = connection.execute(REMOVALS.select()).all()
    assert (noted.kind, noted.conversations, noted.turns, noted.events) == ("retention", 4, 9, 27)


def test_events_of_no_turn_go_when_they_are_old(talks: Talks) -> None:
    talks.conversation("web:1", NEW)
    for sender, when in (("web:1", OLD), ("half", OLD), ("half", NEW)):
        talks.add(EVENTS, sender_id=sender, type_name="user", timestamp=when, data="{}")
    assert purge(talks.engine, BEFORE, 1) == Removed(0, 0, 2)
    assert talks.count(EVENTS) == 4


def test_an_old_event_of_a_turn_that_stays_stays(talks: Talks) -> None:
    """The turn's time is its reply's; the message came a moment before."""
    (turn,) = talks.conversation("web:1", NEW)
    talks.update(EVENTS, talks.row(TURNS, turn).first_event, timestamp=OLD)
    assert purge(talks.engine, BEFORE) == Removed()
    assert talks.count(EVENTS) == 3


def test_events_of_another_conversation_between_stay(talks: Talks) -> None:
    """Two patients write at the same time: their event ids mingle."""
    (old,) = talks.conversation("web:old", OLD)
    talks.conversation("web:new", NEW)
    last = talks.row(TURNS, old).last_event
    talks.update(TURNS, old, last_event=last + 2)
    purge(talks.engine, BEFORE)
    assert talks.count(EVENTS) == 3


def test_a_conversation_without_a_turn_goes_when_it_is_old(talks: Talks) -> None:
    for id_, last in (("a", OLD), ("b", NEW)):
        talks.add(CONVERSATIONS, id=id_, channel="web", started=OLD, last=last)
    assert purge(talks.engine, BEFORE, 1) == Removed(1, 0, 0)
    assert talks.row(CONVERSATIONS, "b").channel == "web"


def test_that_it_ran_is_noted_once_a_day(talks: Talks) -> None:
    purge(talks.engine, BEFORE)
    assert talks.count(REMOVALS) == 1
    purge(talks.engine, 0.0)
    assert talks.count(REMOVALS) == 1


def inbox_row(event_id: str, received: float, done: bool) -> dict[str, object]:
    return {
        "channel": "slack", "event_id": event_id, "conversation": "slack:1", "claimed": received,
        "received": received, "done": done, "body": "words", "reply": "",
    }  # fmt: skip


def test_rows_of_a_passing_use_go(talks: Talks) -> None:
    now = time.time()
    for name, age in (("young", 0.5 * DAY), ("old", 1.5 * DAY)):
        talks.add(TOMBSTONES, conversation=name, times=1, erased=now - age)
        talks.add(HEARTBEATS, server=name, time=now - age)
        talks.add(INBOX, **inbox_row(name, now - age, done=True))
    talks.add(INBOX, **inbox_row("waits", now - 6 * DAY, done=False))
    talks.add(INBOX, **inbox_row("given up", now - 8 * DAY, done=False))
    assert purge(talks.engine, BEFORE) == Removed()
    with talks.engine.connect() as connection:
        left = {
            table.name: set(connection.execute(sa.select(column)).scalars())
            for table, column in (
                (TOMBSTONES, TOMBSTONES.c.conversation), (HEARTBEATS, HEARTBEATS.c.server),
                (INBOX, INBOX.c.event_id),
            )
        }  # fmt: skip
    assert left == {"tombstones": {"young"}, "heartbeats": {"young"}, "inbox": {"young", "waits"}}


def test_a_run_that_is_told_to_end_ends_between_batches(talks: Talks) -> None:
    for number in range(4):
        talks.conversation(f"web:{number}", OLD)
    asked = iter([True, True])
    assert purge(talks.engine, BEFORE, 1, lambda: next(asked, False)) == Removed(2, 2, 6)
    assert talks.count(TURNS) == 2
    assert purge(talks.engine, BEFORE) == Removed(2, 2, 6)


def test_what_went_before_a_failure_is_noted(talks: Talks, monkeypatch: pytest.MonkeyPatch) -> None:
    talks.conversation("web:1", OLD)

    def fails(*_: object) -> Removed:
        raise sa.exc.OperationalError("", {}, Exception())

    monkeypatch.setattr(retention, "_stray_events", fails)
    with pytest.raises(sa.exc.OperationalError):
        purge(talks.engine, BEFORE)
    assert (talks.count(TURNS), talks.count(REMOVALS)) == (0, 1)


def test_a_turn_written_meanwhile_is_not_taken_along(talks: Talks) -> None:
    """Its conversation was all old when the run began; then its patient came back."""
    talks.conversation("web:1", OLD)
    other = engine_of.__wrapped__(talks.engine.url)
    came_back = threading.Event()

    def write() -> None:
        with other.begin() as connection:
            held = CONVERSATIONS.update().where(CONVERSATIONS.c.id == "web:1").values(last=NEW)
            connection.execute(held)
            came_back.set()
            time.sleep(0.3)  # the run stands before the same conversation by now
            values = {"conversation": "web:1", "time": NEW, "channel": "web", "kind": "answer"}
            connection.execute(TURNS.insert().values(text="back again", **values))

    writing = threading.Thread(target=write)
    writing.start()
    came_back.wait()
    removed = purge(talks.engine, BEFORE)
    writing.join()
    other.dispose()
    assert removed == Removed(0, 1, 3)
    row = talks.row(CONVERSATIONS, "web:1")
    assert (row.turns, row.started) == (1, NEW)
