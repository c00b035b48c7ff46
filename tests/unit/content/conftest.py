"""Fixtures of the content tests: a small folder to break, and the project's own content."""

from __future__ import annotations

from pathlib import Path

import pytest

from guide.content import Content, load
from tests.unit.content.small_content import SmallContent, make_small_content


@pytest.fixture
def small(tmp_path: Path) -> SmallContent:
    """A content folder without a fault."""
    return make_small_content(tmp_path / "data")


@pytest.fixture(scope="session")
def project() -> Content:
    """The content of data/, as patients get it."""
    return load()
