"""Where personal details stand in a text, and the text without them. Plain functions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

PLACEHOLDER = re.compile(r"<[A-Z]+>")
# Shorter ones stand in too many other words: "Al", "55".
_LEAST_REPEATED = 3


@dataclass(frozen=True, order=True)
class Detail:
    """Characters `start` to `end` (not included) of a text; `kind` is in capitals ("NAME")."""

    start: int
    end: int
    kind: str


def merged(details: Iterable[Detail]) -> tuple[Detail, ...]:
    """The same characters in order, without overlaps; the longer detail gives the kind."""
    result: list[Detail] = []
    for detail in sorted(details, key=lambda d: (d.start, -d.end, d.kind)):
        if result and detail.start < result[-1].end:
            last = result[-1]
            kind = last.kind if last.end - last.start >= detail.end - detail.start else detail.kind
            result[-1] = Detail(last.start, max(last.end, detail.end), kind)
        elif detail.start < detail.end:
            result.append(detail)
    return tuple(result)


def replaced(text: str, details: Iterable[Detail]) -> str:
    """The text with `<KIND>` in the place of each detail; nothing else changes."""
    parts, last = [], 0
    for detail in merged(details):
        parts += [text[last : detail.start], f"<{detail.kind}>"]
        last = detail.end
    return "".join([*parts, text[last:]])


def repeats(text: str, told: Mapping[str, str]) -> tuple[Detail, ...]:
    """Where a text repeats details that were found in another.

    Args:
        text: such as a bot message that names what the patient wrote.
        told: the details as they were written, each with its kind.
    """
    found = []
    for words, kind in told.items():
        parts = re.findall(r"\w+", words)
        if sum(map(len, parts)) < _LEAST_REPEATED:
            continue
        pattern = r"(?<!\w)" + r"[\W_]{1,3}".join(map(re.escape, parts)) + r"(?!\w)"
        for match in re.finditer(pattern, text, re.IGNORECASE):
            found.append(Detail(match.start(), match.end(), kind))
    return merged(found)
