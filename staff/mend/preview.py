"""An answer as each channel shows it, made of what is really sent there."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html.parser import HTMLParser

from guide.channels.markup import (
    BREAK,
    ZERO_WIDTH_SPACE,
    Block,
    Span,
    Spans,
    parse,
    to_slack,
    to_telegram,
)

# Slack's marks in a line: a link, bold, italic.
_MRKDWN = re.compile(
    r"<(?P<href>https?://[^|>\s]+)\|(?P<label>[^>]*)>"
    r"|(?<![^\W_])\*(?P<bold>[^*\n]+)\*(?![^\W_])"
    r"|(?<![^\W_])_(?P<italic>[^_\n]+)_(?![^\W_])"
)


@dataclass(frozen=True)
class Preview:
    """Blocks of the web; what Slack and Telegram show, line by line; and what is sent to them."""

    web: tuple[Block, ...]
    slack: Spans
    slack_sent: str
    telegram: Spans
    telegram_sent: str


def preview(markdown: str, source_line: str) -> Preview:
    """Of an answer with the line under it."""
    blocks = parse(f"{markdown}\n\n{source_line}")
    slack, telegram = to_slack(blocks), to_telegram(blocks)
    return Preview(blocks, shown_by_slack(slack), slack, shown_by_telegram(telegram), telegram)


def shown_by_slack(text: str) -> Spans:
    """What Slack makes of its own markup."""
    return tuple(_slack(text.replace(ZERO_WIDTH_SPACE, ""), Span("")))


def _slack(text: str, look: Span) -> Iterator[Span]:
    place = 0
    for found in _MRKDWN.finditer(text):
        yield from _lines(text[place : found.start()], look)
        place = found.end()
        if found["href"]:
            href = html.unescape(found["href"])
            yield from _slack(found["label"], replace(look, href=href))
        elif found["bold"]:
            yield from _slack(found["bold"], replace(look, bold=True))
        else:
            yield from _slack(found["italic"], replace(look, italic=True))
    yield from _lines(text[place:], look)


def _lines(text: str, look: Span) -> Iterator[Span]:
    for number, line in enumerate(text.split("\n")):
        if number:
            yield BREAK
        if line:
            yield replace(look, text=html.unescape(line))


class _Telegram(HTMLParser):
    """Reads the tags that Telegram knows."""

    def __init__(self) -> None:
        super().__init__()
        self.spans: list[Span] = []
        self.looks = [Span("")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Bold, italic, a link."""
        look = self.looks[-1]
        changes = {
            "b": replace(look, bold=True),
            "i": replace(look, italic=True),
            "a": replace(look, href=dict(attrs).get("href") or ""),
        }
        self.looks.append(changes.get(tag, look))

    def handle_endtag(self, tag: str) -> None:
        """Back to the look before."""
        if len(self.looks) > 1:
            self.looks.pop()

    def handle_data(self, data: str) -> None:
        """Text of the look that is on; references are read already."""
        look = self.looks[-1]
        for number, line in enumerate(data.split("\n")):
            self.spans += [BREAK] * bool(number) + [replace(look, text=line)] * bool(line)


def shown_by_telegram(text: str) -> Spans:
    """What Telegram makes of its HTML."""
    reader = _Telegram()
    reader.feed(text)
    reader.close()
    return tuple(reader.spans)
