"""The system's Chromium on the demo page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browsers import Watch
from tests.standins.web_api import WebApi
from widget.build import build


@pytest.fixture(scope="session")
def built_widget() -> Path:
    """The widget, built from this checkout's sources."""
    return build()


@pytest.fixture
def api(built_widget: Path) -> Iterator[WebApi]:
    """The web API's stand-in."""
    with WebApi() as running:
        yield running


@pytest.fixture
def page_url(api: WebApi) -> str:
    """The demo page. A module that tests another server overrides this."""
    return f"{api.url}/chat/"


@pytest.fixture
def watch(page_url: str) -> Iterator[Watch]:
    """Fails the test at its end if anything went wrong in the browser."""
    watching = Watch()
    yield watching
    assert watching.errors == []
    assert watching.hosts <= {urlsplit(page_url).netloc, ""}


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh profile, as of a patient on a computer."""
    new = browser.new_context(viewport={"width": 1000, "height": 800}, locale="en-US")
    new.set_default_timeout(6000)
    yield new
    new.close()


@pytest.fixture
def page(context: BrowserContext, watch: Watch, page_url: str) -> Page:
    """The demo page, watched."""
    page = context.new_page()
    watch.over(page)
    page.goto(page_url)
    return page
