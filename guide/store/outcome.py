"""What a channel and the store tell each other of one turn, though Rasa stands between them."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass
class Outcome:
    """`began` is when the message arrived (monotonic seconds). The store fills in the rest.

    `stored` is True once the turn, or the erasing that it asked for, is committed; `turn` is then
    the id of its row in `turns`.
    """

    began: float
    stored: bool = False
    turn: int | None = None


_CURRENT: ContextVar[Outcome | None] = ContextVar("outcome", default=None)


def begin(began: float) -> Outcome:
    """The outcome of the turn that this task is about to make."""
    outcome = Outcome(began)
    _CURRENT.set(outcome)
    return outcome


def current() -> Outcome | None:
    """Of the turn that this task makes; None outside of one."""
    return _CURRENT.get()


def recorded_by_another() -> None:
    """The message of this task came before, and its first delivery sees to the record."""
    outcome = current()
    if outcome is not None:
        outcome.stored = True
