"""Retention: what is older than GUIDE_RETENTION_DAYS goes for good.

By hand: `python -m guide.store.retention`. A running server does it every hour.
"""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable, Iterator, Sequence

import sqlalchemy as sa

from guide.settings import SettingError, prepare_environment, read_dotenv, retention_days
from guide.store.database import database_url, engine_of
from guide.store.emptied import empty_log
from guide.store.removed import Removed, note
from guide.store.tables import (
    CONVERSATIONS,
    EVENTS,
    HEARTBEATS,
    INBOX,
    METADATA,
    REMOVALS,
    TOMBSTONES,
    TURNS,
    make_tables,
)

logger = logging.getLogger(__name__)

DAY = 24 * 3600.0
KEPT_SECONDS = DAY  # what only turns and redeliveries under way ask for
GIVEN_UP_SECONDS = 7 * DAY  # a message that no server could answer in a week
# Between two batches, so that a patient's write that waits gets its turn.
PAUSE_SECONDS = 0.05

Batch = Callable[[sa.engine.Connection, float, int], Removed]


def purge(
    engine: sa.engine.Engine,
    before: float,
    batch: int = 500,
    go_on: Callable[[], bool] = lambda: True,
) -> Removed:
    """Delete what is older than `before`, with all that hangs on it; what went.

    Every batch is a short transaction of its own. Conversations that are partly old keep their
    newer turns. A run that removed something leaves a row in `removals`, and so does one a day
    that found nothing: the proof that it runs.

    Args:
        before: seconds since 1970.
        batch: rows at once.
        go_on: asked between batches; what is left then goes the next time.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database failed; whole batches are gone or there.
    """
    began = time.monotonic()
    removed = Removed()
    try:
        for step in (_turns, _stray_events, _empty_conversations):
            for gone in _batches(engine, step, before, batch, go_on):
                removed += gone
    finally:
        if removed:
            with engine.begin() as connection:
                note(connection, "retention", removed, time.monotonic() - began)
    if not removed:
        _note_a_day(engine, time.monotonic() - began)
    _passing_rows(engine, time.time())
    empty_log(engine)
    if removed and engine.dialect.name != "sqlite":
        _vacuum(engine)
    return removed


def _note_a_day(engine: sa.engine.Engine, seconds: float) -> None:
    """Note a run that found nothing, unless one was noted in the last day."""
    lately = sa.and_(REMOVALS.c.kind == "retention", REMOVALS.c.time > time.time() - DAY)
    with engine.begin() as connection:
        if connection.execute(sa.select(REMOVALS.c.id).where(lately)).first() is None:
            note(connection, "retention", Removed(), seconds)


def _batches(
    engine: sa.engine.Engine, step: Batch, before: float, size: int, go_on: Callable[[], bool]
) -> Iterator[Removed]:
    while go_on():
        with engine.begin() as connection:
            removed = step(connection, before, size)
        if not removed:
            return
        yield removed
        time.sleep(PAUSE_SECONDS)


def _turns(connection: sa.engine.Connection, before: float, size: int) -> Removed:
    """The oldest turns with their events, and the conversations that have none left."""
    old = (
        sa.select(TURNS.c.id, TURNS.c.conversation)
        .where(TURNS.c.time < before)
        .order_by(TURNS.c.time)
        .limit(size)
    )
    rows = connection.execute(old).all()
    ids = [row.id for row in rows]
    conversations = sorted({row.conversation for row in rows})
    if not ids:
        return Removed()
    _hold(connection, conversations)
    its_events = sa.and_(
        EVENTS.c.sender_id == TURNS.c.conversation,
        EVENTS.c.id.between(TURNS.c.first_event, TURNS.c.last_event),
    )
    found = sa.select(EVENTS.c.id).select_from(sa.join(TURNS, EVENTS, its_events))
    events = connection.execute(
        EVENTS.delete().where(EVENTS.c.id.in_(found.where(TURNS.c.id.in_(ids))))
    ).rowcount
    turns = connection.execute(TURNS.delete().where(TURNS.c.id.in_(ids))).rowcount
    empty = CONVERSATIONS.delete().where(CONVERSATIONS.c.id.in_(conversations), ~_has_turns())
    gone = connection.execute(empty).rowcount
    _count_again(connection, conversations)
    return Removed(gone, turns, events)


