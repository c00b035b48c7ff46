"""Conversations as the store writes them, put straight into its tables.

Without `engine` into the database of tests/staff; browser tests name that of their site.
"""

from __future__ import annotations

import json
import time
from typing import Any

from sqlalchemy.engine import Engine

from guide.store.tables import CONVERSATIONS, EVENTS, TURN_ANSWERS, TURNS
from staff.records.engine import guide_engine


def conversation(id_: str = "web:a", *, engine: Engine | None = None, **columns: Any) -> str:
    """Adds a conversation without turns; its key."""
    now = time.time()
    row = {"channel": id_.partition(":")[0], "started": now, "last": now, "turns": 0, **columns}
    with (engine or guide_engine()).begin() as connection:
        done = connection.execute(CONVERSATIONS.insert().values(id=id_, **row))
    return str(done.context.compiled_parameters[0]["key"])


def turn(
    id_: str = "web:a",
    text: str = "How much is it?",
    *,
    engine: Engine | None = None,
    **columns: Any,
) -> int:
    """Adds a turn with its two events to a conversation that stands; the turn's id.

    `reply` is the reply's text; `answers` a list; `scores` a list of pairs.
    """
    now = columns.pop("time", time.time())
    reply = columns.pop("reply", "A reply.")
    answers, scores = columns.pop("answers", []), columns.pop("scores", [])
    kind = columns.pop("kind", "answer")
    about = {"kind": kind, "answers": answers, "version": "v1"}
    said = [
        ("user", {"event": "user", "timestamp": now, "text": text, "parse_data": {}}),
        ("bot", {"event": "bot", "timestamp": now, "text": reply, "data": {}, "metadata": about}),
    ]
    with (engine or guide_engine()).begin() as connection:
        ids = [
            connection.execute(
                EVENTS.insert().values(
                    sender_id=id_, type_name=name, timestamp=now, data=json.dumps(data)
                )
            ).inserted_primary_key[0]
            for name, data in said
        ]
        done = connection.execute(
            TURNS.insert().values(
                conversation=id_, time=now, channel=id_.partition(":")[0], text=text, kind=kind,
                answers=json.dumps(answers), scores=json.dumps(scores),
                first_event=ids[0], last_event=ids[-1], **columns,
            )
        )  # fmt: skip
        number = int(done.inserted_primary_key[0])
        for answer in answers:
            connection.execute(TURN_ANSWERS.insert().values(turn=number, answer=answer, time=now))
        connection.execute(
            CONVERSATIONS.update()
            .where(CONVERSATIONS.c.id == id_)
            .values(turns=CONVERSATIONS.c.turns + 1, last=now)
        )
    return number
