"""How distances are told."""

from __future__ import annotations

import pytest

from actions.registry.wording import about


@pytest.mark.parametrize(
    ("miles", "said"), [(2, 5), (12, 10), (38, 40), (99, 100), (296, 300), (1434, 1430)]
)
def test_distances_are_no_more_exact_than_cities(miles: float, said: int) -> None:
    assert about(miles) == said
