"""How well personal details are removed, over messages in which they are marked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from guide.content.problems import ContentError, Problem
from guide.evaluation.questions import read_entries
from guide.privacy import Detail, remover

REMOVED = "personal details removed"
WRONGLY = "words wrongly removed"
FILE = "personal.yml"
_WORD = re.compile(r"\S+")
_SIGNS = re.compile(r"[^\W_]+")
# Fewer letters or digits in a row than this say nothing of a person ("St", "of").
TELLING = 3


@dataclass(frozen=True)
class Marked:
    """A message and its details, each exactly as it stands there."""

    text: str
    personal: tuple[str, ...]

    def spans(self) -> list[tuple[int, int]]:
        """Where the details stand: every place, as one that is left tells as much as two."""
        return [
            match.span()
            for detail in self.personal
            for match in re.finditer(rf"(?<!\w){re.escape(detail)}(?!\w)", self.text)
        ]


@dataclass
class Count:
    """Details and words of a set: how many there are, how many were taken out."""

    messages: int = 0
    details: int = 0
    removed: int = 0
    words: int = 0
    wrongly: int = 0

    def add(self, message: Marked, found: Sequence[Detail]) -> tuple[list[str], list[str]]:
        """Count a message; the details left and the words wrongly taken are returned."""
        spans = message.spans()
        left = [message.text[s:e] for s, e in spans if not is_removed(message.text, s, e, found)]
        wrong, words = wrong_words(message.text, spans, found)
        self.messages += 1
        self.details += len(spans)
        self.removed += len(spans) - len(left)
        self.words += words
        self.wrongly += len(wrong)
        return left, wrong

    def figures(self) -> dict[str, float]:
        """Shares by name."""
        return {
            REMOVED: round(self.removed / max(1, self.details), 4),
            WRONGLY: round(self.wrongly / max(1, self.words), 4),
        }


def is_removed(text: str, start: int, end: int, found: Iterable[Detail]) -> bool:
    """Whether nothing of a detail remains that says anything.

    A detail is removed when no run of three or more letters or digits of it lies outside what was
    found, and no more than half of its letters and digits do: "Anna Kowalska" is not removed when
    "Anna" stays, nor "03-04-61" when "04-61" does. A shorter one ("Lý", "93") must go whole.
    """
    covered = {i for detail in found for i in range(detail.start, detail.end)}
    kept = "".join(
        sign if start + i not in covered else " " for i, sign in enumerate(text[start:end])
    )
    runs = _SIGNS.findall(kept)
    total = len("".join(_SIGNS.findall(text[start:end])))
    if total < TELLING:
        return not runs
    return all(len(run) < TELLING for run in runs) and 2 * len("".join(runs)) <= total


def wrong_words(
    text: str, spans: Iterable[tuple[int, int]], found: Iterable[Detail]
) -> tuple[list[str], int]:
    """The words of which a letter or digit was taken although they are no part of a detail, and
    how many words are no part of one. Words are what spaces separate."""
    spans, found = list(spans), list(found)
    wrong, words = [], 0
    for match in _WORD.finditer(text):
        start, end = match.span()
        if not _SIGNS.search(match.group()) or any(s < end and start < e for s, e in spans):
            continue
        words += 1
        taken = (text[max(start, d.start) : min(end, d.end)] for d in found)
        if any(_SIGNS.search(part) for part in taken):
            wrong.append(match.group())
    return wrong, words


def read_marked(path: Path) -> tuple[Marked, ...]:
    """The messages of a file.

    Raises:
        ContentError: it is not a list of {text, personal}, or a detail does not stand in its text.
    """
    messages, problems = [], []
    for number, entry in enumerate(read_entries(path, {"text", "personal"}), 1):
        message = Marked(str(entry["text"]), tuple(map(str, entry["personal"] or ())))
        for detail in message.personal:
            if not detail.strip() or detail not in message.text:
                problems.append(
                    Problem(path.name, f"[{number}]", "questions.E003", f"lacks {detail!r}")
                )
        messages.append(message)
    if problems:
        raise ContentError(problems)
    return tuple(messages)


def run_personal(path: Path, show: bool = False) -> dict[str, Any]:
    """The figures of a file under `personal`; `show` prints the messages that went wrong."""
    count, finder = Count(), remover()
    for message in read_marked(path):
        left, wrong = count.add(message, finder.find(message.text))
        if show and (left or wrong):
            print(json.dumps([message.text, {"left": left, "wrong": wrong}], ensure_ascii=False))
    return {"personal": {"messages": count.messages, "figures": count.figures()}}
