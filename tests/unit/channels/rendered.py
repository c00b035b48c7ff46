"""Reads rendered replies as the platforms do."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any


class Checked(HTMLParser):
    """Reads what Telegram reads, and refuses what it refuses."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self._open = "", list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in {"a", "b", "i"}
        assert [name for name, _ in attrs] == (["href"] if tag == "a" else [])
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def finish(self) -> str:
        self.close()
        assert not self._open
        return self.text


def telegram_text(rendered: str) -> str:
    """The text of Telegram HTML; fails where Telegram would refuse it."""
    reader = Checked()
    reader.feed(rendered)
    return reader.finish()


def web_text(blocks: list[dict[str, Any]]) -> str:
    return "\n".join("".join(s["text"] for s in item) for b in blocks for item in b["items"])


def slack_bold(rendered: str) -> list[str]:
    """What Slack shows bold: marks at words, with no letter outside them."""
    return re.findall(r"(?<![^\W_])\*(?=\S)([^*\n]+)(?<=\S)\*(?![^\W_])", rendered)
