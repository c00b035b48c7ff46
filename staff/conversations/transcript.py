"""A conversation as its patient saw it, with what the guide thought of each message."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from guide.channels.markup import Block, parse
from guide.content import DATA
from guide.content.choice import chosen
from guide.content.examples import words_of
from guide.content.reader import Reader
from guide.content.wording import Wording, load_wording
from staff.conversations.events import BOT, Heard, Said, heard
from staff.records.models import Conversation, Label, Turn

TURNS = 50  # of a page
MAX_TEXT = 8000  # characters of one message
URGENT = frozenset({"emergency", "crisis", "urgent"})


@dataclass(frozen=True)
class Button:
    """A button that was offered, and whether the patient's next message took it."""

    title: str
    chosen: bool


@dataclass(frozen=True)
class Message:
    """One message as it was seen. `beyond` are characters that are not shown."""

    who: str
    time: float | None
    text: str
    beyond: int = 0
    blocks: tuple[Block, ...] = ()
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True)
class Step:
    """A turn with its messages; `turn` is None where rows belong to no turn."""

    turn: Turn | None
    messages: list[Message]
    label: Label | None = None

    @property
    def silent(self) -> bool:
        """Whether no reply of the turn is kept, as when it failed."""
        return self.turn is not None and all(message.who != BOT for message in self.messages)

    @property
    def urgent(self) -> bool:
        """Whether the guide sent the patient to get help."""
        return self.turn is not None and (self.turn.urgent or self.turn.kind in URGENT)

    @property
    def unhelpful(self) -> bool:
        """Whether the patient found the reply not helpful."""
        return self.turn is not None and self.turn.feedback == 0


@dataclass(frozen=True)
class Part:
    """A page of a conversation: `earlier` and `later` are where the pages beside it begin."""

    steps: list[Step]
    skipped: int
    cut: bool
    earlier: int | None
    later: int | None


def part(conversation: Conversation, start: int = 0) -> Part:
    """The turns from the one with this id on, at most 50, and all that was said in them."""
    turns = Turn.objects.filter(conversation=conversation).order_by("pk")
    shown = list(turns.filter(pk__gte=start)[: TURNS + 1])
    following = shown.pop() if len(shown) > TURNS else None
    sooner = list(turns.filter(pk__lt=start).order_by("-pk")[:TURNS]) if start else []
    told = heard(conversation.pk, *_rows(shown, following, sooner[0] if sooner else None))
    return Part(
        steps(shown, told, following),
        told.skipped,
        told.cut,
        sooner[-1].pk if sooner else None,
        following.pk if following else None,
    )


def _rows(
    shown: Sequence[Turn], following: Turn | None, previous: Turn | None
) -> tuple[int, int | None]:
    """The rows of a page, from and before: what belongs to no turn goes with the turn before it."""
    first = max(shown[0].first_event, previous.last_event + 1) if shown and previous else 0
    if following is None:
        return first, None
    return first, following.first_event or shown[-1].last_event + 1


def last_start(conversation: Conversation) -> int:
    """Where the newest page begins."""
    ids = (
        Turn.objects.filter(conversation=conversation).order_by("-pk").values_list("pk", flat=True)
    )
    newest = list(ids[:TURNS])
    return newest[-1] if newest else 0


def steps(turns: Sequence[Turn], told: Heard, following: Turn | None = None) -> list[Step]:
    """Turns and what was said, in order; a turn without rows is told by what it kept itself.

    Args:
        following: the turn after these, whose text can be a choice among the last one's buttons.
    """
    labels = Label.objects.in_bulk([turn.pk for turn in turns])
    of_turn: dict[int, list[Said]] = {}
    loose: dict[int, list[Said]] = {}  # said after the turn of this position
    position = -1
    for said in told.said:
        while position + 1 < len(turns) and turns[position + 1].first_event <= said.row:
            position += 1
        inside = position >= 0 and said.row <= turns[position].last_event
        (of_turn if inside else loose).setdefault(position, []).append(said)
    found = _loose(loose.get(-1, []))
    for number, turn in enumerate(turns):
        answer = turns[number + 1] if number + 1 < len(turns) else following
        messages = _messages(of_turn.get(number, []), turn, answer)
        found.append(Step(turn, messages or [_kept(turn)], labels.get(turn.pk)))
        found += _loose(loose.get(number, []))
    return found


def _loose(said: list[Said]) -> list[Step]:
    return [Step(None, _messages(said))] if said else []


def _kept(turn: Turn) -> Message:
    return _message("user", turn.time, turn.text)


def _messages(
    said: Iterable[Said], turn: Turn | None = None, following: Turn | None = None
) -> list[Message]:
    """What was said in one go is one message, as it was when it was sent."""
    messages: list[Message] = []
    for who, group in groupby(said, key=lambda one: one.who):
        if who == BOT:
            bots = list(group)
            text = "\n\n".join(bot.text for bot in bots)
            buttons = _buttons(bots[-1].buttons, turn, following)
            messages.append(_message(BOT, bots[-1].time, text, buttons))
        else:
            messages += [_message(one.who, one.time, one.text) for one in group]
    return messages


def _message(who: str, time: float | None, text: str, buttons: tuple[Button, ...] = ()) -> Message:
    shown = text[:MAX_TEXT]
    blocks = parse(shown) if who == BOT else ()
    return Message(who, time, shown, len(text) - len(shown), blocks, buttons)


def _buttons(
    titles: Sequence[str], turn: Turn | None, following: Turn | None
) -> tuple[Button, ...]:
    """Marks what the next message took: a title word for word, of proposals also "the first"."""
    text = following.text[:MAX_TEXT] if following else ""
    taken = [number for number, title in enumerate(titles) if words_of(title) == words_of(text)]
    if not taken and turn is not None and turn.outcome == "chosen":
        taken = chosen(text, titles, _wording())
    return tuple(Button(title, number in taken) for number, title in enumerate(titles))


@lru_cache(maxsize=1)
def _wording() -> Wording:
    """The words by which patients choose ("the first one")."""
    return load_wording(DATA, Reader(DATA).article())
