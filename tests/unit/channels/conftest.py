"""The gate that every message passes, built once."""

from __future__ import annotations

import pytest

from guide.channels.incoming import Gate


@pytest.fixture(scope="session")
def gate() -> Gate:
    return Gate()
