"""Is an answer short and plain enough for a patient?"""

from __future__ import annotations

import re
from collections.abc import Iterable

import textstat

from guide.content.examples import words_of

_LINK = re.compile(r"\[([^\]]+)\]\([^)]+\)")
_WRAP = re.compile(r"(?<=\S)[ \t]*\n(?![ \t]*(?:-\s|\n|$))[ \t]*")
_MARKS = re.compile(r"\*\*|^\s*-\s+", re.MULTILINE)


def plain(markdown: str) -> str:
    """The words that a reader sees, list items and paragraphs as sentences of their own."""
    text = _WRAP.sub(" ", _LINK.sub(r"\1", markdown))
    lines = [_MARKS.sub("", line).strip() for line in text.splitlines()]
    return "\n".join(
        line if line.endswith((".", "!", "?", ":")) else f"{line}." for line in lines if line
    )


def word_count(markdown: str) -> int:
    """How many words a reader has to read."""
    return len(words_of(plain(markdown)))


def grade(markdown: str, terms: Iterable[str]) -> float:
    """Flesch-Kincaid grade (US school years) of a text.

    The field's terms and names cannot be made shorter and are explained where they stand, so
    each counts as one short word. Source: Kincaid et al. 1975, as computed by textstat.
    """
    text = plain(markdown).replace(":", ".")
    for term in sorted(terms, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(term)}(?!\w)", "it", text, flags=re.IGNORECASE)
    return float(textstat.flesch_kincaid_grade(text))
