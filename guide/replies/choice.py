"""Which of a short list does "the second one" mean?"""

from __future__ import annotations

import re
from collections.abc import Sequence

from guide.content.examples import words_of
from guide.content.wording import Wording

_NUMBER = re.compile(r"(?<![\d.])(\d{1,2})(?!\d)")


def chosen(message: str, options: Sequence[str], wording: Wording) -> list[int]:
    """Positions (from 0) of the options that a message picks; [] where it picks none.

    Understands a title, a number, an ordinal, "the last one" and "both".
    """
    words = words_of(message)
    for position, option in enumerate(options):
        if words_of(option) == words:
            return [position]
    picked = [int(n) for n in _NUMBER.findall(message)]
    # "the second one": an ordinal outweighs the "one" that ends it.
    ordinals = [word for word in words if word in wording.mappings["ordinals"]]
    strong = [word for word in ordinals if word != "one"] or ordinals
    picked += [int(wording.mappings["ordinals"][word]) for word in strong if not picked]
    positions = [n - 1 for n in picked if 0 < n <= len(options)]
    if positions:
        return list(dict.fromkeys(positions))
    if options and set(words) & set(wording.lists["last_words"]):
        return [len(options) - 1]
    if set(words) & set(wording.lists["all_words"]):
        return list(range(len(options)))
    return []
