"""Replies that are too long for one message."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guide.channels.chunks import chunks, telegram_units
from guide.channels.markup import parse, to_plain, to_slack, to_telegram
from guide.content import load
from tests.unit.channels.rendered import telegram_text

TELEGRAM = 4096


def split(markdown: str, limit: int) -> list[str]:
    return chunks(parse(markdown), limit, to_telegram)


@pytest.mark.parametrize(
    ("markdown", "limit", "parts"),
    [
        ("", 10, []),
        ("Short.", 10, ["Short."]),
        ("Exactly10.", 10, ["Exactly10."]),
        # Between blocks, as few as can be.
        ("One.\n\nTwo.\n\nThree.", 10, ["One.\n\nTwo.", "Three."]),
        ("One.\n\nTwo.\n\nThree.", 9, ["One.", "Two.", "Three."]),
        ("**One:**\n- a\n- b", 14, ["<b>One:</b>\n\n• a\n• b"]),
        # Then at lines, and a list keeps its numbers.
        ("1. One.\n2. Two.\n3. Three.", 16, ["1. One.\n2. Two.", "3. Three."]),
        ("- One.\n- Two.", 8, ["• One.", "• Two."]),
        ("One  \ntwo three.", 12, ["One", "two three."]),
        # Then at sentences.
        ('It is. "Is it?" Yes!', 16, ['It is. "Is it?"', "Yes!"]),
        ("It is (it is.) So it is.", 18, ["It is (it is.)", "So it is."]),
        ("1. One. Two.\n2. Three.", 9, ["1. One.", "Two.", "2. Three."]),
        # Then at words, and anywhere.
        ("one two three", 8, ["one two", "three"]),
        ("onetwothree", 4, ["onet", "woth", "ree"]),
        # Every part is whole.
        ("**one two** _three_", 8, ["<b>one two</b>", "<i>three</i>"]),
        ("**one two three**", 8, ["<b>one two</b>", "<b>three</b>"]),
        (
            "[one two](https://e.org)",
            4,
            ['<a href="https://e.org">one</a>', '<a href="https://e.org">two</a>'],
        ),
        # Tags, addresses and escapes do not count, the halves of an emoji do.
        ("**a** & <b>", 7, ["<b>a</b> &amp; &lt;b&gt;"]),
        ("[a](https://e.org/very/long/address)", 1, ['<a href="https://e.org/very/long/address">a</a>']),
        ("🙂🙂🙂", 4, ["🙂🙂", "🙂"]),
        ("🙂", 1, ["🙂"]),
    ],
)  # fmt: skip
def test_where_a_reply_is_split(markdown: str, limit: int, parts: list[str]) -> None:
    assert split(markdown, limit) == parts


@pytest.mark.parametrize(
    ("rendered", "units"),
    [
        ("", 0),
        ("abc", 3),
        ("<b>a</b><i>b</i>", 2),
        ('<a href="https://e.org/?a=1&amp;b=%22">ab</a>', 2),
        ("&lt;b&gt; &amp;", 5),
        ("&amp;lt;", 4),
        ("é", 1),
        ("🙂", 2),
        ("\ud83d", 1),
    ],
)
def test_how_telegram_counts(rendered: str, units: int) -> None:
    assert telegram_units(rendered) == units


@pytest.mark.parametrize(
    "sentence", ["It is a sentence. ", "word ", "w", "🙂", "**b** [l](https://e.org). "]
)
def test_a_very_long_reply_fits_and_stays_whole(sentence: str) -> None:
    markdown = sentence * (9000 // telegram_units(to_telegram(parse(sentence))))
    parts = split(markdown, TELEGRAM)
    assert 2 <= len(parts) <= 6
    assert all(0 < len(telegram_text(part).encode("utf-16-le")) // 2 <= TELEGRAM for part in parts)
    whole = telegram_text(to_telegram(parse(markdown)))
    assert bare("".join(map(telegram_text, parts))) == bare(whole)


def test_every_answer_of_ours_in_small_messages() -> None:
    for answer in load().answers.values():
        parts = split(answer.answer, 200)
        assert all(len(telegram_text(part)) <= 200 for part in parts), answer.id
        whole = telegram_text(to_telegram(parse(answer.answer)))
        assert bare("".join(map(telegram_text, parts))) == bare(whole)


def test_another_platforms_measure() -> None:
    markdown = "**one** [two](https://e.org) & three four"
    parts = chunks(parse(markdown), 25, to_slack, len)
    assert parts == ["*one* <https://e.org|two>", "&amp; three four"]
    assert chunks(parse(markdown), 12, to_plain, len)[0] == "one"


@settings(max_examples=200, deadline=None)
@given(st.text("ab .\n-1*_[](🙂&<", max_size=60), st.integers(2, 20))
def test_whatever_comes_fits_and_keeps_its_words(markdown: str, limit: int) -> None:
    parts = split(markdown, limit)
    assert all(0 < telegram_units(part) <= limit for part in parts)
    whole = telegram_text(to_telegram(parse(markdown)))
    assert bare("".join(map(telegram_text, parts))) == bare(whole)


def bare(text: str) -> str:
    return re.sub(r"\s+", "", text)
