"""The conversations that filters ask for, how many, and what the list tells of each."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, Max, Min, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Substr

from staff.conversations.filters import Filters, Plain
from staff.records.models import Conversation, Tag, Turn

MANY = 1000  # beyond it nobody counts
REFUSED = ("fallback", "personal_advice")
MAX_WORDS = 160  # of a patient's words in the list
MAX_READ = 4000  # of them, to look for the words that match
MAX_TAGS = 8


@dataclass(frozen=True)
class Found:
    """Conversations, and their number; `more` where there are more than that."""

    rows: QuerySet[Conversation]
    count: int
    more: bool


def matching(filters: Filters) -> Found:
    """All that the filters ask for, not yet in order.

    What is asked of turns is looked for from the side where fewer are: among the turns of a few
    conversations, else among all turns; where many are found, walking the list meets one soon.
    """
    rows = Conversation.objects.filter(filters.conversations(), key__isnull=False)
    if filters.asks_of_turns():
        few = _few(filters, rows)
        if few is None:
            turns = Turn.objects.filter(conversation=OuterRef("pk"))
            return Found(rows.filter(Exists(filters.among(turns, by_index=False))), MANY, more=True)
        # Nothing else is asked of them: such a turn stands in those days and in that channel.
        rows = Conversation.objects.filter(pk__in=few, key__isnull=False)
    count = rows[: MANY + 1].count()
    return Found(rows, min(count, MANY), count > MANY)


def _few(filters: Filters, rows: QuerySet[Conversation]) -> set[str] | None:
    """The conversations with such a turn, None where there are more than anybody counts."""
    if filters.review():
        ids = list(rows.order_by().values_list("pk", flat=True)[: MANY + 1])
        if len(ids) <= MANY:
            turns = Turn.objects.filter(conversation__in=ids)
            return _counted(filters.among(turns, by_index=False))
        of_conversation = Conversation.objects.filter(filters.review(), pk=OuterRef("conversation"))
        return _counted(filters.among(Turn.objects.filter(Exists(of_conversation))))
    return _counted(filters.among(Turn.objects.all()))


def _counted(turns: QuerySet[Turn]) -> set[str] | None:
    """Their conversations. SQL's DISTINCT would read them all in the order of conversations."""
    found: set[str] = set()
    for conversation in turns.order_by().values_list("conversation_id", flat=True).iterator():
        found.add(conversation)
        if len(found) > MANY:
            return None
    return found


@dataclass(frozen=True)
class Row:
    """A conversation in the list. `words` are before, inside and after what a filter looks for."""

    conversation: Conversation
    words: tuple[str, str, str]
    refused: bool
    tags: list[str]


def rows_of(conversations: list[Conversation], filters: Filters) -> list[Row]:
    """What the list tells of these few conversations."""
    ids = [conversation.pk for conversation in conversations]
    turns = Turn.objects.filter(conversation__in=ids).order_by()
    refusals = turns.alias(plain_kind=Plain("kind")).filter(plain_kind__in=REFUSED)
    refused = set(refusals.values_list("conversation_id", flat=True))
    words = _words(filters.among(turns, by_index=False) if filters.asks_of_turns() else turns)
    tags: dict[str, list[str]] = {}
    for tag in Tag.objects.filter(conversation__in=ids).order_by("tag"):
        tags.setdefault(tag.conversation_id, []).append(tag.tag)
    return [
        Row(
            conversation,
            parts(words.get(conversation.pk, ""), filters.text),
            conversation.pk in refused,
            tags.get(conversation.pk, [])[:MAX_TAGS],
        )
        for conversation in conversations
    ]


def _words(turns: QuerySet[Turn]) -> dict[str, str]:
    """What the newest urgent one of these turns of each conversation said, else the first."""
    chosen = Coalesce(Max("pk", filter=Q(urgent=True)), Min("pk"))
    first = turns.values("conversation").annotate(first=chosen).values_list("first", flat=True)
    said = Turn.objects.filter(pk__in=list(first)).annotate(said=Substr("text", 1, MAX_READ))
    return dict(said.values_list("conversation_id", "said"))


def parts(text: str, sought: str) -> tuple[str, str, str]:
    """A piece of a text around what is sought in it, which is "" where it is not there."""
    text = " ".join(text.split())
    at = text.lower().find(sought.lower()) if sought else -1
    if at < 0:
        return _cut(text, MAX_WORDS), "", ""
    end = at + len(sought)
    start = max(0, at - MAX_WORDS // 2)
    begun = f"…{text[start:at]}" if start else text[:at]
    return begun, text[at:end], _cut(text[end:], MAX_WORDS)


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"


def known_tags(limit: int = 200) -> list[str]:
    """Tags in use, for suggestions."""
    return list(Tag.objects.order_by("tag").values_list("tag", flat=True).distinct()[:limit])
