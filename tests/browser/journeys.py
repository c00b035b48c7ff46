"""Journeys of patients that must work on every server that speaks the web API.

A test module imports them all and says by its `page_url` fixture on which server they run.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.chat import (
    ask,
    button,
    choose,
    entry,
    focused,
    launcher,
    log,
    open_chat,
    replies,
    scrolls_sideways,
    status,
    violations,
)
from tests.browsers import Watch

ANY_TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
COST = "$375,000 to $475,000"
# Kept by the widget under a key that begins so; read to play a thief of a dead token.
TOKEN = """() => JSON.parse(sessionStorage.getItem(
  Object.keys(sessionStorage).find((key) => key.startsWith("car-t-guide")))).token"""
HISTORY = """async (token) => (await fetch("history",
  {headers: {Authorization: `Bearer ${token}`}})).status"""


def test_a_whole_conversation_by_keyboard_alone(page: Page) -> None:
    page.keyboard.press("Tab")
    assert focused(page).startswith("CAR T Guide")
    page.keyboard.press("Enter")
    expect(log(page)).to_contain_text("Hello!")
    assert focused(page) == "Your question"
    page.keyboard.type("How much does it cost?")
    page.keyboard.press("Enter")
    expect(log(page)).to_contain_text(COST)
    assert focused(page) == "Your question"
    # Back into the conversation, to a question that the answer offers.
    for _ in range(12):
        page.keyboard.press("Shift+Tab")
        if focused(page) == "Will insurance pay for it?":
            break
    before = replies(page).count()
    page.keyboard.press("Space")
    expect(replies(page)).to_have_count(before + 1)
    expect(log(page)).to_contain_text("You chose: Will insurance pay for it?")
    assert focused(page) == "Your question"
    page.keyboard.press("Escape")
    expect(log(page)).to_be_hidden()
    assert focused(page).startswith("CAR T Guide")


def test_answers_are_announced(page: Page) -> None:
    region = page.locator("[role=log]")
    expect(region).to_have_attribute("aria-live", "polite")  # before there is anything to tell
    open_chat(page)
    ask(page, "How much does it cost?")
    said = log(page).locator(".turn")
    expect(said.nth(1)).to_contain_text("You said")
    expect(said.nth(2)).to_contain_text("Guide said")
    expect(said.nth(2).locator("time")).to_have_attribute("datetime", ANY_TIME)


def test_a_reload_keeps_the_conversation(page: Page) -> None:
    open_chat(page)
    ask(page, "How much does it cost?")
    button(page, "Will insurance pay for it?").click()
    expect(replies(page)).to_have_count(3)
    before = log(page).locator(".bubble").all_inner_texts()
    page.reload()
    expect(log(page)).to_be_hidden()
    launcher(page).click()
    expect(replies(page)).to_have_count(3)
    expect(status(page).first).to_contain_text("still here")
    assert log(page).locator(".bubble").all_inner_texts() == before
    expect(log(page)).to_contain_text("You chose: Will insurance pay for it?")
    ask(page, "How much does it cost?")


def test_erasing_forgets_on_both_sides(page: Page, watch: Watch) -> None:
    open_chat(page)
    ask(page, "How much does it cost?")
    token = page.evaluate(TOKEN)
    assert page.evaluate(HISTORY, token) == 200
    choose(page, "Erase this conversation")
    assert focused(page) == "Erase this conversation?"
    button(page, "No, keep it").click()
    expect(log(page)).to_contain_text(COST)
    choose(page, "Erase this conversation")
    button(page, "Yes, erase it").click()
    expect(status(page).first).to_contain_text("erased, here and on the server")
    expect(replies(page)).to_have_count(1)
    expect(log(page)).not_to_contain_text(COST)
    watch.network_may_fail = True
    assert page.evaluate(HISTORY, token) == 401
    page.reload()
    launcher(page).click()
    expect(log(page)).to_contain_text("Hello!")
    expect(log(page)).not_to_contain_text(COST)


def test_an_emergency_stands_out(page: Page) -> None:
    open_chat(page)
    ask(page, "I have chest pain and cannot breathe")
    told = replies(page).last
    expect(told).to_contain_text("Emergency")
    expect(told).to_contain_text("Call 911 now")
    expect(told.locator(".alarm svg")).to_be_visible()
    expect(told.locator(".bubble")).to_have_css("border-inline-start-width", "8px")


def test_an_answer_is_judged_once(page: Page) -> None:
    open_chat(page)
    ask(page, "How much does it cost?")
    # The name says which answer is meant.
    button(page, "Not helpful: answer to “How much does it cost?”").click()
    expect(log(page)).to_contain_text("Thank you for telling me")
    expect(log(page)).to_contain_text("You chose: Not helpful")
    expect(page.get_by_role("button", name="helpful: answer to")).to_have_count(0)
    assert focused(page) == "Your question"


def test_what_could_not_be_sent_is_sent_later(
    page: Page, context: BrowserContext, watch: Watch
) -> None:
    open_chat(page)
    watch.network_may_fail = True
    context.set_offline(True)
    entry(page).fill("How much does it cost?")
    entry(page).press("Enter")
    expect(status(page).first).to_contain_text("cannot be reached")
    expect(status(page).last).to_contain_text("call 911")
    expect(status(page).last).to_contain_text("ask your doctor")
    expect(log(page)).to_contain_text("Not sent yet")
    assert violations(page) == []
    context.set_offline(False)
    expect(log(page)).to_contain_text(COST)
    expect(log(page)).not_to_contain_text("Not sent yet")
    expect(button(page, "Try again now")).to_be_hidden()
    expect(replies(page)).to_have_count(2)


def test_the_doctor_gets_a_list(page: Page) -> None:
    open_chat(page)
    ask(page, "How much does it cost?")
    ask(page, "should I stop my prednisone?")
    choose(page, "Save or print for my doctor")
    expect(page.get_by_role("checkbox", name="should I stop my prednisone?")).to_be_checked()
    page.get_by_role("checkbox", name="How much does it cost?").check()
    with page.expect_download() as download:
        button(page, "Download as text").click()
    text = download.value.path().read_text()
    assert "[ ] should I stop my prednisone?" in text
    assert "[ ] How much does it cost?" in text
    assert COST in text
    page.keyboard.press("Escape")
    assert focused(page) == "Options"


@pytest.mark.parametrize("look", ["light", "dark", "forced", "narrow", "more contrast"])
def test_axe_finds_nothing(page: Page, look: str) -> None:
    media = {
        "dark": {"color_scheme": "dark"},
        "forced": {"forced_colors": "active"},
        "more contrast": {"contrast": "more"},
    }
    page.emulate_media(reduced_motion="reduce", **media.get(look, {}))
    if look == "narrow":
        page.set_viewport_size({"width": 320, "height": 640})
    assert violations(page) == []
    open_chat(page)
    assert violations(page) == []
    ask(page, "How much does it cost?")
    ask(page, "I have chest pain and cannot breathe")
    assert violations(page) == []
    button(page, "Options").click()
    assert violations(page) == []
    button(page, "Save or print for my doctor").click()
    assert violations(page) == []
    choose(page, "Erase this conversation")
    assert violations(page) == []


def test_a_small_phone_needs_no_sideways_scrolling(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    open_chat(page)
    ask(page, "How much does it cost?")
    assert not scrolls_sideways(page)
    for part in (log(page), entry(page), button(page, "Close the chat"), button(page, "Send")):
        expect(part).to_be_in_viewport(ratio=1)
    choose(page, "Save or print for my doctor")
    assert not scrolls_sideways(page)
