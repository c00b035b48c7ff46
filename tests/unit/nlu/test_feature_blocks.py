"""Meaning and spelling side by side."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix, random

from guide.nlu.feature_blocks import FeatureBlocks

MESSAGES, TERMS, DENSE = 30, 50, 8


@pytest.fixture
def counts() -> csr_matrix:
    drawn = random(MESSAGES, TERMS, 0.2, "csr", random_state=1)
    drawn.data = np.ceil(drawn.data * 4)
    return drawn


@pytest.fixture
def dense() -> np.ndarray:
    vectors = np.random.default_rng(1).normal(size=(MESSAGES, DENSE)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_both_blocks_stand_side_by_side(counts: csr_matrix, dense: np.ndarray) -> None:
    features = FeatureBlocks.fit(counts, 5, 0.5).transform(dense, counts)
    assert features.shape == (MESSAGES, DENSE + 5)
    assert features.dtype == np.float32
    assert np.array_equal(features[:, :DENSE], dense)


def test_the_spelling_never_outgrows_its_weight(counts: csr_matrix, dense: np.ndarray) -> None:
    features = FeatureBlocks.fit(counts * 1000, 20, 0.5).transform(dense, counts * 1000)
    assert np.linalg.norm(features[:, DENSE:], axis=1).max() <= 0.5 + 1e-4


def test_the_weight_scales_the_spelling_only(counts: csr_matrix, dense: np.ndarray) -> None:
    one, two = (FeatureBlocks.fit(counts, 5, w).transform(dense, counts) for w in (1.0, 2.0))
    assert two[:, DENSE:] == pytest.approx(2 * one[:, DENSE:], abs=1e-5)
    assert np.array_equal(one[:, :DENSE], two[:, :DENSE])


def test_messages_spelled_alike_lie_together() -> None:
    counts = csr_matrix([[2, 1, 0, 0], [1, 2, 0, 0], [0, 0, 1, 2], [0, 0, 2, 1], [1, 0, 0, 1.0]])
    spelled = FeatureBlocks.fit(counts, 2, 1.0).transform(np.zeros((5, 0)), counts)
    assert spelled[0] @ spelled[1] > 5 * abs(spelled[0] @ spelled[2])


def test_a_message_without_known_terms_keeps_its_meaning(
    counts: csr_matrix, dense: np.ndarray
) -> None:
    blocks = FeatureBlocks.fit(counts, 5, 1.0)
    features = blocks.transform(dense[:1], csr_matrix((1, TERMS)))
    assert np.array_equal(features[:, :DENSE], dense[:1])
    assert not features[:, DENSE:].any()


def test_a_training_message_may_have_no_terms(counts: csr_matrix, dense: np.ndarray) -> None:
    holed = counts.toarray()
    holed[3] = 0
    features = FeatureBlocks.fit(csr_matrix(holed), 5, 1.0).transform(dense, csr_matrix(holed))
    assert np.isfinite(features).all()
    assert not features[3, DENSE:].any()


@pytest.mark.parametrize(
    ("shape", "size"), [((30, 50), 29), ((4, 50), 3), ((30, 2), 1), ((1, 50), 0), ((30, 1), 0)]
)
def test_no_more_directions_than_the_counts_have(shape: tuple[int, int], size: int) -> None:
    counts = csr_matrix(np.ones(shape))
    blocks = FeatureBlocks.fit(counts, 512, 1.0)
    assert blocks.transform(np.ones((shape[0], 3)), counts).shape == (shape[0], 3 + size)


def test_directions_beyond_the_rank_are_harmless(dense: np.ndarray) -> None:
    same = csr_matrix(np.tile([1.0, 2.0, 0.0, 3.0], (MESSAGES, 1)))
    features = FeatureBlocks.fit(same, 3, 1.0).transform(dense, same)
    assert np.isfinite(features).all()


def test_a_fit_can_be_repeated(counts: csr_matrix, dense: np.ndarray) -> None:
    first, second = (FeatureBlocks.fit(counts, 5, 1.0).transform(dense, counts) for _ in range(2))
    assert np.array_equal(first, second)
