"""Conversations of a given age, written as the guide's store leaves them."""

from __future__ import annotations

import json
from dataclasses import dataclass

import sqlalchemy as sa

from guide.store.tables import (
    CONVERSATIONS,
    EVENTS,
    LABELS,
    MEANINGS,
    NOTES,
    TAGS,
    TURN_ANSWERS,
    TURNS,
)


@dataclass
class Talks:
    """Writes on one engine."""

    engine: sa.engine.Engine

    def conversation(self, id_: str, *times: float, **about: object) -> list[int]:
        """A conversation with one turn at each time; the turns' ids."""
        with self.engine.begin() as connection:
            values = {"id": id_, "channel": "web", "started": times[0], "last": times[-1], **about}
            connection.execute(CONVERSATIONS.insert().values(turns=len(times), **values))
            return [_turn(connection, id_, time) for time in times]

    def update(self, table: sa.Table, id_: object, **values: object) -> None:
        """Change a row."""
        with self.engine.begin() as connection:
            connection.execute(table.update().where(table.c.id == id_).values(**values))

    def add(self, table: sa.Table, **values: object) -> None:
        """A row of any table."""
        with self.engine.begin() as connection:
            connection.execute(table.insert().values(**values))

    def work_on(self, conversation: str, turn: int) -> None:
        """All that staff can hang on a conversation and on one of its turns."""
        self.add(NOTES, conversation=conversation, time=1.0, by="ann", text="a note")
        self.add(TAGS, conversation=conversation, tag="cost")
        self.add(LABELS, turn=turn, time=1.0, by="ann", verdict="answer", target="cost")
        self.add(MEANINGS, turn=turn, vector=b"\0" * 4)

    def count(self, table: sa.Table) -> int:
        """How many rows there are."""
        with self.engine.connect() as connection:
            return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar())

    def row(self, table: sa.Table, id_: object) -> sa.engine.Row:
        """One row by its id."""
        with self.engine.connect() as connection:
            return connection.execute(table.select().where(table.c.id == id_)).one()


def _turn(connection: sa.engine.Connection, conversation: str, time: float) -> int:
    ids = [
        connection.execute(
            EVENTS.insert().values(
                sender_id=conversation, type_name=kind, timestamp=time,
                data=json.dumps({"event": kind, "text": f"words of {conversation} at {time}"}),
            )
        ).inserted_primary_key[0]
        for kind in ("user", "bot", "action")
    ]  # fmt: skip
    turn = connection.execute(
        TURNS.insert().values(
            conversation=conversation, time=time, channel="web", kind="answer",
            text=f"words of {conversation} at {time}", first_event=ids[0], last_event=ids[-1],
        )
    ).inserted_primary_key[0]  # fmt: skip
    connection.execute(TURN_ANSWERS.insert().values(turn=turn, answer="cost", time=time))
    return int(turn)
