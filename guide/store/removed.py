"""What erasing and retention removed, told in numbers."""

from __future__ import annotations

import time
from dataclasses import dataclass

import sqlalchemy as sa

from guide.store.tables import REMOVALS


@dataclass(frozen=True)
class Removed:
    """How many rows went."""

    conversations: int = 0
    turns: int = 0
    events: int = 0

    def __add__(self, other: Removed) -> Removed:
        """Both together."""
        return Removed(
            self.conversations + other.conversations,
            self.turns + other.turns,
            self.events + other.events,
        )

    def __bool__(self) -> bool:
        """Whether anything went."""
        return bool(self.conversations or self.turns or self.events)


def note(connection: sa.engine.Connection, kind: str, removed: Removed, seconds: float) -> None:
    """Write a row of `removals`, in the caller's transaction.

    Args:
        kind: "retention", "patient", "staff" or "sample".
        seconds: how long it took.
    """
    row = {
        "time": time.time(), "kind": kind, "conversations": removed.conversations,
        "turns": removed.turns, "events": removed.events, "seconds": seconds,
    }  # fmt: skip
    connection.execute(REMOVALS.insert().values(**row))
