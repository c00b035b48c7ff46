"""Accepted events: each is worked on once, by whichever server, also after a crash."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest
import sqlalchemy as sa

from guide.store.database import engine_of
from guide.store.emptied import empty_log
from guide.store.inbox import LEASE_SECONDS, Event, Inbox

Result = TypeVar("Result")
EVENT = Event("telegram", "17", "telegram:7", '{"text": "how much is it"}')


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'guide.db'}"


@pytest.fixture
def server(url: str) -> Iterator[Callable[[], sa.engine.Engine]]:
    """Makes engines on one file, as several servers have them."""
    made: list[sa.engine.Engine] = []

    def make() -> sa.engine.Engine:
        made.append(engine_of.__wrapped__(url))
        return made[-1]

    yield make
    for engine in made:
        engine.dispose()


@pytest.fixture
def inbox(server: Callable[[], sa.engine.Engine], clock: Clock) -> Inbox:
    return Inbox(server(), clock)


def at_once(*work: Callable[[], Result]) -> list[Result]:
    """The results of what is done at the same moment, each in a thread of its own."""
    gate = threading.Barrier(len(work))

    def run(one: Callable[[], Result]) -> Result:
        gate.wait(10)
        return one()

    with ThreadPoolExecutor(len(work)) as threads:
        return list(threads.map(run, work))


def started(url: str, clock: Clock) -> Inbox:
    return Inbox(engine_of.__wrapped__(url), clock)


def test_a_new_event_is_accepted_and_found(inbox: Inbox) -> None:
    assert inbox.find("telegram", "17") is None
    assert inbox.accept(EVENT) is None
    assert inbox.find("telegram", "17") == EVENT


def test_a_redelivery_finds_what_stands(inbox: Inbox) -> None:
    inbox.accept(EVENT)
    again = Event("telegram", "17", "telegram:8", "another text")
    assert inbox.accept(again) == EVENT
    inbox.finish("telegram", "17", '{"text": "It is expensive."}')
    done = inbox.accept(again)
    assert done is not None
    assert (done.done, done.reply) == (True, '{"text": "It is expensive."}')


def test_channels_do_not_share_ids(inbox: Inbox) -> None:
    assert inbox.accept(EVENT) is None
    assert inbox.accept(Event("slack", "17", "slack:7", "x")) is None
    inbox.finish("slack", "17")
    assert inbox.find("telegram", "17") == EVENT


def test_the_text_is_gone_from_the_file_too(inbox: Inbox, tmp_path: Path) -> None:
    inbox.accept(Event("telegram", "1", "telegram:1", "an older one"))
    inbox.accept(Event("telegram", "18", "telegram:7", "how much does it cost " * 200))
    assert b"much does it cost" in on_disk(tmp_path)
    inbox.finish("telegram", "18")
    done = inbox.find("telegram", "18")
    assert done is not None
    assert (done.body, done.done) == ("", True)
    empty_log(engine_of(f"sqlite:///{tmp_path / 'guide.db'}"))  # as retention does each hour
    assert b"much does it cost" not in on_disk(tmp_path)
    assert b"an older one" in on_disk(tmp_path)


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        (
            '{"text": "my name is Jane Roe, hello", "token": "", "channel": "D0123456789"}',
            '{"text": "my name is <NAME>, hello", "token": "", "channel": "D0123456789"}',
        ),
        ('{"token": "4155550123.abc"}', '{"token": "4155550123.abc"}'),
        ("call me at 415-555-0123", "call me at <PHONE>"),
        ('{"text": 5}', '{"text": 5}'),
        ("[1]", "[1]"),
    ],
)
def test_words_stand_in_it_without_personal_details(inbox: Inbox, body: str, kept: str) -> None:
    inbox.accept(Event("slack", "1", "slack:a", body))
    found = inbox.find("slack", "1")
    assert found is not None
    assert found.body == kept


def on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


def test_it_outlives_a_restart(url: str, clock: Clock) -> None:
    first = engine_of.__wrapped__(url)
    Inbox(first, clock).accept(EVENT)
    first.dispose()
    second = engine_of.__wrapped__(url)
    assert Inbox(second, clock).accept(EVENT) == EVENT
    second.dispose()


@pytest.mark.parametrize("engines", [1, 2])
def test_of_many_at_once_one_accepts(
    server: Callable[[], sa.engine.Engine], clock: Clock, engines: int
) -> None:
    inboxes = [Inbox(server(), clock) for _ in range(engines)]
    for number in range(20):
        event = Event("slack", f"Ev{number}", "slack:1", "x")
        work = [partial(inboxes[i % engines].accept, event) for i in range(4)]
        found = at_once(*work)
        assert found.count(None) == 1
        assert {one.event_id for one in found if one} == {f"Ev{number}"}


def test_servers_that_start_at_once_on_a_new_file_all_start(tmp_path: Path, clock: Clock) -> None:
    for number in range(10):
        url = f"sqlite:///{tmp_path / f'{number}.db'}"
        inboxes = at_once(*[partial(started, url, clock)] * 4)
        assert [one.accept(EVENT) is None for one in inboxes] == [True, False, False, False]


def test_many_writers_wait_for_each_other(
    server: Callable[[], sa.engine.Engine], clock: Clock
) -> None:
    inboxes = [Inbox(server(), clock) for _ in range(4)]

    def work(n: int) -> int:
        for number in range(25):
            inboxes[n].accept(Event("web", f"{n}-{number}", f"web:{n}", "x"))
            inboxes[n].finish("web", f"{n}-{number}", "y")
        return n

    assert at_once(*[partial(work, n) for n in range(4)]) == [0, 1, 2, 3]
    clock.now += 1
    assert inboxes[0].purge(0) == 100


def test_what_a_dead_worker_left_is_taken_up_once_oldest_first(
    server: Callable[[], sa.engine.Engine], clock: Clock
) -> None:
    dead, inbox = Inbox(server(), clock), Inbox(server(), clock)
    for id_ in ("c", "a", "b"):
        clock.now += 1
        dead.accept(Event("slack", id_, "slack:1", f"text {id_}"))
    dead.accept(Event("telegram", "a", "telegram:1", "of another channel"))
    dead.finish("slack", "a")
    assert inbox.take_up("slack") == []  # its worker may still be at it
    clock.now += LEASE_SECONDS + 1
    taken = inbox.take_up("slack")
    assert [(event.event_id, event.body) for event in taken] == [("c", "text c"), ("b", "text b")]
    assert inbox.take_up("slack") == []
    inbox.finish("slack", "c")
    clock.now += LEASE_SECONDS + 1
    assert [event.event_id for event in inbox.take_up("slack")] == ["b"]


def test_of_many_servers_that_take_up_each_event_goes_to_one(
    server: Callable[[], sa.engine.Engine], clock: Clock
) -> None:
    inboxes = [Inbox(server(), clock) for _ in range(3)]
    for number in range(30):
        inboxes[0].accept(Event("slack", f"{number}", "slack:1", "x"))
    clock.now += LEASE_SECONDS + 1
    taken = at_once(*[partial(inbox.take_up, "slack") for inbox in inboxes])
    ids = [event.event_id for events in taken for event in events]
    assert sorted(ids, key=int) == [str(number) for number in range(30)]


def test_what_is_still_worked_on_is_not_taken_up(
    server: Callable[[], sa.engine.Engine], clock: Clock
) -> None:
    busy, other = Inbox(server(), clock), Inbox(server(), clock)
    for id_ in ("slow", "dead"):
        busy.accept(Event("slack", id_, "slack:1", "x"))
    for _ in range(3):
        clock.now += LEASE_SECONDS * 0.9
        busy.renew("slack", ["slow", "unknown"])
        busy.renew("slack", [])
        busy.renew("telegram", ["dead"])
    assert [event.event_id for event in other.take_up("slack")] == ["dead"]
    clock.now += LEASE_SECONDS + 1
    assert {event.event_id for event in other.take_up("slack")} == {"slow", "dead"}


def test_old_done_events_are_dropped_and_unfinished_ones_never(inbox: Inbox, clock: Clock) -> None:
    for id_ in ("old", "old and open"):
        inbox.accept(Event("web", id_, "web:a", "x"))
    inbox.finish("web", "old")
    clock.now += 100
    inbox.accept(Event("web", "new", "web:a", "x"))
    inbox.finish("web", "new")
    assert inbox.purge(100) == 0
    clock.now += 1
    assert inbox.purge(100) == 1
    assert [inbox.find("web", id_) is not None for id_ in ("old", "old and open", "new")] == [
        False, True, True,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text", ["", "'; DROP TABLE inbox; --", "\x00", "🙂 多少", "x" * 100_000, "{}"]
)
def test_any_text_comes_back_as_it_was(inbox: Inbox, text: str) -> None:
    event = Event("web", "1", "web:'; --", text)
    assert inbox.accept(event) is None
    assert inbox.find("web", "1") == event


def test_an_error_tells_nothing_of_the_patient(inbox: Inbox) -> None:
    broken = Event("web", "1", {"text": "Jane Roe"}, "")  # type: ignore[arg-type]
    with pytest.raises(sa.exc.SQLAlchemyError) as told:
        inbox.accept(broken)
    missing = Event("web", "Jane Roe", None, "Jane")  # type: ignore[arg-type]
    with pytest.raises(sa.exc.IntegrityError) as told_too:
        inbox.accept(missing)
    for error in (told.value, told_too.value):
        assert "Jane" not in f"{error} {error!r}"
