"""The system's Chromium for all tests in a browser, and a watch over what must never happen in it.

Playwright runs once in a process, so its fixtures are shared through tests/conftest.py.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

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


def pictures(otherwise: Path) -> Path:
    """The folder for pictures: GUIDE_SCREENSHOTS, where it is set."""
    chosen = Path(os.environ.get("GUIDE_SCREENSHOTS") or otherwise)
    chosen.mkdir(parents=True, exist_ok=True)
    return chosen
