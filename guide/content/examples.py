"""Stock Rasa NLU example files, and near copies among example messages."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path

from guide.content.problems import Problem, must_be
from guide.content.yaml_text import read_yaml

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")


def read_examples(path: Path, file: str) -> tuple[dict[str, tuple[str, ...]], list[Problem]]:
    """Read `nlu:` examples as Rasa writes them (`- intent: x`, `examples: |` with `- ` lines)."""
    raw, problems = read_yaml(path, file)
    result: dict[str, tuple[str, ...]] = {}
    blocks = raw.get("nlu") if isinstance(raw, dict) else None
    if not isinstance(blocks, list):
        return {}, problems or [must_be(file, "nlu", "nlu.E001", "a list of intents", raw)]
    for number, block in enumerate(blocks, 1):
        key = f"nlu[{number}]"
        if not isinstance(block, dict) or set(block) != {"intent", "examples"}:
            problems.append(must_be(file, key, "nlu.E002", "an intent and its examples", block))
            continue
        intent, lines = block["intent"], block["examples"]
        if not isinstance(intent, str) or not isinstance(lines, str):
            problems.append(must_be(file, key, "nlu.E003", "text", block))
            continue
        result[intent] = result.get(intent, ()) + tuple(_lines(lines, file, intent, problems))
    return result, problems


def _lines(block: str, file: str, intent: str, problems: list[Problem]) -> Iterator[str]:
    for line in block.splitlines():
        if not line.strip():
            continue
        if line.startswith("- ") and line[2:].strip():
            yield line[2:].strip()
        else:
            problems.append(must_be(file, intent, "nlu.E004", "a line that starts with '- '", line))


def words_of(message: str) -> tuple[str, ...]:
    """The words of a message without case and punctuation: what makes two messages the same."""
    return tuple(_WORD.findall(message.lower().replace("’", "'")))


def near_copies(
    messages: Mapping[str, str], others: Mapping[str, str] | None = None, limit: float = 0.8
) -> list[tuple[str, str, float]]:
    """Pairs of messages that say the same in nearly the same words.

    Likeness is the Jaccard index (shared / all) of the sets of words and word pairs, which a
    swapped word in a long sentence hardly lowers and a new sentence does. An index by rare
    features keeps it far from comparing all pairs.

    Args:
        messages: id -> message.
        others: where given, pairs are sought between `messages` and these, else among `messages`.
        limit: the likeness from which a pair is told, 0 to 1.

    Returns:
        (id, id, likeness), likest first.
    """
    left = {key: _features(text) for key, text in messages.items()}
    right = left if others is None else {key: _features(text) for key, text in others.items()}
    count: dict[str, int] = defaultdict(int)
    for features in right.values():
        for feature in features:
            count[feature] += 1
    index: dict[str, list[str]] = defaultdict(list)
    for key, features in right.items():
        for feature in _rarest(features, count, limit):
            index[feature].append(key)
    found: dict[tuple[str, str], float] = {}
    for key, features in left.items():
        for feature in features:
            for other in index.get(feature, ()):
                if others is None and other >= key:
                    continue
                if (key, other) not in found:
                    found[key, other] = _jaccard(features, right[other])
    pairs = [(a, b, likeness) for (a, b), likeness in found.items() if likeness >= limit]
    return sorted(pairs, key=lambda pair: (-pair[2], pair))


def _features(text: str) -> frozenset[str]:
    words = words_of(text) or (text.strip().lower(),)
    return frozenset(words) | {f"{a} {b}" for a, b in pairwise(words)}


def _rarest(features: Iterable[str], count: Mapping[str, int], limit: float) -> list[str]:
    """Prefix filter: two sets alike by `limit` share one of these many rarest features."""
    ranked = sorted(features, key=lambda feature: (count[feature], feature))
    return ranked[: max(1, len(ranked) - int(limit * len(ranked)) + 1)]


def _jaccard(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / len(a | b)
