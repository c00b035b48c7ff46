"""What differs between two versions of an answer, key by key, word by word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from staff.mend.writing import ORDER, Values

MOST = 4000  # pieces of one key that are compared; longer ones are shown whole


@dataclass(frozen=True)
class Piece:
    """A stretch of text: `how` is "same", "removed" or "added"."""

    how: str
    text: str


def changes(old: Values, new: Values) -> list[tuple[str, list[Piece]]]:
    """The keys that differ, in the order of the file, with what was removed and added."""
    return [(key, _pieces(old[key], new[key])) for key in ORDER if old[key] != new[key]]


def _pieces(old: Any, new: Any) -> list[Piece]:
    before, after = _split(old), _split(new)
    if len(before) + len(after) > MOST:
        return [Piece("removed", "".join(before)), Piece("added", "".join(after))]
    found: list[Piece] = []
    for what, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            found.append(Piece("same", "".join(before[a:b])))
            continue
        found += [
            Piece(how, text)
            for how, text in (("removed", "".join(before[a:b])), ("added", "".join(after[c:d])))
            if text
        ]
    return found


def _split(value: Any) -> Sequence[str]:
    """A text by words, a list by lines."""
    if isinstance(value, list):
        return [f"{item}\n" for item in value]
    return [piece for piece in re.split(r"(\s+)", value) if piece]
