"""The same replies through all four renderers."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guide.channels.markup import (
    Block,
    Span,
    parse,
    to_plain,
    to_slack,
    to_telegram,
    to_web,
)
from guide.content import DATA, load
from guide.content.examples import words_of
from guide.content.trials import load_trials
from guide.content.wording import load_responses, load_wording
from guide.replies.reply import Composer
from tests.unit.channels.markup_cases import CASES, ZWS
from tests.unit.channels.rendered import slack_bold, telegram_text, web_text


@pytest.mark.parametrize("name", CASES)
def test_a_reply_in_each_form(name: str) -> None:
    markdown, slack, telegram, plain = CASES[name]
    blocks = parse(markdown)
    assert to_slack(blocks) == slack
    assert to_telegram(blocks) == telegram
    assert to_plain(blocks) == plain


def test_the_widgets_form() -> None:
    markdown = "a **b _c_**  \n[d](https://e.org)\n\n- e\n- f\n\n1. g"
    assert to_web(parse(markdown)) == [
        {
            "kind": "paragraph",
            "items": [
                [
                    {"text": "a "},
                    {"text": "b ", "bold": True},
                    {"text": "c", "bold": True, "italic": True},
                    {"text": "\n"},
                    {"text": "d", "href": "https://e.org"},
                ]
            ],
        },
        {"kind": "bullets", "items": [[{"text": "e"}], [{"text": "f"}]]},
        {"kind": "numbers", "items": [[{"text": "g"}]]},
    ]


def test_what_others_build_on() -> None:
    assert parse("a **b**  \nc") == (
        Block("paragraph", ((Span("a "), Span("b", bold=True), Span("\n"), Span("c")),)),
    )


@pytest.mark.parametrize("name", CASES)
def test_the_widget_gets_the_same_words(name: str) -> None:
    """Lists have their marks, links their addresses elsewhere: what is left are the words."""
    blocks = parse(CASES[name][0])
    shown = web_text(to_web(blocks))
    assert words_of(shown) == words_of(telegram_text(to_telegram(unlisted(blocks))))


# The project's own content: whatever the guide can say on its own.


def project_texts() -> Iterator[tuple[str, str]]:
    content = load()
    for id_, answer in content.answers.items():
        yield id_, answer.answer
        yield f"{id_}, more", answer.more
    for name, variations in load_responses().items():
        for number, variation in enumerate(variations):
            yield f"{name} {number}", variation.get("text", "")
    wording = load_wording(DATA, content.article)
    yield from wording.texts.items()
    yield from load_trials(DATA).texts.items()
    composer = Composer(content, wording)
    yield "proposals", composer.proposals(["cost", "cure", "results"], "Which?").text
    yield "several", composer.with_notice(composer.several(["steps", "cost"], "Two.")).text


TEXTS = dict(project_texts())


@pytest.mark.parametrize("name", TEXTS)
def test_every_word_of_ours_arrives_everywhere(name: str) -> None:
    text = TEXTS[name]
    # The widget makes the marks of a list and has the address of a link elsewhere.
    words = words_of(re.sub(r"\]\([^)]*\)|^\d+\.", " ", text, flags=re.MULTILINE))
    blocks = parse(text)
    shown = {
        "web": web_text(to_web(blocks)),
        "slack": to_slack(blocks).replace(ZWS, ""),
        "telegram": telegram_text(to_telegram(blocks)),
        "plain": to_plain(blocks),
    }
    for channel, rendered in shown.items():
        missing = set(words) - set(words_of(rendered))
        assert not missing, (channel, missing)
        assert "**" not in rendered, channel
        assert "](" not in rendered, channel
        assert not re.search(r"^\s*-\s", rendered, re.MULTILINE), channel


@pytest.mark.parametrize("name", TEXTS)
def test_every_link_of_ours_arrives_everywhere(name: str) -> None:
    links = re.findall(r"\]\((https?://[^)]*)\)", TEXTS[name])
    blocks = parse(TEXTS[name])
    for link in links:
        escaped = html.escape(link, quote=False)
        assert f'href="{html.escape(link)}"' in to_telegram(blocks)
        assert f"<{escaped}|" in to_slack(blocks)
        assert link in to_plain(blocks)
        assert link in str(to_web(blocks))


@pytest.mark.parametrize("name", TEXTS)
def test_bold_words_of_ours_are_bold_in_slack(name: str) -> None:
    bold = [
        span.text
        for block in parse(TEXTS[name])
        for item in block.items
        for span in item
        if span.bold and not span.href
    ]
    assert slack_bold(to_slack(parse(TEXTS[name]))) == [html.escape(b, quote=False) for b in bold]


def test_the_project_has_what_these_tests_are_about() -> None:
    whole = "\n".join(TEXTS.values())
    assert "**" in whole
    assert "](" in whole
    assert "\n- " in whole


# Whatever comes.

ANYTHING = st.one_of(
    st.text(max_size=200),
    st.text("*_~`<>&[]()!\\ \n-1.ab|:/\"'", max_size=80),
    st.lists(
        st.sampled_from(
            ["**", "_", "*", "[a](https://e.org)", "[", "](", "- ", "1. ", "\n", "  \n", " ", "b",
             "&", "<b>", "</a>", "\\", "`", "~", "> ", "    "]
        ),
        max_size=40,
    ).map("".join),
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(ANYTHING)
def test_telegram_can_always_read_it(markdown: str) -> None:
    blocks = parse(markdown)
    assert telegram_text(to_telegram(blocks)) == telegram_text(to_telegram(unlooked(blocks)))


@settings(max_examples=300, deadline=None)
@given(ANYTHING)
def test_slack_gets_no_commands_but_links(markdown: str) -> None:
    rendered = to_slack(parse(markdown))
    rest = re.sub(r"<https?://[^<>|\s]+\|[^<>]*>", "", rendered)
    assert "<" not in rest
    assert ">" not in rest
    assert not re.search(r"&(?!amp;|lt;|gt;)", rendered)


@settings(max_examples=300, deadline=None)
@given(ANYTHING)
def test_words_without_marks_are_never_lost(markdown: str) -> None:
    words = re.findall(r"[a-z]+", re.sub(r"\([^)]*\)|<[^>]*>", " ", markdown.lower()))
    shown = web_text(to_web(parse(markdown))).lower()
    assert [word for word in words if word not in shown] == []


def test_very_long_text_is_read_at_once_and_whole() -> None:
    words = "**bold** and [link](https://e.org) and text_with_marks " * 4000
    shown = to_plain(parse(words))
    assert shown.count("bold") == shown.count("text_with_marks") == 4000


@pytest.mark.parametrize("opening", ["**", "_", "[", "- ", "[a](", "<", "1. ", "*_", "\\"])
def test_what_is_opened_and_never_closed_takes_no_time(opening: str) -> None:
    assert isinstance(to_slack(parse(opening * 2000 + "a")), str)


@pytest.mark.parametrize("depth", [5, 30])
def test_deep_lists_keep_their_words(depth: int) -> None:
    deep = "\n".join(f"{'  ' * level}- w{level}" for level in range(depth))
    shown = to_plain(parse(deep))
    assert all(f"– w{level}" in shown for level in range(1, depth))


def unlisted(blocks: tuple[Block, ...]) -> list[Block]:
    return [Block("paragraph", (item,)) for block in blocks for item in block.items]


def unlooked(blocks: tuple[Block, ...]) -> list[Block]:
    """The same words without any look."""
    return [
        Block(b.kind, tuple(tuple(Span(span.text) for span in item) for item in b.items))
        for b in blocks
    ]
