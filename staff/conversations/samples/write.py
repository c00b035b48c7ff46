"""Sample conversations into the database in batches, and out of it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

import sqlalchemy as sa
from django.utils.timezone import localtime

from guide.content.notice import URGENT_KINDS
from guide.store.removed import Removed, note
from guide.store.tables import CONVERSATIONS, EVENTS, TAGS, TURN_ANSWERS, TURNS
from staff.conversations.samples.rows import MARK, Rows, When
from staff.conversations.samples.talk import Talk

BATCH = 200  # conversations: a patient's write waits no longer than for one of these
PAUSE_SECONDS = 0.02  # between two
WEEK = 7


class SamplesThereError(Exception):
    """Samples of this seed are in the database already."""


def make(engine: sa.engine.Engine, conversations: int, days: int, seed: int) -> Iterator[int]:
    """Write them; tells after each batch how many there are.

    Raises:
        SamplesThereError: they are there.
        ContentError: the content has faults.
    """
    random = Random(seed)  # noqa: S311  no secret
    talk = Talk(random)
    version = talk.replies.content.version
    with engine.connect() as connection:
        first = sa.select(CONVERSATIONS.c.id).where(CONVERSATIONS.c.id.like(f"%:{_name(seed, 0)}"))
        if connection.execute(first).first():
            raise SamplesThereError
    for start in range(0, conversations, BATCH):
        rows = Rows()
        end = min(start + BATCH, conversations)
        for number in range(start, end):
            said = talk.exchanges()
            urgent = any(exchange.reply.kind in URGENT_KINDS for exchange in said)
            rows.add(_when(talk, number, days, seed, urgent), said, version, random)
        with engine.begin() as connection:
            _insert(connection, rows)
        yield end
        time.sleep(PAUSE_SECONDS)


def remove(engine: sa.engine.Engine) -> Iterator[Removed]:
    """Delete all samples and nothing else; tells after each batch what is gone so far."""
    began, removed = time.monotonic(), Removed()
    samples = sa.select(CONVERSATIONS.c.id).where(CONVERSATIONS.c.sample.is_(True)).limit(BATCH)
    while True:
        with engine.begin() as connection:
            ids = connection.execute(samples).scalars().all()
            if not ids:
                break
            counted = sa.select(sa.func.count()).where(TURNS.c.conversation.in_(ids))
            turns = int(connection.execute(counted).scalar() or 0)
            events = connection.execute(EVENTS.delete().where(EVENTS.c.sender_id.in_(ids))).rowcount
            gone = connection.execute(CONVERSATIONS.delete().where(CONVERSATIONS.c.id.in_(ids)))
            removed += Removed(gone.rowcount, turns, events)
        yield removed
        time.sleep(PAUSE_SECONDS)
    if removed:
        with engine.begin() as connection:
            note(connection, "sample", removed, time.monotonic() - began)


def _name(seed: int, number: int) -> str:
    return f"{MARK}{seed}-{number}"


def _when(talk: Talk, number: int, days: int, seed: int, urgent: bool) -> When:
    """The frame of a conversation: more in the last weeks, fewer at weekends, most by day.

    Staff have looked at nearly all urgent ones that are older than a week. What is drawn depends
    on no date, so that a seed makes the same conversations every day.
    """
    random, shares = talk.random, talk.shares
    at_work, looked, opened, common = (random.random() for _ in range(4))
    now = localtime()
    age = days * random.random() ** 1.2
    day = now - timedelta(days=age)
    if day.weekday() >= 5 and at_work < 0.4:
        day -= timedelta(days=2)
    began = day.replace(
        hour=shares.hour(), minute=random.randrange(60), second=random.randrange(60)
    )
    if began > now - timedelta(hours=1):  # not over yet
        began -= timedelta(days=1)
    seen = (now - began).days > WEEK and looked < (0.97 if urgent else 0.45)
    tags = random.sample(shares.values["tags"], 1 + (random.random() < 0.2))
    return When(
        f"{shares.pick('channels')}:{_name(seed, number)}",
        f"{random.getrandbits(64):016x}",
        _seconds(began, random),
        {
            "state": "done" if seen else "open" if opened < 0.05 else "new",
            "flagged": random.random() < 0.03,
            "assigned": "",
        },
        tuple(tags) if seen and common < 0.3 else (),
    )


def _seconds(moment: datetime, random: Random) -> float:
    return round(moment.timestamp() + random.random(), 3)


def _insert(connection: sa.engine.Connection, rows: Rows) -> None:
    """One batch, with the numbers that the database would have given."""
    connection.execute(CONVERSATIONS.insert(), rows.conversations)
    events = _numbers(connection, EVENTS, len(rows.events))
    turns = _numbers(connection, TURNS, len(rows.turns))
    for event in rows.events:
        event["id"] = events[event["id"]]
    for turn in rows.turns:
        turn |= {
            "id": turns[turn["id"]], "first_event": events[turn["first_event"]],
            "last_event": events[turn["last_event"]],
        }  # fmt: skip
    for answer in rows.turn_answers:
        answer["turn"] = turns[answer["turn"]]
    tables = (EVENTS, TURNS, TURN_ANSWERS, TAGS)
    for table, new in zip(
        tables, (rows.events, rows.turns, rows.turn_answers, rows.tags), strict=True
    ):
        if new:
            connection.execute(table.insert(), new)


def _numbers(connection: sa.engine.Connection, table: sa.Table, count: int) -> list[int]:
    """The next ids of a table, which nobody else gets.

    SQLite has its one writer by now, and goes on from the greatest id that is written; the others
    have a sequence.
    """
    if connection.dialect.name == "sqlite":
        asked = sa.text("SELECT seq FROM sqlite_sequence WHERE name = :name")
        last = int(connection.execute(asked, {"name": table.name}).scalar() or 0)
        return list(range(last + 1, last + 1 + count))
    asked = sa.text(
        "SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)"
    )
    found = connection.execute(asked, {"name": table.name, "count": count}).scalars()
    return [int(number) for number in found]
