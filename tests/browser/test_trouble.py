"""When the server is slow, down, broken, busy, or has forgotten the session."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

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
)
from tests.browsers import Watch
from tests.standins.web_api import WebApi

COST = "$375,000 to $475,000"


@pytest.fixture(autouse=True)
def expected(watch: Watch) -> None:
    """Here requests fail on purpose."""
    watch.network_may_fail = True


def send(page: Page, text: str) -> None:
    """Without waiting for a reply."""
    entry(page).fill(text)
    entry(page).press("Enter")


@pytest.mark.parametrize("mode", ["down", "failing", "busy", "lost"])
def test_it_tries_again_with_the_same_id(page: Page, api: WebApi, mode: str) -> None:
    open_chat(page)
    api.mode = mode
    send(page, "How much does it cost?")
    expect(log(page)).to_contain_text("Not sent yet")
    expect(status(page).first).to_contain_text("Nothing you wrote is lost")
    expect(status(page).last).to_contain_text("call 911")
    api.mode = "ok"
    expect(log(page)).to_contain_text(COST)
    expect(status(page).last).to_be_empty()
    assert len({sent["id"] for sent in api.posts}) == 1
    assert api.turns == 1


def test_pauses_grow_and_end(page: Page, api: WebApi) -> None:
    page.clock.install()
    open_chat(page)
    tries: list[str] = []
    page.on("requestfailed", lambda request: tries.append(request.url))
    api.mode = "down"
    send(page, "How much does it cost?")
    expect(log(page)).to_contain_text("Not sent yet")
    seen = []
    for _ in range(30):
        seen.append(len(tries))
        page.clock.run_for(10_000)
        page.wait_for_timeout(60)
    assert 3 <= seen[2] <= 6  # 20 s: not more often than every few seconds
    # In the end only the patient starts another try.
    assert seen[-1] == seen[-4] <= 12
    api.mode = "ok"
    button(page, "Try again now").click()
    expect(log(page)).to_contain_text(COST)
    # The button is gone; the focus is not.
    expect(button(page, "Try again now")).to_be_hidden()
    assert focused(page) == "Your question"


def test_messages_keep_their_order(page: Page, api: WebApi) -> None:
    open_chat(page)
    api.mode = "down"
    send(page, "How much does it cost?")
    expect(log(page)).to_contain_text("Not sent yet")
    send(page, "should I stop my prednisone?")
    api.mode = "ok"
    expect(replies(page)).to_have_count(3)
    expect(replies(page).nth(1)).to_contain_text(COST)
    expect(replies(page).nth(2)).to_contain_text("a question about you")
    assert [sent["text"] for sent in api.posts][-2:] == [
        "How much does it cost?",
        "should I stop my prednisone?",
    ]


def test_a_slow_answer_is_told(page: Page, api: WebApi) -> None:
    page.clock.install()
    open_chat(page)
    api.mode = "slow"
    send(page, "How much does it cost?")
    expect(status(page).first).to_have_text("The guide is looking for an answer")
    page.clock.run_for(9000)
    expect(status(page).first).to_contain_text("longer than usual")
    api.released.set()
    expect(log(page)).to_contain_text(COST)
    expect(status(page).first).to_be_empty()


def test_a_server_that_never_answers_is_given_up_on(page: Page, api: WebApi) -> None:
    page.clock.install()
    open_chat(page)
    api.mode = "slow"
    send(page, "How much does it cost?")
    expect(status(page).first).to_have_text("The guide is looking for an answer")
    page.clock.run_for(31_000)
    expect(status(page).last).to_contain_text("call 911")


def test_what_the_server_refuses_is_told_in_its_words(page: Page, api: WebApi) -> None:
    open_chat(page)
    api.mode = "refusing"
    send(page, "How much does it cost?")
    expect(log(page)).to_contain_text("Kind words about too_large.")
    api.mode = "ok"
    ask(page, "How much does it cost?")
    expect(log(page)).not_to_contain_text("Not sent yet")


def test_down_from_the_start(page: Page, api: WebApi) -> None:
    api.mode = "down"
    launcher(page).click()
    expect(status(page).first).to_contain_text("cannot be reached")
    expect(status(page).last).to_contain_text("ask your doctor or care team")
    send(page, "How much does it cost?")
    api.mode = "ok"
    expect(log(page)).to_contain_text(COST)
    # The greeting stands above what was asked before it could be fetched.
    turns = log(page).locator(".turn").all_inner_texts()
    assert [("Hello!" in turns[0]), ("How much" in turns[1]), (COST in turns[2])] == [True] * 3


def test_a_session_that_ended_is_renewed(page: Page, api: WebApi) -> None:
    open_chat(page)
    ask(page, "How much does it cost?")
    api.expire()
    send(page, "should I stop my prednisone?")
    expect(log(page)).to_contain_text("Your earlier conversation had ended")
    expect(replies(page).last).to_contain_text("a question about you")
    # A token of the old session is worth nothing now: its button goes as text.
    button(page, "Will insurance pay for it?").click()
    expect(status(page).first).to_be_empty()
    expect(log(page)).to_contain_text("You chose: Will insurance pay for it?")
    expect(replies(page)).to_have_count(5)
    assert api.posts[-1].get("text") == "Will insurance pay for it?"


def test_a_session_that_ended_before_the_reload(page: Page, api: WebApi) -> None:
    open_chat(page)
    ask(page, "How much does it cost?")
    page.reload()
    api.expire()
    launcher(page).click()
    expect(log(page)).to_contain_text("Hello!")
    expect(log(page)).to_contain_text("Your earlier conversation had ended")
    ask(page, "How much does it cost?")


def test_a_reload_while_a_message_waits(page: Page, api: WebApi) -> None:
    open_chat(page)
    api.mode = "down"
    send(page, "How much does it cost?")
    expect(log(page)).to_contain_text("Not sent yet")
    page.reload()
    launcher(page).click()
    expect(log(page)).to_contain_text("How much does it cost?")
    api.mode = "ok"
    expect(log(page)).to_contain_text(COST)
    assert api.turns == 1
    expect(log(page).locator(".turn.patient")).to_have_count(1)


def test_erasing_that_fails_keeps_the_conversation(page: Page, api: WebApi) -> None:
    open_chat(page)
    ask(page, "How much does it cost?")
    api.mode = "failing"
    choose(page, "Erase this conversation")
    button(page, "Yes, erase it").click()
    expect(log(page)).to_contain_text(COST)
    expect(status(page).first).to_contain_text("could not erase it")
    api.mode = "ok"
    choose(page, "Erase this conversation")
    button(page, "Yes, erase it").click()
    expect(status(page).first).to_contain_text("erased, here and on the server")
    assert list(api.sessions.values()) == [[]]


def test_erasing_what_has_ended_clears_this_side(page: Page, api: WebApi) -> None:
    open_chat(page)
    ask(page, "How much does it cost?")
    api.expire()
    choose(page, "Erase this conversation")
    button(page, "Yes, erase it").click()
    expect(status(page).first).to_have_text("Kind words about no_session.")
    expect(log(page)).not_to_contain_text(COST)
