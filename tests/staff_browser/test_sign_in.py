"""Signing in with a browser."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect


def test_a_reader_signs_in(page_of: Callable[[str], Page]) -> None:
    page = page_of("reader")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
