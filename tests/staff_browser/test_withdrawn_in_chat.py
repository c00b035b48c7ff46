"""An answer is withdrawn on the staff site, and the chat refuses it until it is brought back."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from guide.settings import ROOT
from guide.store.withdrawn import EVERY_SECONDS
from tests.conftest import Guide, running_guide
from tests.small_guide import make_small_guide, settings
from tests.staff_browser.conftest import StaffSite, running_site

COST = "How much does it cost?"
Said = dict[str, Any]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Guide, StaffSite]]:
    """A small guide and a staff site on the same content and database."""
    folder: Path = tmp_path_factory.mktemp("small")
    make_small_guide(folder)
    (folder / "var").mkdir()
    own = {**settings(folder), "DATABASE_URL": f"sqlite:///{folder / 'var' / 'guide.db'}"}
    # A busy machine may need longer for it than a test waits for a server.
    subprocess.run(
        [sys.executable, "-m", "guide.train"], cwd=ROOT, env={**os.environ, **own}, check=True
    )
    with running_guide(folder, **own) as guide, running_site(folder, **own) as site:
        yield guide, site


def reply(guide: Guide, fits: Callable[[Said], bool]) -> Said:
    """What the guide says once it fits, at the latest when it must have looked again."""
    end = time.monotonic() + 1.5 * EVERY_SECONDS
    while not fits(said := guide.say(COST)):
        assert time.monotonic() < end, said
        time.sleep(0.5)
    return said


def is_withdrawn(said: Said) -> bool:
    return said["metadata"]["kind"] == "fallback"


def test_the_chat_refuses_what_was_withdrawn(
    shared: tuple[Guide, StaffSite], context: BrowserContext
) -> None:
    guide, site = shared
    before = guide.say(COST)
    assert before["metadata"]["answers"] == ["cost"] and "$375,000" in before["text"]
    page: Page = context.new_page()
    site.sign_in(page, "manager")
    page.goto(f"{site.url}/answers/of/cost/")
    page.get_by_label("Reason").fill("The price is old")
    page.get_by_label("I want patients not to get this answer any more").check()
    page.get_by_role("button", name="Withdraw this answer").click()
    expect(page.get_by_text("Withdrawn. Within 20 seconds")).to_be_visible()
    said = reply(guide, is_withdrawn)
    assert "$375,000" not in said["text"]
    assert "doctor" in said["text"] or "care team" in said["text"]
    page.get_by_role("button", name="Bring it back").click()
    expect(page.get_by_text("Brought back. Within 20 seconds")).to_be_visible()
    assert "$375,000" in reply(guide, lambda one: not is_withdrawn(one))["text"]
