"""Staff and patients on one whole guide: what staff decide is what the chat says.

An answer is withdrawn and brought back; a question that was refused is labelled, approved, tried
and put live, and then answered. Chat server, staff site and trainings are real.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from guide.store.withdrawn import EVERY_SECONDS
from tests.browsers import pictures
from tests.small_guide import REFUSED
from tests.staff_browser.conftest import StaffSite
from tests.staff_browser.whole.conftest import Ask

TRAINING_MS = 600_000  # of a Try on a busy machine
COST = "How much does it cost?"
Said = dict[str, Any]


def reply(ask: Ask, fits: Callable[[Said], bool]) -> Said:
    """What the guide says once it fits, at the latest when it must have looked again."""
    end = time.monotonic() + 1.5 * EVERY_SECONDS
    while not fits(said := ask(COST)):
        assert time.monotonic() < end, said
        time.sleep(0.5)
    return said


def is_withdrawn(said: Said) -> bool:
    return said["metadata"]["kind"] == "fallback"


def test_the_chat_refuses_what_was_withdrawn(
    page_of: Callable[[str], Page], staff_site: StaffSite, ask: Ask
) -> None:
    before = ask(COST)
    assert before["metadata"]["answers"] == ["cost"] and "$375,000" in before["text"]
    page = page_of("manager")
    page.goto(f"{staff_site.url}/answers/of/cost/")
    page.get_by_label("Reason").fill("The price is old")
    page.get_by_label("I want patients not to get this answer any more").check()
    page.get_by_role("button", name="Withdraw this answer").click()
    expect(page.get_by_text("Withdrawn. Within 20 seconds")).to_be_visible()
    said = reply(ask, is_withdrawn)
    assert "$375,000" not in said["text"]
    assert "doctor" in said["text"] or "care team" in said["text"]
    page.get_by_role("button", name="Bring it back").click()
    expect(page.get_by_text("Brought back. Within 20 seconds")).to_be_visible()
    assert "$375,000" in reply(ask, lambda one: not is_withdrawn(one))["text"]


def test_a_refused_question_is_taught_and_then_answered(
    page_of: Callable[[str], Page], staff_site: StaffSite, ask: Ask, tmp_path: Path
) -> None:
    assert ask(REFUSED)["metadata"]["kind"] == "fallback"

    page = page_of("reviewer")
    page.set_default_timeout(120_000)  # trainings keep the machine busy
    page.get_by_role("link", name="Unanswered").click()
    group = page.locator("section", has_text=REFUSED)
    group.get_by_label("Belongs to the answer").fill("How much does it cost?")
    group.get_by_role("button", name="Belongs to it").click()
    page.get_by_role("link", name="Teach").click()
    expect(page.get_by_label("Sentence to learn")).to_have_value(REFUSED)
    page.get_by_role("button", name="Approve", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Approved: 1", timeout=60_000)
    page.get_by_role("button", name="Sign out").click()

    staff_site.sign_in(page, "manager")
    page.goto(f"{staff_site.url}/teach/release/")
    page.get_by_role("button", name="Try").click()
    expect(page.get_by_label("How far the Try is")).to_be_visible(timeout=60_000)
    live = page.get_by_role("button", name="Go live", exact=True)
    expect(live).to_be_enabled(timeout=TRAINING_MS)
    expect(page.get_by_text("1 new sentence to train on")).to_be_visible()
    page.screenshot(path=pictures(tmp_path) / "staff-teach.png")
    live.click()
    expect(page.get_by_role("status")).to_contain_text("Live:", timeout=60_000)

    assert answered(ask) == ["cost"]


def answered(ask: Ask, seconds: float = 300) -> list[str]:
    """The answers to the question, once the server has come back with what is live now."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            reply = ask(REFUSED)["metadata"]
        except OSError:
            reply = {}
        if reply.get("kind") == "answer":
            return list(reply["answers"])
        time.sleep(1)
    pytest.fail("the question is not answered")
