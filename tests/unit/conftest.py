"""The gazetteer, read once."""

from __future__ import annotations

import pytest

from guide.content import DATA
from guide.trials.places import Gazetteer


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    """The places of data/places."""
    return Gazetteer.load(DATA / "places")
