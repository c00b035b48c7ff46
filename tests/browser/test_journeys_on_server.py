"""The patients' journeys on the real server."""

from __future__ import annotations

import pytest

from tests.browser.journeys import *  # noqa: F403
from tests.conftest import Guide

pytestmark = pytest.mark.server


@pytest.fixture
def page_url(guide: Guide, built_widget: object) -> str:
    """The demo page of the running guide."""
    return f"{guide.url}/chat/"
