"""A turn into the database, in one transaction: all of it is there, or nothing."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from guide.store.emptied import empty_log
from guide.store.erase import erase
from guide.store.hold import hold, times_erased
from guide.store.tables import CONVERSATIONS, EVENTS, INBOX, TURN_ANSWERS, TURNS
from guide.store.turns import SHOWING, Feedback, Slots, Turn


class ErasedMeanwhile(Exception):
    """The conversation was erased after this turn began: nothing of it is written."""


@dataclass(frozen=True)
class Work:
    """What a turn adds to a conversation, without personal details.

    `events` are rows of the table; `message_id` is the id of the inbox's event; `seen` is how
    often the conversation was erased before the turn; `began` is when its message arrived
    (monotonic seconds). `erases` says that nothing is added, and all goes.
    """

    conversation: str
    events: tuple[dict[str, Any], ...]
    turn: Turn | None
    slots: Slots
    feedback: Feedback | None = None
    message_id: str = ""
    seen: int = 0
    began: float | None = None
    erases: bool = False


@dataclass(frozen=True)
class Written:
    """`rows` are the ids of the events, `turn` that of the turn."""

    rows: tuple[int, ...] = ()
    turn: int | None = None


def write(engine: sa.engine.Engine, work: Work) -> Written:
    """Commit a turn.

    Raises:
        ErasedMeanwhile: it began before the conversation was erased.
        sqlalchemy.exc.SQLAlchemyError: nothing is written.
    """
    if work.erases:
        with engine.begin() as connection:
            erase(connection, work.conversation, "patient", asked_by=work.message_id)
        empty_log(engine)
        return Written()
    with engine.begin() as connection:
        now = work.turn.time if work.turn else time.time()
        before = hold(connection, work.conversation, now)
        if times_erased(connection, work.conversation) > work.seen:
            raise ErasedMeanwhile
        if work.turn is not None:
            # What is told of turns before looks for them before there is this one.
            _follow_up(connection, work.conversation, work.turn)
        if work.feedback is not None:
            _judge(connection, work.conversation, work.feedback)
        rows = tuple(_inserted(connection, EVENTS, row) for row in work.events)
        turn = _add(connection, work, rows) if work.turn else None
        _update(connection, work, before)
        return Written(rows, turn)


def _inserted(connection: sa.engine.Connection, table: sa.Table, row: Mapping[str, Any]) -> int:
    return int(connection.execute(table.insert().values(**row)).inserted_primary_key[0])


def _add(connection: sa.engine.Connection, work: Work, rows: tuple[int, ...]) -> int:
    """The row of a turn, what it showed, and the word of it in the inbox."""
    assert work.turn is not None  # noqa: S101  for mypy
    turn = work.turn
    took = None if work.began is None else (time.monotonic() - work.began) * 1000
    channel = work.conversation.partition(":")[0]
    id_ = _inserted(
        connection,
        TURNS,
        {
            "conversation": work.conversation, "time": turn.time, "channel": channel[:20],
            "text": turn.text, "kind": turn.kind, "answers": json.dumps(turn.answers),
            "intent": turn.intent, "confidence": turn.confidence,
            "scores": json.dumps(turn.scores), "version": turn.version, "urgent": turn.urgent,
            "milliseconds": took, "first_event": rows[0], "last_event": rows[-1],
        },
    )  # fmt: skip
    for answer in turn.answers:
        named = {"turn": id_, "answer": answer, "time": turn.time}
        connection.execute(TURN_ANSWERS.insert().values(**named))
    mine = sa.and_(INBOX.c.channel == channel, INBOX.c.event_id == work.message_id)
    connection.execute(INBOX.update().where(mine).values(turn=id_))
    return id_


def _follow_up(connection: sa.engine.Connection, conversation: str, turn: Turn) -> None:
    """What became of the did-you-mean before: one of its answers is shown now, or none."""
    last = _newest_turn(connection, conversation)
    if last is None or last.kind != "did_you_mean" or last.outcome:
        return
    proposed = sa.and_(TURN_ANSWERS.c.turn == last.id, TURN_ANSWERS.c.answer.in_(turn.shown))
    chosen = connection.execute(TURN_ANSWERS.select().where(proposed)).first()
    values = {"outcome": "chosen" if chosen else "declined"}
    connection.execute(TURNS.update().where(TURNS.c.id == last.id).values(**values))


def _judge(connection: sa.engine.Connection, conversation: str, feedback: Feedback) -> None:
    """Put a judgement to the newest reply that it can be about."""
    kinds = {feedback.kind} if feedback.kind else SHOWING
    answers = json.dumps(feedback.answers)
    judged = _newest_turn(
        connection, conversation, TURNS.c.kind.in_(kinds), TURNS.c.answers == answers
    )
    if judged is None:
        return
    values = {"feedback": int(feedback.helpful), "reason": feedback.reason}
    connection.execute(TURNS.update().where(TURNS.c.id == judged.id).values(**values))
    unhelpful = _newest_turn(connection, conversation, TURNS.c.feedback == 0) is not None
    mine = CONVERSATIONS.c.id == conversation
    connection.execute(CONVERSATIONS.update().where(mine).values(unhelpful=unhelpful))


def _newest_turn(
    connection: sa.engine.Connection, conversation: str, *which: Any
) -> sa.engine.Row | None:
    asked = TURNS.select().where(TURNS.c.conversation == conversation, *which)
    return connection.execute(asked.order_by(TURNS.c.id.desc()).limit(1)).first()


def _update(connection: sa.engine.Connection, work: Work, before: sa.engine.Row) -> None:
    """What the conversation's row says of the whole."""
    slots = work.slots.after(_read(before.slots))
    values: dict[str, Any] = {"slots": json.dumps(slots)}
    if work.turn is not None:
        values |= {"last": work.turn.time, "turns": CONVERSATIONS.c.turns + 1}
        if work.turn.urgent:
            values["urgent"] = True
    mine = CONVERSATIONS.c.id == work.conversation
    connection.execute(CONVERSATIONS.update().where(mine).values(**values))


def _read(slots: str) -> dict[str, Any]:
    """The slots as they were written; none where something else stands there."""
    try:
        read = json.loads(slots)
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}
