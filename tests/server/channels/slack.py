"""A patient in a direct message with the Slack app, and single requests as Slack sends them."""

from __future__ import annotations

import html
import re
import urllib.error
import urllib.request
from itertools import count
from typing import Any

from tests.conftest import Guide
from tests.server.channels import (
    Running,
    Shown,
    linked,
    once,
    without_judgements,
    words,
    words_of_markdown,
)
from tests.server.talk import NOTICE, WORDING
from tests.standins.slack import Slack
from tests.standins.slack_requests import Body, encoded, event, message, press, signed, titles

_NUMBERS = count(1)
_SEEN = words_of_markdown(WORDING.say("slack_seen"))
# A link, or a mark of bold or italic at the border of a word. https://docs.slack.dev/messaging
_MRKDWN = re.compile(
    r"<(?P<address>[^<>|]+)\|(?P<label>[^<>]*)>|(?<![^\W_])[*_](?=\S)|(?<=\S)[*_](?![^\W_])"
)


def send(guide: Guide, body: Body, **headers: str) -> tuple[int, bytes]:
    """(status, body) of a signed request, which Slack wants within 3 seconds."""
    raw, kind = encoded(body)
    address = f"{guide.url}/webhooks/slack/events"
    request = urllib.request.Request(address, raw, signed(raw, kind, **headers))
    try:
        with urllib.request.urlopen(request, timeout=3) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def somebody(slack: Slack, name: str) -> str:
    """A person whom the guide has not met, known to Slack."""
    user = f"U0{name.upper()}"
    slack.channels |= {user, f"D{user[1:]}"}
    return user


def say(guide: Guide, slack: Slack, inner: Body) -> dict[str, Any]:
    """The next message that people see after an event."""
    before = len(slack.posted)
    assert send(guide, event(inner))[0] == 200
    found: dict[str, Any] = slack.wait_for(lambda: slack.posted[before:])[0]
    return found


class SlackPatient:
    """See `Patient`. Reads the blocks; the text, which screen readers read, must hold all of it."""

    def __init__(self, running: Running) -> None:
        self._guide, self._slack = running.guide, running.slack
        self._user = somebody(running.slack, f"PATIENT{next(_NUMBERS)}")
        self._last: Body = {}

    def say(self, text: str) -> Shown:
        """Type; Slack escapes what is typed."""
        return self._answered(event(message(html.escape(text, quote=False), self._user)))

    def press(self, title: str) -> Shown:
        """Press a button of the last message."""
        return self._answered(press(self._last, title, self._user))

    def _answered(self, body: Body) -> Shown:
        before = len(self._posted())
        assert send(self._guide, body)[0] == 200
        new = self._slack.wait_for(lambda: self._posted()[before:], 30)
        assert len(new) == 1, new
        self._last = new[0]
        return _shown(self._last)

    def _posted(self) -> list[Body]:
        mine = f"D{self._user[1:]}"
        return [posted for posted in list(self._slack.posted) if posted["channel"] == mine]


def _shown(posted: Body) -> Shown:
    sections = [block["text"]["text"] for block in posted["blocks"] if block["type"] == "section"]
    read = words_of_mrkdwn("\n\n".join(sections))
    buttons, judged = without_judgements(titles(posted["blocks"]))
    numbered = " ".join(f"{number}. {title}" for number, title in enumerate(buttons, 1))
    assert words_of_mrkdwn(posted["text"]) == words(f"{read} {numbered}")
    # What Slack can see is said where the notice is, and nowhere else.
    noticed = words_of_markdown(NOTICE) in read
    assert read.endswith(_SEEN) == noticed, read
    found = [link["address"] or "" for link in _MRKDWN.finditer("\n\n".join(sections))]
    links = once(map(html.unescape, found))
    return Shown(read.removesuffix(_SEEN).strip(), links, buttons, judged)


def words_of_mrkdwn(text: str) -> str:
    """What a reader sees of Slack's markup."""
    plain = _MRKDWN.sub(_unmarked, text.replace("\u200b", ""))
    return words(html.unescape(plain))


def _unmarked(found: re.Match[str]) -> str:
    address: str | None = found["address"]
    return linked(found["label"], address) if address else ""
