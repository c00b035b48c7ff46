"""The words that patients ask an answer with, counted plainly."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from guide.content.examples import words_of
from guide.content.problems import ContentError
from guide.content.yaml_text import read_yaml

FILE = Path(__file__).with_name("stop_words.yml")
MOST = 20
MAX_READ = 500  # characters of one message
_PLACEHOLDER = re.compile(r"<[A-Z_]+>")  # where a personal detail was


@lru_cache(maxsize=1)
def stop_words() -> frozenset[str]:
    """Those of stop_words.yml.

    Raises:
        ContentError: the file cannot be read.
    """
    found, problems = read_yaml(FILE, FILE.name)
    if problems:
        raise ContentError(problems)
    return frozenset(found["words"].split())


def common_words(messages: Iterable[str], least: int = 2) -> list[tuple[str, int]]:
    """Words and phrases of two words -> in how many messages, most first.

    A phrase is two neighbours of which neither is a stop word; a word that is hardly ever asked
    outside a phrase that is listed is left out. What fewer than `least` messages hold is too.
    """
    counts: Counter[str] = Counter()
    for message in messages:
        counts.update(set(_terms(message)))
    ranked = [pair for pair in counts.most_common(4 * MOST) if pair[1] >= least]
    phrases = [(term.split(), count) for term, count in ranked if " " in term]
    return [
        (term, count)
        for term, count in sorted(ranked, key=lambda pair: (-pair[1], pair[0]))
        if not any(term in words and times >= 0.8 * count for words, times in phrases)
    ][:MOST]


def _terms(message: str) -> Iterator[str]:
    words = words_of(_PLACEHOLDER.sub(" . ", message[:MAX_READ]))
    for word in words:
        if _means(word):
            yield word
    for one, other in pairwise(words):
        if _means(one) and _means(other):
            yield f"{one} {other}"


def _means(word: str) -> bool:
    return len(word) > 1 and word.partition("'")[0] not in stop_words()
