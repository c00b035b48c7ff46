"""When the notice is due: the first ordinary reply carries it, an urgent one never does."""

from __future__ import annotations

from collections.abc import Iterable

URGENT_KINDS = frozenset({"urgent", "emergency", "crisis"})


def notice_due(kinds_said: Iterable[str | None]) -> bool:
    """True until an ordinary reply was sent.

    Args:
        kinds_said: kinds of the conversation's earlier bot messages, in any order.
    """
    return all(kind in URGENT_KINDS for kind in kinds_said)
