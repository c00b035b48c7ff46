"""What the widget does by itself, whatever the server."""

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
    status,
    violations,
)
from tests.browser.journeys import TOKEN
from tests.browsers import Watch
from tests.standins.replies import INJECTIONS
from tests.standins.web_api import WebApi


def test_nothing_is_fetched_before_the_chat_is_opened(page: Page, api: WebApi) -> None:
    expect(launcher(page)).to_have_attribute("aria-expanded", "false")
    assert not api.sessions
    open_chat(page)
    assert len(api.sessions) == 1
    page.keyboard.press("Escape")
    launcher(page).click()
    expect(replies(page)).to_have_count(1)
    assert len(api.sessions) == 1


def test_starters_by_theme(page: Page, api: WebApi) -> None:
    open_chat(page)
    log(page).get_by_text("Cost and access").click()
    with page.expect_response("**/messages"):
        button(page, "How much does it cost?").click()
    assert api.posts[-1]["text"] == "How much does it cost?"
    expect(log(page)).to_contain_text("You chose: How much does it cost?")
    expect(button(page, "What is CAR T-cell therapy?")).to_have_count(0)
    assert focused(page) == "Your question"


def test_a_press_sends_the_signed_token(page: Page, api: WebApi) -> None:
    open_chat(page)
    ask(page, "How much does it cost?")
    group = page.get_by_role("group", name="Choices").last
    expect(group.get_by_role("button")).to_have_count(2)
    with page.expect_response("**/messages"):
        group.get_by_role("button").first.click()
    assert api.posts[-1]["payload"] == "signed.What could the whole bill come to?"
    assert re.fullmatch(r"[A-Za-z0-9_-]{8,64}", api.posts[-1]["id"])


def test_the_focus_goes_through_the_panel_in_order(page: Page) -> None:
    open_chat(page)
    ask(page, "How much does it cost?")
    button(page, "Options").focus()
    seen = [focused(page)]
    for _ in range(20):
        page.keyboard.press("Tab")
        seen.append(focused(page))
        if seen[-1] == "Send":
            break
    assert [one for one in seen if one in {"Options", "Close the chat", "Conversation"}] == [
        "Options",
        "Close the chat",
        "Conversation",
    ]
    assert seen[-4:] == [
        "What could the whole bill come to?",
        "Will insurance pay for it?",
        "Your question",
        "Send",
    ]


def test_escape_closes_what_is_on_top_first(page: Page) -> None:
    open_chat(page)
    choose(page, "Erase this conversation")
    page.keyboard.press("Escape")
    assert focused(page) == "Options"
    page.keyboard.press("Enter")
    expect(button(page, "Start over")).to_be_visible()
    page.keyboard.press("Escape")
    expect(button(page, "Start over")).to_be_hidden()
    expect(log(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(log(page)).to_be_hidden()
    assert focused(page) == "CAR T Guide, open the chat"


def test_shift_enter_makes_a_line(page: Page, api: WebApi) -> None:
    open_chat(page)
    entry(page).press_sequentially("one")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("two")
    expect(entry(page)).to_have_value("one\ntwo")
    with page.expect_response("**/messages"):
        page.keyboard.press("Enter")
    assert api.posts[-1]["text"] == "one\ntwo"


def test_enter_of_an_input_method_sends_nothing(page: Page, api: WebApi) -> None:
    open_chat(page)
    entry(page).fill("にほん")
    entry(page).dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True})
    expect(entry(page)).to_have_value("にほん")
    assert not api.posts


def test_the_end_of_the_line_is_counted(page: Page, api: WebApi) -> None:
    open_chat(page)
    counter = page.locator("#count")
    entry(page).fill("x" * 1799)
    expect(counter).to_be_empty()
    entry(page).fill("\N{SLIGHTLY SMILING FACE}" * 1990)  # characters, not code units
    expect(counter).to_have_text("10 characters left")
    expect(status(page).first).to_have_text("10 characters left")
    entry(page).fill("x" * 2003)
    expect(counter).to_have_text("3 characters too many. Please shorten your message.")
    expect(entry(page)).to_have_attribute("aria-invalid", "true")
    entry(page).press("Enter")
    expect(entry(page)).to_have_value("x" * 2003)
    assert not api.posts
    assert violations(page) == []


@pytest.mark.parametrize("text", INJECTIONS)
def test_what_looks_like_code_stays_text(page: Page, text: str) -> None:
    open_chat(page)
    ask(page, f"hostile {text}")
    expect(log(page).locator(".turn.patient")).to_contain_text(text)
    for one in INJECTIONS:
        expect(replies(page).last.locator(".bubble")).to_contain_text(one)
        expect(button(page, one)).to_be_visible()
    assert log(page).locator("img, script, a, .bubble svg").count() == 0
    with page.expect_response("**/messages"):
        button(page, text).click()
    page.reload()
    launcher(page).click()
    expect(log(page)).to_contain_text(text)
    assert page.evaluate("window.hacked") is None


