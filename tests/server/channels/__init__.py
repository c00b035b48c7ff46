"""Patients on every channel, who speak and read in the same few words.

    patient = SlackPatient(running)
    shown = patient.say("What is CAR T-cell therapy?")
    shown = patient.press(shown.buttons[0])

Each reads what its platform shows with a reader of its own, so that the words of one reply can be
compared across channels.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from guide.channels.markup import parse, to_plain
from tests.conftest import Guide
from tests.server.talk import WORDING
from tests.standins.slack import Slack
from tests.standins.telegram import BotApi

JUDGEMENTS = [WORDING.say("feedback_helpful"), WORDING.say("feedback_unhelpful")]


@dataclass(frozen=True)
class Shown:
    """A reply as its reader sees it. None is what the channel does not tell.

    Args:
        words: of the text, without markup, with a space between two; a link is "label (address)".
        links: the addresses that can be followed, each once.
        buttons: their titles, without the two judgements.
        judged: whether the two judgements can be pressed.
        kind, answers, version: what the reply says to programs.
    """

    words: str = ""
    links: tuple[str, ...] = ()
    buttons: tuple[str, ...] = ()
    judged: bool | None = None
    kind: str | None = None
    answers: tuple[str, ...] | None = None
    version: str | None = None


@dataclass(frozen=True)
class Running:
    """A guide and the platforms that it is connected to."""

    guide: Guide
    slack: Slack
    bot_api: BotApi


class Patient(Protocol):
    """Somebody whom the guide has not met, in a conversation of their own."""

    def __init__(self, running: Running) -> None: ...

    def say(self, text: str) -> Shown:
        """Type; the one reply."""

    def press(self, title: str) -> Shown:
        """Press a button of the last reply, judgements too; the one reply."""


def words(text: str) -> str:
    """With one space between two words."""
    return " ".join(text.split())


def words_of_markdown(text: str) -> str:
    """What a reader sees of Markdown."""
    return words(to_plain(parse(text)))


def once(addresses: Iterable[str]) -> tuple[str, ...]:
    """Each address at its first place; "" is none."""
    return tuple(dict.fromkeys(filter(None, addresses)))


def linked(label: str, address: str) -> str:
    """The words of a link, as plain text has them."""
    shorter = [re.sub(r"^https?://|/$", "", one) for one in (label, address)]
    return address if shorter[0] == shorter[1] else f"{label} ({address})"


def without_judgements(titles: list[str]) -> tuple[tuple[str, ...], bool]:
    """(titles, whether the two judgements stand at their end)."""
    judged = titles[-2:] == JUDGEMENTS
    kept = titles[:-2] if judged else titles
    assert not set(kept) & set(JUDGEMENTS), titles
    return tuple(kept), judged
