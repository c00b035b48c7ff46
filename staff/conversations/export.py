"""Messages with what staff made of their conversations, for other programs: without ids of
conversations, and without personal details, which are sought a second time."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timezone
from functools import lru_cache
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from guide.privacy import remover
from staff.conversations.filters import Filters
from staff.records.models import Conversation, Label, Note, Tag, Turn
from staff.records.words import say

MAX_ROWS = 20_000
BATCH = 200
MAX_TEXT = 8000  # characters of a text
COLUMNS = (
    "conversation", "time", "channel", "text", "kind", "answers", "intent", "confidence",
    "scores", "version", "urgent", "milliseconds", "feedback", "reason", "outcome", "sample",
    "state", "flagged", "assigned", "tags", "notes", "verdict", "target", "sentence",
)  # fmt: skip
BOM = "\ufeff"  # by which spreadsheets know UTF-8
# What makes a spreadsheet take a cell for a formula, wide forms too.
FORMULA = re.compile(r"\s*[=+\-@\t\r＝＋－＠]")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # no CSV can hold them all
_NAME = re.compile(r"[\w.:-]{0,100}", re.ASCII)  # of an answer, a version, a channel
Record = dict[str, Any]


def wanted(filters: Filters, by_index: bool = True) -> QuerySet[Turn]:
    """The messages that the filters ask for (see `Filters.among`)."""
    turns = filters.among(Turn.objects.filter(conversation__key__isnull=False), by_index)
    if not filters.review():
        return turns
    whole = Conversation.objects.filter(filters.review(), pk=OuterRef("conversation"))
    return turns.filter(Exists(whole))


def number(filters: Filters) -> int:
    """How many those are, counted up to one more than an export holds."""
    return wanted(filters)[: MAX_ROWS + 1].count()


def records(filters: Filters, limit: int = MAX_ROWS) -> Iterator[Record]:
    """Those messages, oldest first, a few hundred in memory at a time."""
    clean = lru_cache(maxsize=4096)(_clean)
    last, left = 0, limit
    while left > 0:
        # In the order of ids, which no other index has: each batch goes on where the last ended.
        rows = wanted(filters, by_index=False).filter(pk__gt=last)
        rows = rows.select_related("conversation", "label")
        turns = list(rows.order_by("pk")[: min(BATCH, left)])
        if not turns:
            return
        review = _Review(turns, clean)
        for turn in turns:
            yield _record(turn, review, clean)
        last, left = turns[-1].pk, left - len(turns)


def _clean(text: str) -> str:
    """A text without personal details; an absurdly long one ends after a whole word."""
    if len(text) > MAX_TEXT:
        text = f"{text[:MAX_TEXT].rpartition(' ')[0]} …"
    return remover().clean(text)


class _Review:
    """Tags and notes of a batch's conversations, without personal details."""

    def __init__(self, turns: list[Turn], clean: Callable[[str], str]) -> None:
        ids = {turn.conversation_id for turn in turns}
        self.tags: dict[str, list[str]] = {}
        self.notes: dict[str, list[str]] = {}
        for tag in Tag.objects.filter(conversation__in=ids).order_by("tag"):
            self.tags.setdefault(tag.conversation_id, []).append(clean(tag.tag))
        for note in Note.objects.filter(conversation__in=ids).order_by("pk"):
            self.notes.setdefault(note.conversation_id, []).append(clean(note.text))


def _record(turn: Turn, review: _Review, clean: Callable[[str], str]) -> Record:
    conversation = turn.conversation
    label: Label | None = getattr(turn, "label", None)

    def named(value: object) -> str:
        """A name that the guide gave; anything else may be a patient's words."""
        text = str(value)
        return text if _NAME.fullmatch(text) else clean(text)

    return {
        "conversation": conversation.key,
        "time": _moment(turn.time),
        "channel": named(turn.channel),
        "text": clean(turn.text),
        "kind": named(turn.kind),
        "answers": [named(id_) for id_ in turn.answer_ids],
        "intent": named(turn.intent),
        "confidence": turn.confidence,
        "scores": [[named(name), score] for name, score in turn.best_scores],
        "version": named(turn.version),
        "urgent": turn.urgent,
        "milliseconds": turn.milliseconds,
        "feedback": turn.feedback,
        "reason": clean(turn.reason),
        "outcome": named(turn.outcome),
        "sample": conversation.sample,
        "state": named(conversation.state),
        "flagged": conversation.flagged,
        "assigned": conversation.assigned,
        "tags": review.tags.get(conversation.pk, []),
        "notes": review.notes.get(conversation.pk, []),
        "verdict": named(label.verdict) if label else "",
        "target": named(label.target) if label else "",
        "sentence": clean(label.sentence) if label else "",
    }


def _moment(seconds: float) -> str:
    """ISO 8601 in UTC; "" for what no calendar can tell."""
    try:
        return datetime.fromtimestamp(seconds, timezone.utc).isoformat(timespec="seconds")
    except (ValueError, OverflowError, OSError, TypeError):
        return ""


def head(filters: Mapping[str, Any]) -> str:
    """What was exported and when, without personal details."""
    told = "; ".join(f"{name}: {value}" for name, value in filters.items())
    date = datetime.now(timezone.utc).isoformat(timespec="seconds")
    shown = remover().clean(told) if told else say("export", "none")
    return say("export", "head", date=date, filters=shown, limit=MAX_ROWS)


def tail(rows: int, more: bool) -> str:
    """Whether that was all."""
    return say("export", "more" if more else "end", rows=rows)


class _Echo:
    """A file that hands back what is written."""

    def write(self, text: str) -> str:
        return text


def as_csv(found: Iterator[Record], first: str, last: Callable[[], str]) -> Iterator[str]:
    """Lines for spreadsheets; no cell can be a formula."""
    write = csv.writer(_Echo()).writerow
    yield BOM + str(write([f"# {first}"]))
    yield str(write(COLUMNS))
    for record in found:
        yield str(write([_cell(record[name]) for name in COLUMNS]))
    yield str(write([f"# {last()}"]))


def _cell(value: Any) -> str:
    if isinstance(value, list):
        value = "; ".join(" ".join(map(str, v)) if isinstance(v, list) else v for v in value)
    text = "" if value is None else CONTROL.sub("", str(value))
    return f"'{text}" if isinstance(value, str) and FORMULA.match(text) else text


def as_jsonl(found: Iterator[Record], first: str, last: Callable[[], str]) -> Iterator[str]:
    """One JSON object a line; the first and the last say what this is."""
    yield _line({"record": "export", "about": first})
    for record in found:
        yield _line({"record": "message", **record})
    yield _line({"record": "end", "about": last()})


def _line(value: Record) -> str:
    return json.dumps(value) + "\n"