def test_links_open_apart_and_say_so(page: Page) -> None:
    open_chat(page)
    ask(page, "How much does it cost?")
    link = page.get_by_role("link", name="EurekAlert! (opens in new tab)")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    expect(link).to_have_attribute("target", "_blank")


def test_an_answer_is_copied(page: Page, context: BrowserContext) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_chat(page)
    ask(page, "How much does it cost?")
    button(page, "Copy: answer to “How much does it cost?”").click()
    expect(status(page).first).to_have_text("Copied.")
    assert "$375,000 to $475,000" in page.evaluate("navigator.clipboard.readText()")


def test_a_printed_page_is_made_in_the_browser(
    page: Page, context: BrowserContext, watch: Watch, api: WebApi
) -> None:
    context.add_init_script("window.print = () => { window.printed = true }")
    page.reload()
    open_chat(page)
    ask(page, "should I stop my prednisone <b>now</b>?")
    sent = len(api.posts)
    choose(page, "Save or print for my doctor")
    with page.expect_popup() as popup:
        button(page, "Print").click()
    paper = popup.value
    watch.over(paper)
    expect(paper.get_by_role("heading", name="Questions for my doctor")).to_be_visible()
    expect(paper.get_by_role("listitem")).to_have_text("should I stop my prednisone <b>now</b>?")
    expect(paper.get_by_text("a question about you")).to_be_visible()
    assert violations(paper) == []
    assert len(api.posts) == sent


def test_where_windows_are_blocked_the_text_is_downloaded(page: Page) -> None:
    open_chat(page)
    page.evaluate("window.open = () => null")
    choose(page, "Save or print for my doctor")
    with page.expect_download() as download:
        button(page, "Print").click()
    assert re.fullmatch(r"car-t-guide-\d{4}-\d\d-\d\d\.txt", download.value.suggested_filename)


def test_starting_over_is_a_new_conversation(page: Page, api: WebApi) -> None:
    open_chat(page)
    ask(page, "How much does it cost?")
    choose(page, "Start over")
    expect(replies(page)).to_have_count(1)
    expect(log(page)).to_contain_text("Hello!")
    assert len(api.sessions) == 2
    assert focused(page) == "Your question"


def test_a_long_answer_is_read_from_its_top(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    open_chat(page)
    ask(page, "tell me everything")
    expect(replies(page).last.get_by_text("Paragraph 0.")).to_be_in_viewport()
    expect(replies(page).last.get_by_text("Paragraph 7.")).not_to_be_in_viewport()


def test_reduced_motion(page: Page, api: WebApi) -> None:
    page.emulate_media(reduced_motion="reduce")
    open_chat(page)
    api.mode = "slow"
    entry(page).fill("How much does it cost?")
    entry(page).press("Enter")
    expect(page.locator(".typing")).to_be_visible()
    moving = "document.querySelector('car-t-guide').shadowRoot.getAnimations().length"
    assert page.evaluate(moving) == 0
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate(moving) == 1  # so the line above can fail
    api.released.set()


def test_colours_of_the_system_keep_what_matters(page: Page) -> None:
    page.emulate_media(forced_colors="active")
    open_chat(page)
    ask(page, "I have chest pain and cannot breathe")
    expect(replies(page).last.locator(".bubble")).to_have_css("border-top-style", "solid")
    expect(button(page, "Send")).to_have_css("border-top-style", "solid")
    expect(replies(page).last.get_by_text("Emergency", exact=True)).to_be_visible()


def test_targets_are_large_enough(page: Page) -> None:
    open_chat(page)
    ask(page, "How much does it cost?")
    choose(page, "Save or print for my doctor")
    for one in page.locator("car-t-guide").get_by_role("button").all():
        box = one.bounding_box()
        assert box is None or min(box["width"], box["height"]) >= 44
    for one in page.locator("car-t-guide label:has(input)").all():
        assert one.bounding_box()["height"] >= 44


def test_an_element_that_leaves_the_page_stops(page: Page, api: WebApi, watch: Watch) -> None:
    watch.network_may_fail = True
    open_chat(page)
    api.mode = "down"
    entry(page).fill("How much does it cost?")
    entry(page).press("Enter")
    expect(log(page)).to_contain_text("Not sent yet")
    page.evaluate("document.querySelector('car-t-guide').remove()")
    api.mode = "ok"
    page.wait_for_timeout(1500)
    assert not api.posts


def test_the_session_stays_in_the_tab(context: BrowserContext, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    open_chat(page)
    ask(page, "How much does it cost?")
    token = page.evaluate(TOKEN)
    assert token
    assert not [url for url in [page.url, *asked] if token in url]
    assert context.cookies() == []
    other = context.new_page()  # of the same browser, as on a shared computer
    other.goto(page.url)
    assert token not in other.evaluate("JSON.stringify([localStorage, sessionStorage])")


def test_without_storage_it_still_talks(context: BrowserContext, page: Page) -> None:
    context.add_init_script(
        "Object.defineProperty(window, 'sessionStorage', {get() { throw new Error('no') }})"
    )
    page.reload()
    open_chat(page)
    ask(page, "How much does it cost?")
    expect(log(page)).to_contain_text("$375,000")
