"""The gate that every message passes, and the REST channel behind it, built once."""

from __future__ import annotations

import pytest

from guide.channels.incoming import Gate
from tests.unit.channels.rest_server import Server


@pytest.fixture(scope="session")
def gate() -> Gate:
    return Gate()


@pytest.fixture(scope="session")
def server() -> Server:
    return Server()
