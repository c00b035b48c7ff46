"""Conversations to list, and what the list shows of them."""

from __future__ import annotations

import re
import time
from datetime import datetime, timezone
from typing import Any

from django.test import Client

from guide.store.tables import CONVERSATIONS, TAGS
from staff.records.engine import guide_engine
from tests.staff import rows

Columns = dict[str, Any]


def shown(client: Client, query: str = "") -> list[str]:
    """The keys on the page, from the top."""
    response = client.get(f"/conversations/?{query}")
    assert response.status_code == 200
    return re.findall(r'href="/conversations/([0-9a-z]+)/\?', response.content.decode())


def day(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc).timestamp()


def put(name: str, columns: Columns) -> None:
    """A conversation `name` with one turn; `tag` is a tag, the rest as its table has it."""
    columns = dict(columns)
    tag, channel = columns.pop("tag", ""), columns.pop("channel", "web")
    own = {key: columns.pop(key) for key in list(columns) if key in CONVERSATIONS.c}
    moment = columns.get("time", time.time())
    id_ = f"{channel}:{name}"
    rows.conversation(id_, key=name, started=moment, **own)
    rows.turn(id_, **columns)
    if tag:
        with guide_engine().begin() as connection:
            connection.execute(TAGS.insert().values(conversation=id_, tag=tag))


def pages(client: Client, way: str, start: str = "", query: str = "") -> list[str]:
    """The keys of all pages in one direction."""
    found: list[str] = []
    address = start or query
    while True:
        page = client.get(f"/conversations/?{address}").content.decode()
        keys = re.findall(r'href="/conversations/([0-9a-z]+)/\?', page)
        found += keys if way == "next" else keys[::-1]
        link = re.search(rf'href="\?([^"]*)" rel="{way}"', page)
        if not link:
            return found
        address = link[1].replace("&amp;", "&")


def many(count: int, **columns: Any) -> list[str]:
    """Conversations in the order of the list: a tenth urgent, many of the same second."""
    keys = []
    for number in range(count):
        urgent = number % 10 == 0
        key, last = f"{number:04x}", float(5000 + number // 7)
        rows.conversation(f"web:{key}", key=key, last=last, urgent=urgent, **columns)
        keys.append((urgent, last, key))
    return [key for _, _, key in sorted(keys, reverse=True)]
