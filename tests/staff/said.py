"""Rows of a conversation put in one by one, and its page."""

from __future__ import annotations

import json
import re
from typing import Any

from django.test import Client

from guide.store.tables import EVENTS, TURNS
from staff.records.engine import guide_engine

ID = "slack:T1:U2"


def page_of(client: Client, key: str, query: str = "") -> str:
    response = client.get(f"/conversations/{key}/?{query}")
    assert response.status_code == 200
    return response.content.decode()


def words(html: str) -> str:
    """What is read, without tags; blanks as one space."""
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def event(type_name: str, data: object, id_: str = ID, **columns: Any) -> int:
    """Adds a row of Rasa's; its id."""
    text = data if isinstance(data, str) or data is None else json.dumps(data)
    values = {
        "sender_id": id_,
        "type_name": type_name,
        "timestamp": 1000.0,
        "data": text,
        **columns,
    }
    with guide_engine().begin() as connection:
        return int(connection.execute(EVENTS.insert().values(**values)).inserted_primary_key[0])


def bot(text: str, *titles: str, **about: Any) -> int:
    """Adds a bot message with buttons."""
    buttons = [{"title": title, "payload": title} for title in titles]
    said = {"event": "bot", "text": text, "data": {"buttons": buttons}, "metadata": about}
    return event("bot", said)


def user(text: str) -> int:
    return event("user", {"event": "user", "text": text, "parse_data": {}})


def turn(first: int, last: int, text: str, **columns: Any) -> int:
    """Adds a turn over rows that stand."""
    row = {"conversation": ID, "time": 1000.0, "channel": "slack", "text": text, "kind": "answer"}
    row |= {"first_event": first, "last_event": last, **columns}
    with guide_engine().begin() as connection:
        return int(connection.execute(TURNS.insert().values(**row)).inserted_primary_key[0])
