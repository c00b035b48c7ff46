"""Labels in the tables, as the staff site writes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import sqlalchemy as sa

from guide.store.tables import CONVERSATIONS, LABELS, TURNS, make_tables

APPROVED = {"verdict": "answer", "target": "cost", "sentence": "x", "approved_by": "bob"}


def add(engine: sa.engine.Engine, rows: Iterable[Mapping[str, object]]) -> None:
    """Each label for a turn of its own, a second after the one before."""
    make_tables(engine)
    with engine.begin() as connection:
        connection.execute(
            CONVERSATIONS.insert().values(id="web:secret-id", channel="web", started=1, last=1)
        )
        for number, row in enumerate(rows):
            turn = connection.execute(
                TURNS.insert().values(
                    conversation="web:secret-id", time=number, channel="web", text="t", kind="k"
                )
            )
            label = {"time": number, "by": "ann", **APPROVED, **row}
            key = turn.inserted_primary_key[0]
            connection.execute(LABELS.insert().values(turn=key, **label))
