"""What speaks against learning a sentence, and which sentences are kept to measure by."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from guide.content.examples import near_copies, words_of
from staff.records.knowledge import Known
from staff.records.words import say

# One of five is never trained on: few enough to teach with most of what was labelled, and enough
# to see within some weeks whether teaching helped.
HELD_OUT_SHARE = 1 / 5
NEAR = 0.8  # likeness from which a sentence teaches hardly anything new
_PLACEHOLDER = re.compile(r"<[A-Z][A-Z_]*>")


@dataclass(frozen=True)
class Opinion:
    """`fault` forbids learning the sentence, `hints` are told beside it, "" and () are none."""

    fault: str = ""
    hints: tuple[str, ...] = ()
    copied: bool = False  # nearly what is trained on already: it would measure nothing


@dataclass(frozen=True)
class Sentences:
    """All that is taught, and where each word stands."""

    texts: Mapping[str, str]  # an id -> the sentence
    intents: Mapping[str, str]  # an id -> what it teaches
    exact: Mapping[tuple[str, ...], str]  # words -> id
    by_word: Mapping[str, frozenset[str]]  # a word -> ids


def held_out(sentence: str) -> bool:
    """The same words are always on the same side."""
    digest = hashlib.sha256(" ".join(words_of(sentence)).encode()).digest()
    return digest[0] / 256 < HELD_OUT_SHARE


def opinion(sentence: str, target: str, known: Known, approved: Mapping[str, str]) -> Opinion:
    """Whether a sentence may be learned for an answer or a kind of refusal.

    Args:
        sentence: without personal details.
        target: what it should be understood as.
        approved: other sentences that were approved, and their targets.
    """
    words = words_of(sentence)
    if not words:
        return Opinion(say("teaching", "no_words"))
    if found := _PLACEHOLDER.search(sentence):
        return Opinion(say("teaching", "placeholder", found=found[0]))
    if target not in known.sentences:
        return Opinion(say("teaching", "answer_gone"))
    live = _index(tuple(known.sentences.items()))
    others = {words_of(text): intent for text, intent in approved.items()}
    same = live.intents[live.exact[words]] if words in live.exact else others.get(words)
    if same:
        return Opinion(say("teaching", "taught", target=known.name(same)))
    near = near_copies({"": sentence}, _candidates(words, live), NEAR)
    near += near_copies({"": sentence}, {text: text for text in approved}, NEAR)
    hints = tuple(
        say("teaching", "nearly_taught", sentence=live.texts.get(id_, id_),
            target=known.name(live.intents.get(id_) or approved[id_]))
        for id_ in [pair[1] for pair in near][:2]
    )  # fmt: skip
    return Opinion(hints=hints, copied=bool(near))


def _candidates(words: tuple[str, ...], live: Sentences) -> dict[str, str]:
    """Sentences that share a rare word. Of two that are alike by NEAR, at most two fifths of the
    words of one are missing in the other, so one of its rarest stands in both."""
    ranked = sorted(set(words), key=lambda word: (len(live.by_word.get(word, ())), word))
    rare = ranked[: int(len(ranked) * 2 * (1 - NEAR)) + 1]
    ids = frozenset[str]().union(*(live.by_word.get(word, frozenset()) for word in rare))
    return {id_: live.texts[id_] for id_ in sorted(ids)}


@lru_cache(maxsize=1)
def _index(sentences: tuple[tuple[str, tuple[str, ...]], ...]) -> Sentences:
    texts: dict[str, str] = {}
    intents: dict[str, str] = {}
    exact: dict[tuple[str, ...], str] = {}
    by_word: dict[str, set[str]] = defaultdict(set)
    numbers: Counter[str] = Counter()
    for intent, listed in sentences:
        for text in listed:
            id_ = f"{intent} {numbers[intent]}"
            numbers[intent] += 1
            texts[id_], intents[id_] = text, intent
            exact.setdefault(words_of(text), id_)
            for word in words_of(text):
                by_word[word].add(id_)
    return Sentences(texts, intents, exact, {word: frozenset(ids) for word, ids in by_word.items()})
