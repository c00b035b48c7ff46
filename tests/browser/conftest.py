"""The system's Chromium on the demo page, and a watch over what must never happen in it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from tests.standins.web_api import WebApi
from widget.build import build

NAMES = ("chromium", "chromium-browser", "google-chrome")


@dataclass
class Watch:
    """What the browser complained about, and where it went."""

    errors: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)
    # A failed request is an error of the console too; tests of failures expect it.
    network_may_fail: bool = False

    def over(self, page: Page) -> None:
        """Watches a page."""
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda message: self._hear(message.type, message.text))
        page.on("request", lambda request: self.hosts.add(urlsplit(request.url).netloc))

    def _hear(self, level: str, text: str) -> None:
        failed = text.startswith("Failed to load resource")
        if level in {"error", "warning"} and not (failed and self.network_may_fail):
            self.errors.append(text)


def chromium() -> str:
    """The path of the system's Chromium. In CI it must be there, elsewhere its lack is told."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found:
        return found
    reason = "no Chromium on this system: apt-get install chromium"
    return pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright with the system's browser; it downloads none."""
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """One browser for all tests."""
    path = chromium()
    started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
    yield started
    started.close()


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
