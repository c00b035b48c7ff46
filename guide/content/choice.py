"""Which of a short list does "the second one" mean?"""

from __future__ import annotations

import re
from collections.abc import Sequence

from guide.content.examples import words_of
from guide.content.wording import Wording

_NUMBER = re.compile(r"(?<![\d.])(\d{1,2})(?!\d|\.\d|,\d{3})")
# "one" and "option one" are numbers; "the last one", "which one" and "one of them" are not.
_PRONOUN = re.compile(r"(?<!^)(?<!number )(?<!option )(?<!and )\bone\b|\bone(?= (?:of|more)\b)")


def chosen(message: str, options: Sequence[str], wording: Wording) -> list[int]:
    """Positions (from 0) of the options that a message picks; [] where it picks none.

    Understands a title, a number, an ordinal, "the last one" and "both".
    """
    words = words_of(message)
    for position, option in enumerate(options):
        if words_of(option) == words:
            return [position]
    picked = [int(n) for n in _NUMBER.findall(message)]
    ordinals = wording.mappings["ordinals"]
    numbers = _PRONOUN.sub("", " ".join(words)).split()
    picked += [int(ordinals[word]) for word in numbers if word in ordinals]
    positions = [n - 1 for n in picked if 0 < n <= len(options)]
    if positions:
        return list(dict.fromkeys(positions))
    if options and set(words) & set(wording.lists["last_words"]):
        return [len(options) - 1]
    if set(words) & set(wording.lists["all_words"]):
        return list(range(len(options)))
    return []
