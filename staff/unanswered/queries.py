"""What the guide could not answer and nobody has labelled yet, in groups of one meaning."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from staff.records.models import Turn
from staff.unanswered.grouping import partition
from staff.unanswered.meanings import encoder_id, read_vectors

NEWEST = 2000  # more are grouped once these are labelled
SIZE = 384  # of an embedding
CHOICES = ("affirm", "choose", "deny")  # "None of these" is no question
GUESSES = 3
LEAST = 0.05  # of a guess, else it is no help


@dataclass(frozen=True)
class Found:
    """A message to be grouped; `vector` is b"" until it is embedded."""

    turn: int
    time: float
    urgent: bool  # something in its conversation was
    vector: bytes


@dataclass(frozen=True)
class Cluster:
    """Turns of one meaning, the most central first."""

    turns: tuple[int, ...]
    urgent: bool
    newest: float


@dataclass(frozen=True)
class Message:
    """A patient's message as a group shows it."""

    turn: int
    text: str
    kind: str
    conversation: str  # its key, "" where it has none
    urgent: bool
    unhelpful: bool
    scores: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Group:
    """A cluster with its messages, those left out that were erased in the meantime."""

    messages: tuple[Message, ...]
    urgent: bool
    newest: float

    @property
    def name(self) -> str:
        """Its most central message."""
        return self.messages[0].text

    @property
    def kinds(self) -> list[tuple[str, int]]:
        """What the guide said, most often first."""
        return Counter(message.kind for message in self.messages).most_common()

    @property
    def unhelpful(self) -> int:
        """How many were marked as not helpful."""
        return sum(message.unhelpful for message in self.messages)

    def guesses(self, known: Iterable[str]) -> list[tuple[str, float]]:
        """The best scores among `known`, as the mean over all messages."""
        total: dict[str, float] = defaultdict(float)
        for name, score in chain.from_iterable(message.scores for message in self.messages):
            total[name] += score
        allowed = set(known)
        means = ((name, score / len(self.messages)) for name, score in total.items())
        good = [(name, mean) for name, mean in means if name in allowed and mean >= LEAST]
        return sorted(good, key=lambda pair: (-pair[1], pair[0]))[:GUESSES]


def unanswered(personal_advice: bool = False) -> list[Found]:
    """The newest NEWEST: refused, none of the proposals chosen, or marked as not helpful."""
    kinds = ["fallback", *(["personal_advice"] if personal_advice else [])]
    # One query an index, each cut off: together they would be sorted as a whole.
    sources = [
        *(Turn.objects.filter(kind=kind).exclude(intent__in=CHOICES) for kind in kinds),
        Turn.objects.filter(kind="did_you_mean", outcome="declined"),
        Turn.objects.filter(feedback=0),
    ]
    newest = [
        source.filter(label__isnull=True).order_by("-time").values_list("time", "pk")[:NEWEST]
        for source in sources
    ]
    ids = [pk for _, pk in sorted(set(chain.from_iterable(newest)), reverse=True)[:NEWEST]]
    rows = Turn.objects.filter(pk__in=ids).values_list(
        "pk", "time", "conversation__urgent", "meaning__vector", "meaning__encoder"
    )
    return sorted((_found(*row) for row in rows), key=lambda f: (-f.time, -f.turn))


def _found(turn: int, time: float, urgent: bool, vector: bytes | None, encoder: str) -> Found:
    usable = vector is not None and encoder == encoder_id() and len(vector) == SIZE * 4
    return Found(turn, time, bool(urgent), bytes(vector or b"") if usable else b"")


def waiting(found: Iterable[Found]) -> list[int]:
    """The turns that have no embedding yet, in their order."""
    return [one.turn for one in found if not one.vector]


def clusters(found: Sequence[Found]) -> list[Cluster]:
    """What is embedded, grouped: urgent ones first, then the biggest, then the newest."""
    embedded = sorted((one for one in found if one.vector), key=lambda one: one.turn)
    made = [
        Cluster(
            turns=tuple(embedded[position].turn for position in positions),
            urgent=any(embedded[position].urgent for position in positions),
            newest=max(embedded[position].time for position in positions),
        )
        for positions in _partition(tuple(one.vector for one in embedded))
    ]
    return sorted(made, key=lambda c: (not c.urgent, -len(c.turns), -c.newest))


@lru_cache(maxsize=2)
def _partition(kept: tuple[bytes, ...]) -> list[list[int]]:
    """Kept for the next page: between two labels nothing changes."""
    return partition(read_vectors(kept, SIZE))


def groups(shown: Iterable[Cluster]) -> list[Group]:
    """Clusters with what they say."""
    listed = list(shown)
    wanted = [turn for cluster in listed for turn in cluster.turns]
    rows = Turn.objects.filter(pk__in=wanted).select_related("conversation").only(
        "text", "kind", "scores", "feedback", "conversation__key", "conversation__urgent"
    )  # fmt: skip
    messages = {turn.pk: _message(turn) for turn in rows}
    made = [
        Group(
            tuple(messages[turn] for turn in cluster.turns if turn in messages),
            cluster.urgent,
            cluster.newest,
        )
        for cluster in listed
    ]
    return [group for group in made if group.messages]


def _message(turn: Turn) -> Message:
    return Message(
        turn=turn.pk,
        text=turn.text,
        kind=turn.kind,
        conversation=turn.conversation.key or "",
        urgent=turn.conversation.urgent,
        unhelpful=turn.feedback == 0,
        scores=tuple(turn.best_scores),
    )
