"""The store on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from guide.store.database import engine_of
from tests.postgres import database
from tests.unit.store.talk import Talk


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A new database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'guide.db'}"
    return database(request.getfixturevalue("postgres"))


@pytest.fixture
def talk(url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Talk]:
    """A server with the store."""
    monkeypatch.setenv("DATABASE_URL", url)
    yield Talk()
    engine_of(url).dispose()
