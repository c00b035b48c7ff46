"""What is asked of how every page looks."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.chat import violations

WIDE, NARROW = {"width": 1200, "height": 850}, {"width": 320, "height": 640}


def assert_well_made(page: Page) -> None:
    """axe finds nothing in light, dark or on 320 px, where the page needs no sideways scrolling."""
    for look, size in (("light", WIDE), ("dark", WIDE), ("light", NARROW)):
        page.emulate_media(color_scheme=look, reduced_motion="reduce")
        page.set_viewport_size(size)
        found = violations(page)
        assert not found, (page.url, look, size, found)
        assert not scrolls_sideways(page), (page.url, size)
    page.set_viewport_size(WIDE)


def scrolls_sideways(page: Page) -> bool:
    """Whether the page is wider than the window. Tables in `.scroll` may be."""
    return bool(
        page.evaluate(
            "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
        )
    )
