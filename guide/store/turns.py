"""What `turns` and `conversations` keep of a turn, told from its events. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from rasa.shared.core.events import (
    AllSlotsReset,
    BotUttered,
    Event,
    Restarted,
    SlotSet,
    UserUttered,
)

from guide.content.notice import URGENT_KINDS
from guide.content.said import metadata
from guide.store.cleaning import SCORES

SHOWING = frozenset({"answer", "several", "more"})
ERASE = "erase_requested"  # the slot by which a patient's wish reaches the store
MAX_REASON = 200


@dataclass(frozen=True)
class Turn:
    """A message and the reply to it; the fields are the columns of `turns`."""

    time: float
    text: str
    kind: str
    answers: tuple[str, ...]
    intent: str
    confidence: float | None
    scores: tuple[tuple[str, float], ...]
    version: str

    @property
    def urgent(self) -> bool:
        """Whether the reply was an urgent one."""
        return self.kind in URGENT_KINDS

    @property
    def shown(self) -> tuple[str, ...]:
        """The answers that the reply showed, and did not merely propose."""
        return self.answers if self.kind in SHOWING else ()


@dataclass(frozen=True)
class Feedback:
    """A patient's judgement on an earlier reply; `kind` is that reply's, "" where not told."""

    helpful: bool
    kind: str
    answers: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Slots:
    """How a turn changed the slots: all of them forgotten first, or not; then these set."""

    reset: bool = False
    values: dict[str, Any] = field(default_factory=dict)

    def after(self, before: dict[str, Any]) -> dict[str, Any]:
        """The state of the slots, given the state before."""
        return {**({} if self.reset else before), **self.values}


def turn_of(events: Sequence[Event]) -> Turn | None:
    """The turn that these events are; None where nobody said anything.

    A turn in which the guide said nothing was answered with an error by the channel.
    """
    said = [event for event in events if isinstance(event, UserUttered)]
    if not said:
        return None
    user = said[-1]
    replies = [event for event in events if isinstance(event, BotUttered)]
    about = metadata(replies[-1].metadata) if replies else {"kind": "error"}
    ranking = user.parse_data.get("intent_ranking") or []
    scores = tuple((str(r["name"]), round(float(r["confidence"]), 4)) for r in ranking[:SCORES])
    return Turn(
        user.timestamp,
        # What PostgreSQL cannot hold; the channels take it away, Rasa's own tools do not.
        (user.text or "").replace("\0", "").encode(errors="replace").decode(),
        str(about.get("kind") or "small_talk"),
        tuple(dict.fromkeys(about.get("answers") or ())),
        str(user.intent_name or ""),
        scores[0][1] if scores else None,
        scores,
        str(about.get("version") or ""),
    )


def feedback_of(events: Sequence[Event]) -> Feedback | None:
    """The judgement that a turn holds, if it holds one."""
    for event in reversed(events):
        value = event.value if isinstance(event, SlotSet) and event.key == "feedback" else None
        if isinstance(value, dict) and isinstance(value.get("helpful"), bool):
            return Feedback(
                value["helpful"],
                str(value.get("kind") or ""),
                tuple(value.get("answers") or ()),
                str(value.get("reason") or "")[:MAX_REASON],
            )
    return None


def slots_of(events: Sequence[Event]) -> Slots:
    """What a turn did to the slots."""
    reset, values = False, dict[str, Any]()
    for event in events:
        if isinstance(event, AllSlotsReset | Restarted):
            reset, values = True, {}
        elif isinstance(event, SlotSet):
            values[event.key] = event.value
    return Slots(reset, values)
