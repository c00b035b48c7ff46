"""The store on both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from guide.store.database import engine_of
from tests.unit.store.talk import Talk


@pytest.fixture
def talk(any_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Talk]:
    """A server with the store."""
    monkeypatch.setenv("DATABASE_URL", any_database)
    yield Talk()
    engine_of(any_database).dispose()
