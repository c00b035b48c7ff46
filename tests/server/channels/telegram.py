"""A patient in a private chat with the bot."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import count

from tests.server.channels import Running, Shown, linked, once, without_judgements, words
from tests.standins.telegram_methods import Sent

_NUMBERS = count(5001)


class TelegramPatient:
    """See `Patient`. `last` is the newest message of the bot as the platform holds it."""

    def __init__(self, running: Running) -> None:
        self._api = running.bot_api
        self.chat = next(_NUMBERS)
        until(lambda: self._api.webhook)  # which is set after the server's start

    @property
    def last(self) -> Sent:
        """The newest message of the bot."""
        return self._api.messages(self.chat)[-1]

    def say(self, text: str) -> Shown:
        """Type."""
        return self._answered(lambda: self._api.write(self.chat, text))

    def press(self, title: str) -> Shown:
        """Press a button of the last message."""
        return self._answered(lambda: self._api.deliver(self._api.press(self.last, title)))

    def _answered(self, act: Callable[[], int]) -> Shown:
        before = len(self._api.messages(self.chat))
        assert act() == 200
        until(lambda: len(self._api.messages(self.chat)) > before)
        assert len(self._api.messages(self.chat)) == before + 1
        assert all(len(row) == 1 for row in self.last.buttons)
        links = once(entity.get("url", "") for entity in self.last.entities)
        return Shown(words_of(self.last), links, *without_judgements(self.last.titles))


def until(true: Callable[[], object], seconds: float = 30) -> None:
    """Waits; fails when time is up."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "did not happen"
        time.sleep(0.02)


def words_of(sent: Sent) -> str:
    """What a reader sees, with the addresses of links."""
    # Entities count in UTF-16 units.
    text = sent.text.encode("utf-16-le")
    links = [entity for entity in sent.entities if entity["type"] == "text_link"]
    for link in sorted(links, key=lambda link: -link["offset"]):
        start, end = 2 * link["offset"], 2 * (link["offset"] + link["length"])
        label = text[start:end].decode("utf-16-le")
        text = text[:start] + linked(label, link["url"]).encode("utf-16-le") + text[end:]
    return words(text.decode("utf-16-le"))
