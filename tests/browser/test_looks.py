"""Pictures of the widget for the README and for whoever changes how it looks.

They go to GUIDE_SCREENSHOTS, else to the tests' own temporary folder.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.chat import ask, choose, entry, log, open_chat
from tests.browsers import Watch, pictures

LOOKS = ("closed", "open", "conversation", "emergency", "save", "offline", "dark", "narrow")


@pytest.mark.parametrize("look", LOOKS)
def test_a_picture(
    page: Page, context: BrowserContext, watch: Watch, tmp_path: Path, look: str
) -> None:
    page.emulate_media(reduced_motion="reduce", color_scheme="dark" if look == "dark" else "light")
    if look == "narrow":
        page.set_viewport_size({"width": 320, "height": 640})
    if look != "closed":
        open_chat(page)
    if look in {"conversation", "dark", "narrow"}:
        ask(page, "How much does it cost?")
    elif look == "emergency":
        ask(page, "I have chest pain and cannot breathe")
    elif look == "save":
        ask(page, "How much does it cost?")
        ask(page, "should I stop my prednisone?")
        choose(page, "Save or print for my doctor")
    elif look == "offline":
        watch.network_may_fail = True
        context.set_offline(True)
        entry(page).fill("How much does it cost?")
        entry(page).press("Enter")
        expect(log(page)).to_contain_text("Not sent yet")
    picture = pictures(tmp_path) / f"widget-{look}.png"
    page.screenshot(path=picture)
    assert picture.read_bytes().startswith(b"\x89PNG")
