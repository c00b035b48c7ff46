"""What a patient does with the widget, by the names that a screen reader tells."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]


def launcher(page: Page) -> Locator:
    return page.get_by_role("button", name="CAR T Guide, open the chat")


def log(page: Page) -> Locator:
    return page.get_by_role("log", name="Conversation")


def entry(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Your question")


def status(page: Page) -> Locator:
    return page.get_by_role("status")


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def open_chat(page: Page) -> None:
    """Opens the panel and waits for the greeting."""
    launcher(page).click()
    expect(log(page)).to_contain_text("Hello!")


def replies(page: Page) -> Locator:
    """What the guide said, the greeting too."""
    return log(page).locator(".turn.guide")


def ask(page: Page, text: str) -> None:
    """Sends a message and waits for the reply to it."""
    before = replies(page).count()
    entry(page).fill(text)
    entry(page).press("Enter")
    expect(replies(page)).to_have_count(before + 1)


def choose(page: Page, option: str) -> None:
    """One of the options in the head."""
    button(page, "Options").click()
    button(page, option).click()


def focused(page: Page) -> str:
    """What has the focus: its name, else its text, its role or tag."""
    return page.evaluate(
        """() => {
          let one = document.activeElement;
          while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
          const label = one.labels?.[0]?.textContent;
          return one.getAttribute("aria-label") || label || one.textContent || one.tagName;
        }"""
    ).strip()


def violations(page: Page) -> list[dict[str, Any]]:
    """What axe-core finds in the whole page, shortly."""
    options = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
    found = Axe().run(page, options=options).response["violations"]
    return [
        {
            "rule": one["id"],
            "where": [(node["target"], node["failureSummary"]) for node in one["nodes"]],
        }
        for one in found
    ]


def scrolls_sideways(page: Page) -> bool:
    """Whether the page, the panel or the log is wider than what shows of it."""
    return page.evaluate(
        """() => {
          const root = document.querySelector("car-t-guide").shadowRoot;
          const all = [document.documentElement, ...root.querySelectorAll(".panel, .panel *")];
          const shown = (one) => !one.closest(".unseen") && one.checkVisibility?.() !== false;
          return all.some((one) => shown(one) && getComputedStyle(one).display !== "inline"
            && one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0);
        }"""
    )
