"""The project's own remover, loaded once."""

from __future__ import annotations

import pytest

from guide.privacy import Remover, remover


@pytest.fixture(scope="session")
def own() -> Remover:
    return remover()
