"""The widget on other pages: their attributes, languages, colours and sizes of text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, Route, expect

from tests.browser.chat import ask, button, entry, log, open_chat, scrolls_sideways, violations
from tests.browsers import Watch, chromium
from tests.standins.web_api import policy

Embed = Callable[..., Page]


@pytest.fixture
def embed(context: BrowserContext, watch: Watch, page_url: str) -> Embed:
    """A page of the same host with this body, under the strictest policy."""

    def show(body: str, language: str = "en") -> Page:
        html = (
            f'<!DOCTYPE html><html lang="{language}"><head><title>A page</title></head><body>'
            f"<main><h1>A page</h1>{body}</main></body></html>"
        )
        headers = {"Content-Type": "text/html", "Content-Security-Policy": policy(html)}

        def answer(route: Route) -> None:
            route.fulfill(body=html, headers=headers)

        page = context.new_page()
        watch.over(page)
        page.route("**/embedding", answer)
        page.goto(f"{page_url}embedding")
        return page

    return show


@pytest.mark.parametrize("size", [(1280, 800), (640, 640), (375, 667)])
def test_text_twice_as_large(
    playwright: Playwright, watch: Watch, page_url: str, size: tuple[int, int]
) -> None:
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        settings = Path(folder, "Default", "Preferences")
        settings.parent.mkdir()
        settings.write_text('{"webkit": {"webprefs": {"default_font_size": 32}}}')
        context = playwright.chromium.launch_persistent_context(
            folder, executable_path=chromium(), args=["--no-sandbox"],
            viewport={"width": size[0], "height": size[1]},
        )  # fmt: skip
        page = context.new_page()
        watch.over(page)
        page.goto(page_url)
        open_chat(page)
        expect(entry(page)).to_have_css("font-size", "32px")
        ask(page, "How much does it cost?")
        assert not scrolls_sideways(page)
        button(page, "Send").scroll_into_view_if_needed()
        expect(button(page, "Send")).to_be_in_viewport(ratio=1)
        assert violations(page) == []
        context.close()


def test_a_page_with_a_tiny_root_size_changes_nothing(embed: Embed) -> None:
    page = embed("<script src='widget.js' defer></script>")
    page.evaluate("document.documentElement.style.fontSize = '5px'")
    open_chat(page)
    expect(entry(page)).to_have_css("font-size", "16px")


def test_attributes_of_the_script(embed: Embed) -> None:
    page = embed(
        "<script src='widget.js' data-title='Ask Kaleidoscope' data-position='left' "
        "data-accent='#ffd54a' defer></script>"
    )
    button(page, "Ask Kaleidoscope, open the chat").click()
    expect(page.get_by_role("heading", name="Ask Kaleidoscope")).to_be_visible()
    assert page.locator(".panel").bounding_box()["x"] < 40
    ask(page, "How much does it cost?")
    # Black on yellow, without being told.
    assert "0 0 0" in button(page, "Send").evaluate("(one) => getComputedStyle(one).color")
    assert violations(page) == []


def test_colours_of_the_page(embed: Embed) -> None:
    colours = "data-accent='#4b1d6b' data-accent-text='#fff3d6'"
    page = embed(f"<script src='widget.js' {colours} defer></script>")
    open_chat(page)
    expect(button(page, "Send")).to_have_css("background-color", "rgb(75, 29, 107)")
    expect(button(page, "Send")).to_have_css("color", "rgb(255, 243, 214)")
    assert violations(page) == []


@pytest.mark.parametrize("attribute", ["data-language='es'", ""])
def test_in_spanish(embed: Embed, attribute: str) -> None:
    page = embed(f"<script src='widget.js' {attribute} defer></script>", language="es-MX")
    button(page, "Guía CAR T, abrir el chat").click()
    box = page.get_by_role("textbox", name="Su pregunta (en inglés)")
    box.fill("How much does it cost?")
    box.press("Enter")
    talk = page.get_by_role("log", name="Conversación")
    expect(talk).to_contain_text("$375,000")
    expect(talk).to_contain_text("Usted dijo")
    expect(talk.locator(".text").last).to_have_attribute("lang", "en")
    expect(page.get_by_role("region", name="Guía CAR T")).to_have_attribute("lang", "es")
    assert violations(page) == []


def test_an_element_placed_by_hand_is_the_only_one(embed: Embed, page_url: str) -> None:
    server = page_url.removesuffix("/chat/")
    page = embed(
        f"<car-t-guide data-server='{server}' data-title='By hand'><a href='/chat/'>Ask</a>"
        "</car-t-guide><script src='widget.js' defer></script>"
    )
    button(page, "By hand, open the chat").click()
    expect(log(page)).to_contain_text("Hello!")
    expect(page.locator("car-t-guide")).to_have_count(1)
    expect(page.get_by_role("link", name="Ask")).to_be_hidden()
