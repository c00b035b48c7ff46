"""Votes of the nearest training messages."""

from __future__ import annotations

import numpy as np
import pytest

from guide.nlu.neighbours import CHUNK, Neighbours


def around(*angles: float) -> np.ndarray:
    """Unit vectors in a plane of a larger space, by angle in degrees."""
    radians = np.radians(angles)
    flat = np.stack([np.cos(radians), np.sin(radians)], axis=1)
    return np.hstack([flat, np.zeros((len(angles), 6))]).astype(np.float32)


def fit(angles: tuple[float, ...], index: list[int], count: int = 3) -> Neighbours:
    return Neighbours.fit(
        around(*angles), np.array(index), 3, count=count, width=0.03, size=128
    )  # fmt: skip


def test_the_nearest_have_the_say() -> None:
    found = fit((0, 2, 4, 90, 92, 94), [0, 0, 0, 1, 1, 1]).votes(around(1, 93))
    assert found.shape == (2, 3)
    assert found.argmax(axis=1).tolist() == [0, 1]
    assert found.sum(axis=1) == pytest.approx(1)
    assert found[0, 0] == pytest.approx(1)


def test_a_nearer_message_counts_more_than_two_farther_ones() -> None:
    found = fit((0, 30, 32), [0, 1, 1]).votes(around(3))
    assert found[0, 0] > found[0, 1] > 0


def test_islands_of_one_intent_are_no_matter() -> None:
    """What a straight border between two intents cannot tell."""
    found = fit((0, 40, 80, 120), [0, 1, 0, 1], count=1).votes(around(1, 41, 79, 121))
    assert found.argmax(axis=1).tolist() == [0, 1, 0, 1]


def test_only_those_among_whom_it_is_asked_vote() -> None:
    neighbours = fit((0, 2, 4), [0, 1, 2])
    found = neighbours.votes(around(0), among=np.array([1, 2]))
    assert found[0, 0] == 0
    assert found[0, 1] > found[0, 2]


def test_many_messages_get_what_each_gets_alone() -> None:
    angles = np.linspace(0, 170, CHUNK + 20)
    neighbours = fit(tuple(angles[::10]), [i % 3 for i in range(len(angles[::10]))])
    together = neighbours.votes(around(*angles))
    for i in (0, CHUNK - 1, CHUNK, len(angles) - 1):
        assert together[i] == pytest.approx(neighbours.votes(around(angles[i]))[0], abs=1e-6)


def test_closeness_is_the_mean_likeness_of_the_nearest_few() -> None:
    neighbours = fit((0, 2, 4, 6, 8, 90), [0, 0, 0, 1, 1, 1])
    near, between, far = neighbours.closeness(around(4, 50, 180))
    assert near == pytest.approx(np.cos(np.radians([0, 2, 2, 4, 4])).mean(), abs=1e-4)
    assert near > between > far == 0
    assert neighbours.closeness(around(4), among=np.array([5]))[0] < 0.1


def test_no_message_gets_no_votes() -> None:
    assert fit((0, 2), [0, 1]).votes(np.zeros((0, 8), np.float32)).shape == (0, 3)
