"""A message that was answered already, though its reply may not have arrived.

A server can die between the commit of a turn and the sending of its reply. Who takes the message
up gives the reply that stands in the record, and makes no second turn.
"""

from __future__ import annotations

from typing import Any

from guide.channels.history import one
from guide.store.database import database_url, engine_of
from guide.store.patience import in_time
from guide.store.window import replies_of


async def answered(conversation: str, turn: int) -> dict[str, Any] | None:
    """The bot message of a stored turn; None where the guide said nothing in it.

    Raises:
        Exception: the database cannot tell now.
    """

    def read() -> dict[str, Any] | None:
        with engine_of(database_url()).connect() as connection:
            replies = replies_of(connection, conversation, turn)
        return one(replies) if replies else None

    return await in_time(read)
