"""Accepted messages of the platforms: each is worked on once, also after a restart.

An event counts as accepted when its row, unique by channel and event id, is committed. A
redelivery finds the row. A row that is not done when its worker died is claimed by the next one,
which reads the message as it stands here: without personal details. The text of a row goes when
it is done.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass

import sqlalchemy as sa

from guide.privacy import remover
from guide.store.tables import INBOX as _TABLE
from guide.store.tables import make_tables

LEASE_SECONDS = 30.0


@dataclass(frozen=True)
class Event:
    """One accepted event.

    `body` is what the channel needs to work on it, "" once done: a JSON object whose `text` is
    what the patient wrote. `reply` is what the channel wants to give again to a redelivery, ""
    also where the conversation was erased since. `turn` is the stored turn that answered it.
    """

    channel: str
    event_id: str
    conversation: str
    body: str
    done: bool = False
    reply: str = ""
    turn: int | None = None


class Inbox:
    """Blocking calls on one table; callers in an event loop use a thread."""

    def __init__(self, engine: sa.engine.Engine, now: Callable[[], float] = time.time) -> None:
        self._engine = engine
        self._now = now
        make_tables(engine)

    def accept(self, event: Event) -> Event | None:
        """Commit a new event; None says it is new, else the row that stands already."""
        now = self._now()
        row = {
            "channel": event.channel, "event_id": event.event_id,
            "conversation": event.conversation, "received": now, "claimed": now, "done": False,
            "body": _without_details(event.body), "reply": "",
        }  # fmt: skip
        try:
            with self._engine.begin() as connection:
                connection.execute(_TABLE.insert().values(**row))
        except sa.exc.IntegrityError:
            found = self.find(event.channel, event.event_id)
            if found is not None:
                return found
            raise
        return None

    def find(self, channel: str, event_id: str) -> Event | None:
        """The row of an event."""
        with self._engine.connect() as connection:
            row = connection.execute(_TABLE.select().where(_key(channel, event_id))).first()
        return _event(row) if row else None

    def finish(self, channel: str, event_id: str, reply: str = "") -> None:
        """Mark an event as done, keep its reply and forget its text.

        One that is done already may have been erased meanwhile, and stays as it is.
        """
        values = {"done": True, "body": "", "reply": reply}
        open_ = sa.and_(_key(channel, event_id), _TABLE.c.done.is_(False))
        with self._engine.begin() as connection:
            connection.execute(_TABLE.update().where(open_).values(**values))

    def take_up(self, channel: str) -> list[Event]:
        """Claim the unfinished events whose worker has gone silent, oldest first."""
        now = self._now()
        stale = sa.and_(
            _TABLE.c.channel == channel,
            _TABLE.c.done.is_(False),
            _TABLE.c.claimed < now - LEASE_SECONDS,
        )
        taken = []
        with self._engine.begin() as connection:
            rows = connection.execute(_TABLE.select().where(stale).order_by(_TABLE.c.received))
            for row in rows.all():
                mine = sa.and_(_key(row.channel, row.event_id), _TABLE.c.claimed == row.claimed)
                claimed = connection.execute(_TABLE.update().where(mine).values(claimed=now))
                if claimed.rowcount:  # another server may have been quicker
                    taken.append(_event(row))
        return taken

    def renew(self, channel: str, event_ids: Collection[str]) -> None:
        """Claim events anew, so that no other server takes up what is still worked on."""
        mine = sa.and_(
            _TABLE.c.channel == channel,
            _TABLE.c.event_id.in_(list(event_ids)),
            _TABLE.c.done.is_(False),
        )
        if event_ids:
            with self._engine.begin() as connection:
                connection.execute(_TABLE.update().where(mine).values(claimed=self._now()))

    def purge(self, older_than_seconds: float) -> int:
        """Drop done events that no platform sends again; how many there were."""
        old = sa.and_(_TABLE.c.done.is_(True), _TABLE.c.received < self._now() - older_than_seconds)
        with self._engine.begin() as connection:
            return int(connection.execute(_TABLE.delete().where(old)).rowcount)


def _key(channel: str, event_id: str) -> sa.sql.ColumnElement[bool]:
    return sa.and_(_TABLE.c.channel == channel, _TABLE.c.event_id == event_id)


def _event(row: sa.engine.Row) -> Event:
    return Event(
        row.channel, row.event_id, row.conversation, row.body, row.done, row.reply, row.turn
    )


def _without_details(body: str) -> str:
    """The body as it may be kept; what is no JSON is taken for words."""
    try:
        read = json.loads(body)
    except ValueError:
        return remover().clean(body)
    if not isinstance(read, dict) or not isinstance(read.get("text"), str):
        return body
    return json.dumps({**read, "text": remover().clean(read["text"])})