def _hold(connection: sa.engine.Connection, conversations: Sequence[str]) -> None:
    """Let no turn be written into these meanwhile; SQLite has one writer anyhow."""
    rows = sa.select(CONVERSATIONS.c.id).where(CONVERSATIONS.c.id.in_(conversations))
    connection.execute(rows.order_by(CONVERSATIONS.c.id).with_for_update()).all()


def _has_turns(*which: sa.sql.ColumnElement[bool]) -> sa.sql.Exists:
    of_it = TURNS.c.conversation == CONVERSATIONS.c.id
    return sa.exists().where(of_it, *which).correlate(CONVERSATIONS)


def _count_again(connection: sa.engine.Connection, conversations: Sequence[str]) -> None:
    """What a conversation tells of its turns is true of those that are left."""

    def of_them(what: sa.sql.ColumnElement[float]) -> sa.sql.ScalarSelect:
        of_it = TURNS.c.conversation == CONVERSATIONS.c.id
        return sa.select(what).where(of_it).correlate(CONVERSATIONS).scalar_subquery()

    connection.execute(
        CONVERSATIONS.update()
        .where(CONVERSATIONS.c.id.in_(conversations))
        .values(
            turns=of_them(sa.func.count(TURNS.c.id)),
            started=of_them(sa.func.min(TURNS.c.time)),
            urgent=_has_turns(TURNS.c.urgent.is_(True)),
            unhelpful=_has_turns(TURNS.c.feedback == 0),
        )
    )


def _stray_events(connection: sa.engine.Connection, before: float, size: int) -> Removed:
    """Events of no turn: half-written ones, and those of before there were turns."""
    of_a_turn = sa.exists().where(
        TURNS.c.conversation == EVENTS.c.sender_id,
        EVENTS.c.id.between(TURNS.c.first_event, TURNS.c.last_event),
    )
    old = sa.select(EVENTS.c.id).where(EVENTS.c.timestamp < before, ~of_a_turn)
    old = old.order_by(EVENTS.c.timestamp).limit(size)
    ids = connection.execute(old).scalars().all()
    if not ids:
        return Removed()
    return Removed(events=connection.execute(EVENTS.delete().where(EVENTS.c.id.in_(ids))).rowcount)


def _empty_conversations(connection: sa.engine.Connection, before: float, size: int) -> Removed:
    old = sa.select(CONVERSATIONS.c.id).where(CONVERSATIONS.c.last < before, ~_has_turns())
    ids = connection.execute(old.order_by(CONVERSATIONS.c.last).limit(size)).scalars().all()
    if not ids:
        return Removed()
    _hold(connection, ids)
    empty = CONVERSATIONS.delete().where(CONVERSATIONS.c.id.in_(ids), ~_has_turns())
    return Removed(connection.execute(empty).rowcount)


def _passing_rows(engine: sa.engine.Engine, now: float) -> None:
    """What is of use for a while only, whatever the setting says."""
    kept, given_up = now - KEPT_SECONDS, now - GIVEN_UP_SECONDS
    answered = sa.and_(INBOX.c.done.is_(True), INBOX.c.received < kept)
    for old in (
        TOMBSTONES.delete().where(TOMBSTONES.c.erased < kept),
        INBOX.delete().where(sa.or_(answered, INBOX.c.received < given_up)),
        HEARTBEATS.delete().where(HEARTBEATS.c.time < kept),
    ):
        with engine.begin() as connection:
            connection.execute(old)


def _vacuum(engine: sa.engine.Engine) -> None:
    """PostgreSQL would leave deleted rows in its pages until a fifth of a table is deleted."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in METADATA.sorted_tables:
            connection.exec_driver_sql(f'VACUUM "{table.name}"')


def main() -> int:
    """One run by hand; exit code 0 when it could be done."""
    read_dotenv()
    try:
        prepare_environment()
        days = retention_days()
        engine = engine_of(database_url())
        make_tables(engine)
        removed = purge(engine, time.time() - days * DAY)
    except SettingError as error:
        print(error, file=sys.stderr)
        return 2
    except sa.exc.SQLAlchemyError as error:
        print(f"the database failed: {type(error).__name__}", file=sys.stderr)
        return 1
    print(
        f"Removed what is older than {days} days: {removed.conversations} conversations, "
        f"{removed.turns} turns, {removed.events} events"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
