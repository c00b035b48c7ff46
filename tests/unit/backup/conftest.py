"""Guides to back up, on a database of each kind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from guide.ports import free_port
from guide.store.database import engine_of
from tests.unit.backup.place import Place, ran


@pytest.fixture
def empty(any_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """A place without a guide, on a database of each kind."""
    for name in ("data", "models", "var"):
        monkeypatch.setenv(f"GUIDE_{name.upper()}", str(tmp_path / name))
    for name in ("GUIDE_PORT", "ACTIONS_PORT"):
        monkeypatch.setenv(name, str(free_port()))
    monkeypatch.setenv("GUIDE_RETENTION_DAYS", "180")
    monkeypatch.setenv("DATABASE_URL", any_database)
    yield Place(tmp_path, any_database)
    engine_of(any_database).dispose()


@pytest.fixture
def place(empty: Place) -> Place:
    empty.fill()
    return empty


@pytest.fixture
def saved(place: Place) -> Place:
    """A backup, and what went on after it."""
    ran("save", place.archive)
    place.spoil()
    return place
