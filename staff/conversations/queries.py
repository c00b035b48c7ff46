"""The conversations that filters ask for, how many, and what the list tells of each."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, Min, OuterRef, QuerySet
from django.db.models.functions import Substr

from staff.conversations.filters import Filters
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

    Filters of turns begin at the turns: few are then looked up one by one, and where there are
    many, walking the list meets one soon.
    """
    rows = Conversation.objects.filter(filters.conversations(), key__isnull=False)
    if filters.turns():
        few = _few(filters)
        if few is None:
            asked = filters.turns_in_time()
            turns = Turn.objects.filter(asked, conversation=OuterRef("pk"))
            return Found(rows.filter(Exists(turns)), MANY, more=True)
        rows = rows.filter(pk__in=few)
    count = rows[: MANY + 1].count()
    return Found(rows, min(count, MANY), count > MANY)


def _few(filters: Filters) -> list[str] | None:
    """The conversations with such a turn, None where there are more than anybody counts."""
    wanted = filters.turns_in_time()
    of_conversation = Conversation.objects.filter(filters.conversations(), pk=OuterRef("conversation"))
    turns = Turn.objects.filter(wanted).filter(Exists(of_conversation))
    few = list(turns.order_by().values_list("conversation_id", flat=True).distinct()[: MANY + 1])
    return few if len(few) <= MANY else None


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
    refused = set(turns.filter(kind__in=REFUSED).values_list("conversation_id", flat=True))
    words = _words(turns.filter(filters.turns_in_time()) if filters.turns() else turns)
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
    """What the first of these turns of each conversation said."""
    first = turns.values("conversation").annotate(first=Min("pk")).values_list("first", flat=True)
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


