"""A patient's conversation with a running guide, and what every reply must keep to."""

from __future__ import annotations

import uuid
from typing import Any

from guide.content import DATA, Content, load
from guide.content.wording import Wording, load_wording
from tests.conftest import Guide

KINDS = {
    "answer", "several", "more", "sources", "trials", "did_you_mean", "fallback",
    "personal_advice", "urgent", "emergency", "crisis", "small_talk", "error",
}  # fmt: skip
WITH_ANSWER = {"answer", "several", "more"}
CONTENT: Content = load(DATA)
WORDING: Wording = load_wording(DATA, CONTENT.article)
NOTICE = WORDING.say("notice")
SEARCH_LINK = "https://clinicaltrials.gov/search?cond=Lupus&term=CAR-T&aggFilters=status:rec"
SOURCE_START = WORDING.fill('_Source: {publisher}, "{title}", as of ')


class Talk:
    """One conversation. `last` is the reply shown now."""

    def __init__(self, guide: Guide, sender: str = "") -> None:
        self.guide = guide
        self.sender = sender or uuid.uuid4().hex
        self.last: dict[str, Any] = {}

    def say(self, message: str, timeout: float = 30) -> dict[str, Any]:
        """Type a message."""
        self.last = self.guide.say(message, self.sender, timeout)
        return self.last

    def press(self, button: str) -> dict[str, Any]:
        """Press a button of the last reply, given by title or by number from 1."""
        buttons = self.last["buttons"]
        if button.isdecimal():
            chosen = buttons[int(button) - 1]
        else:
            shown = [one for one in buttons if one["title"] == button]
            assert shown, f"no button {button!r} among {titles(self.last)}"
            chosen = shown[0]
        return self.say(chosen["payload"])


def titles(reply: dict[str, Any]) -> list[str]:
    """What stands on the buttons."""
    return [button["title"] for button in reply["buttons"]]


def kind(reply: dict[str, Any]) -> str:
    """The kind of a reply."""
    return str(reply["metadata"]["kind"])


def answers(reply: dict[str, Any]) -> list[str]:
    """The ids of the answers that a reply shows or is about."""
    return list(reply["metadata"]["answers"])


def bare(reply: dict[str, Any]) -> str:
    """The text without the notice."""
    return str(reply["text"]).replace(NOTICE, "").strip()


def check_shape(reply: dict[str, Any]) -> None:
    """What every reply of the REST channel has, and nothing else."""
    assert set(reply) == {"text", "buttons", "metadata"}, reply
    assert reply["text"].strip(), reply
    for button in reply["buttons"]:
        assert set(button) == {"title", "payload"}, button
        assert button["title"], button
        assert not button["payload"].startswith("/"), button
    about = reply["metadata"]
    assert set(about) == {"kind", "answers", "version", "stored"}, about
    assert isinstance(about["stored"], bool), about
    assert about["kind"] in KINDS, about
    assert about["version"] == CONTENT.version, about
    assert set(about["answers"]) <= set(CONTENT.answers), about
    if about["kind"] in WITH_ANSWER and about["answers"]:
        assert reply["text"].count(SOURCE_START) == len(about["answers"]), reply["text"]
