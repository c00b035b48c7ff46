"""What the guide could not answer and nobody has labelled yet, in groups of one meaning."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

import numpy as np
from django.db.models import QuerySet

from staff.records.models import Turn
from staff.unanswered.grouping import partition
from staff.unanswered.meanings import encoder_id, read_vectors

NEWEST = 2000  # more are grouped once these are labelled
SIZE = 384  # of an embedding
GUESSES = 3
LEAST = 0.05  # of a guess, else it is no help


@dataclass(frozen=True)
class Message:
    """A patient's message as a group shows it; `vector` is None until it is embedded."""

    turn: int
    time: float
    text: str
    kind: str
    conversation: str  # its key
    urgent: bool  # something else in its conversation was
    unhelpful: bool
    scores: tuple[tuple[str, float], ...]
    vector: bytes | None


@dataclass(frozen=True)
class Group:
    """Messages of one meaning, the most central first."""

    messages: tuple[Message, ...]

    @property
    def name(self) -> str:
        """Its most central message."""
        return self.messages[0].text

    @property
    def urgent(self) -> bool:
        """Whether one of its messages stands in an urgent conversation."""
        return any(message.urgent for message in self.messages)

    @property
    def kinds(self) -> list[tuple[str, int]]:
        """What the guide said, most often first."""
        return Counter(message.kind for message in self.messages).most_common()

    @property
    def unhelpful(self) -> int:
        """How many were marked as not helpful."""
        return sum(message.unhelpful for message in self.messages)

    @property
    def newest(self) -> float:
        """When it was last asked."""
        return max(message.time for message in self.messages)

    def guesses(self, known: Iterable[str]) -> list[tuple[str, float]]:
        """The best scores among `known`, as the mean over all messages."""
        total: dict[str, float] = defaultdict(float)
        for name, score in chain.from_iterable(message.scores for message in self.messages):
            total[name] += score
        allowed = set(known)
        means = ((name, score / len(self.messages)) for name, score in total.items())
        good = [(name, mean) for name, mean in means if name in allowed and mean >= LEAST]
        return sorted(good, key=lambda pair: (-pair[1], pair[0]))[:GUESSES]


def unanswered(personal_advice: bool = False) -> list[Message]:
    """The newest NEWEST: refused, none of the proposals chosen, or marked as not helpful."""
    kinds = ["fallback", *(["personal_advice"] if personal_advice else [])]
    # One query an index, each cut off: together they would be sorted as a whole.
    sources = [
        *(Turn.objects.filter(kind=kind) for kind in kinds),
        Turn.objects.filter(kind="did_you_mean", outcome="declined"),
        Turn.objects.filter(feedback=0),
    ]
    found = {m.turn: m for m in chain.from_iterable(map(_newest, sources))}
    return sorted(found.values(), key=lambda m: (-m.time, -m.turn))[:NEWEST]


def _newest(turns: QuerySet[Turn]) -> list[Message]:
    open_ = turns.filter(label__isnull=True).select_related("conversation", "meaning")
    rows = open_.only(
        "time", "text", "kind", "scores", "feedback", "conversation__key", "conversation__urgent",
        "meaning__vector", "meaning__encoder",
    )  # fmt: skip
    return [_message(turn) for turn in rows.order_by("-time")[:NEWEST]]


def _message(turn: Turn) -> Message:
    meaning = getattr(turn, "meaning", None)
    current = meaning is not None and meaning.encoder == encoder_id()
    vector = bytes(meaning.vector) if meaning is not None and current else None
    return Message(
        turn=turn.pk,
        time=turn.time,
        text=turn.text,
        kind=turn.kind,
        conversation=turn.conversation.key or "",
        urgent=turn.conversation.urgent,
        unhelpful=turn.feedback == 0,
        scores=tuple(turn.best_scores),
        vector=vector if vector and len(vector) == SIZE * 4 else None,
    )


def waiting(messages: Iterable[Message]) -> list[int]:
    """The turns that have no embedding yet, newest first."""
    return [message.turn for message in messages if message.vector is None]


def groups(messages: Sequence[Message]) -> list[Group]:
    """What is embedded, in groups: urgent ones first, then the biggest, then the newest."""
    embedded = sorted((m for m in messages if m.vector), key=lambda m: m.turn)
    made = _partition(tuple((m.turn, m.vector or b"") for m in embedded))
    found = [Group(tuple(embedded[position] for position in group)) for group in made]
    return sorted(found, key=lambda g: (not g.urgent, -len(g.messages), -g.newest))


@lru_cache(maxsize=2)
def _partition(kept: tuple[tuple[int, bytes], ...]) -> list[list[int]]:
    """Kept for the next page: between two labels nothing changes."""
    if not kept:
        return []
    vectors: np.ndarray = read_vectors([vector for _, vector in kept], SIZE)
    return partition(vectors)
