"""Pictures of the staff site for the README, with sample conversations.

They go to GUIDE_SCREENSHOTS, else to the tests' own temporary folder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browsers import pictures
from tests.staff_browser.conftest import StaffSite


@pytest.fixture(scope="module")
def filled(staff_site: StaffSite) -> Iterator[StaffSite]:
    """The site with conversations to look at."""
    staff_site.manage("sample_conversations", "--conversations", "400")
    staff_site.manage("embed")
    yield staff_site
    staff_site.empty()


@pytest.mark.parametrize(
    ("name", "address", "heading"),
    [
        ("overview", "/?sample=on&days=90", "Overview"),
        ("unanswered", "/unanswered/", "Unanswered"),
        ("answer", "/answers/of/cost/", "How much does it cost?"),
    ],
)
def test_a_picture(
    page_of: Callable[[str], Page],
    filled: StaffSite,
    tmp_path: Path,
    name: str,
    address: str,
    heading: str,
) -> None:
    page = page_of("manager")
    page.emulate_media(reduced_motion="reduce")
    page.goto(filled.url + address)
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    taken(page, tmp_path, name)


def test_a_picture_of_a_transcript(
    page_of: Callable[[str], Page], filled: StaffSite, tmp_path: Path
) -> None:
    page = page_of("reviewer")
    page.goto(f"{filled.url}/conversations/?feedback=0")
    page.locator("table a").first.click()
    expect(page.get_by_role("heading", name="What was said")).to_be_visible()
    taken(page, tmp_path, "conversation")


def taken(page: Page, tmp_path: Path, name: str) -> None:
    picture = pictures(tmp_path) / f"staff-{name}.png"
    page.screenshot(path=picture)
    assert picture.read_bytes().startswith(b"\x89PNG")
