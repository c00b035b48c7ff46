"""Reading stock Rasa example files, and finding messages that say the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guide.content.examples import near_copies, read_examples, words_of

STOCK = """\
# A note of the editor.
version: "3.1"
nlu:
  - intent: cost
    examples: |
      - how much is it
      -   no spaces lost?

      - Is it: safe?
      - 911
  - intent: greet
    examples: |
      - hi
  - intent: cost
    examples: |
      - what's the price
"""
LONG = (
    "My mother has had lupus for twenty years and her doctor in town now speaks of this new "
    "treatment, so could you tell me what it costs?"
)


def read(tmp_path: Path, text: str) -> tuple[dict[str, tuple[str, ...]], list[tuple[str, str]]]:
    path = tmp_path / "some.yml"
    path.write_text(text, encoding="utf-8")
    found, problems = read_examples(path, "nlu/some.yml")
    assert all(problem.file == "nlu/some.yml" for problem in problems)
    return found, [(problem.id, problem.key) for problem in problems]


def test_a_stock_file(tmp_path: Path) -> None:
    found, problems = read(tmp_path, STOCK)
    assert problems == []
    assert found == {
        "cost": (
            "how much is it", "no spaces lost?", "Is it: safe?", "911", "what's the price",
        ),
        "greet": ("hi",),
    }  # fmt: skip


BLOCK = "nlu:\n  - intent: {intent}\n    examples: {examples}\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", ("nlu.E001", "nlu")),
        ("- a", ("nlu.E001", "nlu")),
        ('version: "3.1"', ("nlu.E001", "nlu")),
        ("nlu: cost", ("nlu.E001", "nlu")),
        ("nlu:\n  cost: x", ("nlu.E001", "nlu")),
        ("nlu: [cost]", ("nlu.E002", "nlu[1]")),
        ("nlu:\n  - intent: a", ("nlu.E002", "nlu[1]")),
        ("nlu:\n  - synonym: a\n    examples: |\n      - b", ("nlu.E002", "nlu[1]")),
        (BLOCK.format(intent="a", examples="[b]"), ("nlu.E003", "nlu[1]")),
        (BLOCK.format(intent="[a]", examples="'- b'"), ("nlu.E003", "nlu[1]")),
        (BLOCK.format(intent="no", examples="'- b'"), ("yaml.E004", "line 2")),
        (BLOCK.format(intent="a", examples="b"), ("nlu.E004", "a")),
        (BLOCK.format(intent="a", examples="|\n      - b\n      c"), ("nlu.E004", "a")),
        (BLOCK.format(intent="a", examples="|\n      -bread"), ("nlu.E004", "a")),
        (BLOCK.format(intent="a", examples="|\n      * b"), ("nlu.E004", "a")),
        (BLOCK.format(intent="a", examples="|\n      - b\n     - c"), ("yaml.E001", "line 5")),
    ],
)
def test_a_broken_file(tmp_path: Path, text: str, told: tuple[str, str]) -> None:
    assert read(tmp_path, text)[1] == [told]


def test_a_broken_line_takes_no_other_with_it(tmp_path: Path) -> None:
    broken = STOCK.replace("- hi", "hi\n      - hello")
    found, problems = read(tmp_path, broken)
    assert problems == [("nlu.E004", "greet")]
    assert found["greet"] == ("hello",)
    assert len(found["cost"]) == 5


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("How much?", ("how", "much")),
        ("  how\tMUCH...", ("how", "much")),
        ("what's it", ("what's", "it")),
        ("what’s it", ("what's", "it")),
        ("'what' \"is\" it", ("what", "is", "it")),
        ("CAR-T_cells", ("car", "t", "cells")),
        ("$375,000", ("375", "000")),
        ("Müller’s Ärztin", ("müller's", "ärztin")),
        ("你好 мир", ("你好", "мир")),
        ("?! 😀", ()),
        ("", ()),
    ],
)
def test_words(message: str, words: tuple[str, ...]) -> None:
    assert words_of(message) == words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("how much is it", "How much is it?!"),
        ("what's the price", "What’s the price..."),
        ("car-t cost", "CAR T: cost"),
        ("tell me tell me", "Tell me, tell me!"),
        (LONG, LONG.replace("twenty", "thirty")),
        (LONG, LONG.replace("in town ", "")),
        (LONG, LONG.removesuffix(" what it costs?") + " what it costs please?"),
        ("🤷", "🤷"),
        ("?!", " ?! "),
    ],
)
def test_copies_are_found(one: str, other: str) -> None:
    ((first, second, likeness),) = near_copies({"a": one, "b": other})
    assert {first, second} == {"a", "b"}
    assert 0.8 <= likeness <= 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("how much is it", "how long is it"),
        ("is it approved", "is it safe"),
        ("is it safe", "it is safe"),
        ("what is CRS", "what is ICANS"),
        ("what does it cost in the end", "what does it do in the end"),
        (LONG, LONG.replace("it costs", "it does to the brain and the nerves")),
        (LONG, "Could you tell me what it costs?"),
        ("🤷", "🙏"),
        ("?", "!"),
    ],
)
def test_different_questions_are_none(one: str, other: str) -> None:
    assert near_copies({"a": one, "b": other}) == []


def test_the_likest_come_first_and_each_pair_once() -> None:
    messages = {"a": LONG, "b": LONG.replace("twenty", "ten"), "c": LONG.upper(), "d": "hello"}
    pairs = near_copies(messages)
    assert [frozenset(pair[:2]) for pair in pairs][:1] == [{"a", "c"}]
    assert sorted(sorted(pair[:2]) for pair in pairs) == [["a", "b"], ["a", "c"], ["b", "c"]]


def test_pairs_between_two_sets() -> None:
    left = {"x": "how much is it", "y": "hello there"}
    right = {"x": "How much is it?", "z": "how much is it", "w": "good night"}
    assert near_copies(left, right) == [("x", "x", 1.0), ("x", "z", 1.0)]
    assert near_copies(left, {}) == near_copies({}, right) == []


def likeness(one: str, other: str) -> float:
    """The plain definition, without an index."""

    def features(text: str) -> set[tuple[str, ...]]:
        words = text.split()
        return {(word,) for word in words} | {(a, b) for a, b in zip(words, words[1:])}  # noqa: B905, RUF007

    a, b = features(one), features(other)
    return len(a & b) / len(a | b)


messages = st.lists(st.sampled_from("abcdef"), min_size=1, max_size=9).map(" ".join)
sets = st.lists(messages, max_size=12).map(lambda texts: dict(zip(map(str, range(12)), texts)))  # noqa: B905
limits = st.sampled_from([0.05, 0.1, 0.29, 0.3, 0.5, 0.6, 2 / 3, 0.7, 0.75, 0.8, 0.9, 1.0])


@settings(deadline=None, max_examples=400)
@given(left=sets, right=sets, limit=limits)
def test_nothing_is_missed_between_sets(
    left: dict[str, str], right: dict[str, str], limit: float
) -> None:
    pairs = {(a, b): likeness(left[a], right[b]) for a in left for b in right}
    expected = {pair: value for pair, value in pairs.items() if value >= limit}
    assert {(a, b): value for a, b, value in near_copies(left, right, limit)} == expected


@settings(deadline=None, max_examples=400)
@given(texts=sets, limit=limits)
def test_nothing_is_missed_within_a_set(texts: dict[str, str], limit: float) -> None:
    expected = {
        frozenset((a, b))
        for a in texts
        for b in texts
        if a < b and likeness(texts[a], texts[b]) >= limit
    }
    found = near_copies(texts, limit=limit)
    assert {frozenset(pair[:2]) for pair in found} == expected
    assert len(found) == len(expected)
    assert [pair[2] for pair in found] == sorted((pair[2] for pair in found), reverse=True)
