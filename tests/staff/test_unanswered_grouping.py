"""Which messages stand together: pure, and measured on the development questions."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
import yaml

from guide.settings import ROOT
from staff.unanswered.grouping import partition
from staff.unanswered.meanings import encoder, read_vectors

QUESTIONS = ROOT / "tests" / "questions" / "development"


def unit(*rows: tuple[float, ...]) -> np.ndarray:
    vectors = np.array(rows, dtype=np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_nothing_and_one_message() -> None:
    assert partition(np.zeros((0, 3), dtype=np.float32)) == []
    assert partition(unit((1, 0, 0))) == [[0]]


def test_messages_of_one_direction_stand_together() -> None:
    vectors = unit((1, 0, 0), (0, 1, 0), (0.95, 0.1, 0), (0, 0.9, 0.1), (0, 0, 1))
    assert sorted(map(sorted, partition(vectors))) == [[0, 2], [1, 3], [4]]


def test_the_most_central_comes_first() -> None:
    group = partition(unit((1, 0.5, 0), (1, 0, 0), (1, -0.5, 0)))
    assert group[0][0] == 1


def test_the_same_message_many_times_is_one_group_in_its_order() -> None:
    assert partition(unit(*[(1, 2, 3)] * 5)) == [[0, 1, 2, 3, 4]]


def test_a_broken_vector_stands_alone() -> None:
    good = unit((1, 0), (1, 0.1))
    kept = [row.tobytes() for row in good] + [np.array([np.nan, np.inf], dtype="f4").tobytes()]
    assert sorted(map(sorted, partition(read_vectors(kept, 2)))) == [[0, 1], [2]]


def test_the_same_vectors_give_the_same_groups() -> None:
    vectors = np.random.default_rng(1).normal(size=(200, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    assert partition(vectors) == partition(vectors.copy())


@pytest.fixture(scope="module")
def asked() -> list[tuple[str, list[str]]]:
    """(message, labels that are right) of the development set."""
    return [
        (entry["text"], entry["accept"])
        for name in ("in_scope", "near_misses")
        for entry in yaml.safe_load((QUESTIONS / f"{name}.yml").read_text(encoding="utf-8"))
    ]


def test_groups_are_of_one_kind_and_spare_reading(asked: list[tuple[str, list[str]]]) -> None:
    groups = partition(encoder().encode([text for text, _ in asked]))
    alike = 0
    for group in groups:
        label, _ = Counter(asked[position][1][0] for position in group).most_common(1)[0]
        alike += sum(label in asked[position][1] for position in group)
    grouped = sum(len(group) for group in groups if len(group) > 1)
    assert sorted(position for group in groups for position in group) == list(range(len(asked)))
    assert alike / len(asked) >= 0.93
    assert grouped / len(asked) >= 0.65
