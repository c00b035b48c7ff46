"""Conversations in a real browser: found, read, reviewed, exported, erased."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chat import focused
from tests.staff import rows
from tests.staff_browser.conftest import StaffSite
from tests.staff_browser.looks import assert_well_made

PageOf = Callable[[str], Page]
LONG = "supercalifragilistic" * 12


@pytest.fixture(autouse=True)
def some(staff_site: StaffSite) -> Iterator[None]:
    """An urgent conversation, one that did not help, and many others."""
    engine = staff_site.engine
    staff_site.empty()
    rows.conversation("web:1", engine=engine, key="a1", urgent=True, unhelpful=True, flagged=True)
    rows.turn("web:1", "what is <b>CRS</b>", engine=engine, answers=["crs"], feedback=0,
              reason="It was unclear", scores=[["crs", 0.8], ["icans", 0.1]], version="v1",
              reply="It is **one** of the risks:\n\n- first\n- [second](https://example.org/)",
              milliseconds=40.0)  # fmt: skip
    rows.turn("web:1", "my chest hurts", engine=engine, kind="emergency", urgent=True)
    rows.conversation("telegram:2", engine=engine, key="a2", sample=True)
    rows.turn("telegram:2", f"will my insurance pay {LONG}", engine=engine, kind="fallback")
    for number in range(30):
        rows.conversation(f"slack:{number}", engine=engine, key=f"b{number}", last=1e9 + number)
        rows.turn(f"slack:{number}", "hello", engine=engine, kind="small_talk", time=1e9 + number)
    yield
    staff_site.empty()


def open_list(page: Page, site: StaffSite, query: str = "") -> None:
    page.goto(f"{site.url}/conversations/?{query}")


def test_filters_are_set_kept_and_cleared(page_of: PageOf, staff_site: StaffSite) -> None:
    page = page_of("reader")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Conversations").click()
    links = page.get_by_role("table").get_by_role("link")
    expect(links.first).to_contain_text("my chest hurts")
    page.get_by_label("Channel").select_option("Telegram")
    page.get_by_label("Kind of reply").select_option("Refused")
    page.get_by_label("Patient's words contain").fill("INSURANCE")
    page.get_by_role("button", name="Show").click()
    expect(links).to_have_count(1)
    expect(page.locator("mark")).to_have_text("insurance")
    expect(page.get_by_label("Channel")).to_have_value("telegram")
    expect(page.get_by_text("1 conversation.")).to_be_visible()
    page.reload()
    expect(links).to_have_count(1)
    page.get_by_role("link", name="Clear").click()
    expect(links).to_have_count(25)
    page.get_by_role("link", name="Down the list").click()
    expect(links).to_have_count(7)
    page.get_by_role("link", name="Up the list").click()
    expect(links).to_have_count(25)


def test_a_patient_s_words_are_words(page_of: PageOf, staff_site: StaffSite) -> None:
    page = page_of("reader")
    page.goto(f"{staff_site.url}/conversations/a1/")
    expect(page.get_by_text("what is <b>CRS</b>").first).to_be_visible()
    expect(page.get_by_text("Not helpful: It was unclear").first).to_be_visible()
    expect(page.get_by_text("Emergency: the patient was told to get help")).to_be_visible()
    expect(page.get_by_role("link", name="second")).to_have_attribute("rel", "noreferrer")


def test_the_review_by_keyboard_alone(page_of: PageOf, staff_site: StaffSite) -> None:
    page = page_of("reviewer")
    open_list(page, staff_site)
    link = page.get_by_role("table").get_by_role("link").first
    link.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Conversation a1")
    page.get_by_role("combobox", name="Review").focus()
    page.keyboard.press("I")  # In review
    page.keyboard.press("Tab")
    page.keyboard.type("reviewer")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")  # was flagged
    page.keyboard.press("Tab")
    assert focused(page) == "Save"
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    expect(page.get_by_role("combobox", name="Review")).to_have_value("open")
    expect(page.get_by_label("Assigned to")).to_have_value("reviewer")
    expect(page.get_by_label("Flagged")).not_to_be_checked()
    page.get_by_label("New tag").fill("Follow up")
    page.keyboard.press("Enter")
    expect(page.get_by_text("# follow up")).to_be_visible()
    page.get_by_label("New note").fill("Ask Anna Kowalski, 212-555-0142, about it")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Personal details were removed")
    expect(page.locator(".notes")).not_to_contain_text("0142")
    page.get_by_role("button", name="Delete this note").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("The note is deleted.")
    page.get_by_role("button", name="Remove the tag follow up").press("Enter")
    expect(page.get_by_text("# follow up")).to_have_count(0)


def test_through_the_list_one_after_the_other(page_of: PageOf, staff_site: StaffSite) -> None:
    page = page_of("reader")
    open_list(page, staff_site, "channel=slack")
    page.get_by_role("table").get_by_role("link").first.click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Conversation b29")
    page.get_by_role("link", name="Next").click()
    expect(heading).to_have_text("Conversation b28")
    page.get_by_role("link", name="Previous").click()
    expect(heading).to_have_text("Conversation b29")
    page.get_by_role("link", name="Previous").click()
    expect(page.get_by_role("status")).to_contain_text("That was the first one.")
    expect(page.get_by_label("Channel")).to_have_value("slack")


def test_a_message_is_labelled_from_its_transcript(page_of: PageOf, staff_site: StaffSite) -> None:
    page = page_of("reviewer")
    page.goto(f"{staff_site.url}/conversations/a2/")
    page.get_by_role("link", name="Label this message").click()
    assert_well_made(page)
    page.get_by_label("Belongs to an answer").check()
    page.get_by_label("Which answer, or which kind").select_option(value="insurance")
    page.get_by_role("button", name="Label").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Conversation a2")
    expect(page.get_by_text("Belongs to an answer (")).to_be_visible()


def test_a_manager_exports_a_file(page_of: PageOf, staff_site: StaffSite, tmp_path: Path) -> None:
    page = page_of("manager")
    open_list(page, staff_site, "kind=emergency")
    page.get_by_role("link", name="Export").click()
    expect(page.get_by_text("Kind of reply: Emergency")).to_be_visible()
    assert_well_made(page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Export").click()
    waiting.value.save_as(tmp_path / "file.csv")
    lines = (tmp_path / "file.csv").read_text(encoding="utf-8-sig").splitlines()
    assert "my chest hurts" in lines[2] and len(lines) == 4


def test_a_manager_erases_one_after_being_asked(page_of: PageOf, staff_site: StaffSite) -> None:
    page = page_of("manager")
    page.goto(f"{staff_site.url}/conversations/a2/?channel=telegram")
    page.get_by_role("link", name="Erase this conversation").click()
    assert_well_made(page)
    page.get_by_role("link", name="Keep it").click()
    page.get_by_role("link", name="Erase this conversation").click()
    page.get_by_role("button", name="Erase it for good").click()
    expect(page.get_by_role("status")).to_contain_text("The conversation is erased")
    expect(page.get_by_text("No conversation is like that.")).to_be_visible()


@pytest.mark.parametrize(
    "path",
    [
        "",
        "?kind=emergency",
        "?text=insurance",
        "?since=2026-03-02&until=2026-03-01",
        "?channel=rest",
        "a1/",
        "a2/",
    ],
)
def test_pages_are_well_made(page_of: PageOf, staff_site: StaffSite, path: str) -> None:
    page = page_of("manager")
    page.goto(f"{staff_site.url}/conversations/{path}")
    assert_well_made(page)


def test_an_empty_site_says_what_will_be_there(page_of: PageOf, staff_site: StaffSite) -> None:
    staff_site.empty()
    page = page_of("reader")
    open_list(page, staff_site)
    expect(page.get_by_text("There are no conversations yet.")).to_be_visible()
    assert_well_made(page)
