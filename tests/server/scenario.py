"""Reads tests/scenarios/*.yml and checks a reply against a turn.

A scenario has a name and turns. A turn says (`say`: typed text) or presses (`press`: a title or a
number of the last reply's buttons), and names what the reply must be:

    when: did_you_mean       only if the last reply was of this kind, else the scenario ends
    kind: answer             or a list of kinds that are all right
    answers: [cost]          exactly these answers
    picks: 2                 the answer that the second button of the last reply names
    contains: [words]        texts that must stand in the reply; `lacks`: that must not
    wording: [erased]        texts of data/wording.yml that must stand in the reply
    response: utter_thanks   one of the variations of this response of domain.yml must stand in it
    language: es             the line of data/languages.yml must stand in it
    buttons: [title]         these buttons are there; [] is none at all
    unlike_last: true        the words differ from those of the last reply
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from guide.content.notice import URGENT_KINDS
from guide.content.wording import load_responses
from tests.server.talk import CONTENT, NOTICE, WORDING, answers, bare, check_shape, kind, titles

FOLDER = Path(__file__).parents[1] / "scenarios"
RESPONSES = load_responses()


@dataclass(frozen=True)
class Turn:
    """One message and what its reply must be; see the module's text."""

    say: str = ""
    press: str = ""
    when: str = ""
    kind: str | list[str] = field(default_factory=list)
    answers: list[str] | None = None
    picks: int = 0
    contains: list[str] = field(default_factory=list)
    lacks: list[str] = field(default_factory=list)
    wording: list[str] = field(default_factory=list)
    response: str = ""
    language: str = ""
    buttons: list[str] | None = None
    unlike_last: bool = False


@dataclass(frozen=True)
class Scenario:
    """What a conversation establishes."""

    name: str
    turns: tuple[Turn, ...]


def read_scenarios() -> list[Scenario]:
    """All of them; raises TypeError or AssertionError where a file is not in the format."""
    return [
        Scenario(one["name"], tuple(_turn(turn) for turn in one["turns"]))
        for path in sorted(FOLDER.glob("*.yml"))
        for one in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


def _turn(raw: dict[str, Any]) -> Turn:
    turn = Turn(**raw)
    assert bool(turn.say) != bool(turn.press), raw
    texts = [turn.say, turn.press, *turn.contains, *turn.lacks, *(turn.buttons or [])]
    assert all(isinstance(text, str) for text in texts), raw  # "- 911" is no text in YAML
    assert all(name in WORDING.texts for name in turn.wording), raw
    assert not turn.response or turn.response in RESPONSES, raw
    return turn


def check(turn: Turn, reply: dict[str, Any], last: Mapping[str, Any]) -> None:
    """Everything that a turn demands of its reply."""
    check_shape(reply)
    text = reply["text"]
    kinds = [turn.kind] if isinstance(turn.kind, str) else turn.kind
    assert not kinds or kind(reply) in kinds, reply
    if turn.answers is not None:
        assert answers(reply) == turn.answers, reply
    if turn.picks:
        title = last["buttons"][turn.picks - 1]["title"]
        assert answers(reply) == [CONTENT.by_title[title]], reply
    for wanted in [*turn.contains, *(WORDING.say(name) for name in turn.wording)]:
        assert wanted in text, (wanted, text)
    for unwanted in turn.lacks:
        assert unwanted not in text, (unwanted, text)
    if turn.response:
        variations = [WORDING.fill(one["text"]).strip() for one in RESPONSES[turn.response]]
        assert any(one in text for one in variations), (turn.response, text)
    if turn.language:
        assert WORDING.languages[turn.language] in text, (turn.language, text)
    if turn.buttons is not None:
        shown = titles(reply)
        assert set(turn.buttons) <= set(shown), (turn.buttons, shown)
        assert turn.buttons or not shown, shown
    if turn.unlike_last:
        assert bare(reply) != bare(dict(last)), text


class NoticeRule:
    """The notice stands once: at the end of the first reply that is not urgent."""

    def __init__(self) -> None:
        self._due = True

    def check(self, reply: dict[str, Any]) -> None:
        """Take the replies of a conversation one by one."""
        times = reply["text"].count(NOTICE)
        if kind(reply) in URGENT_KINDS:
            assert times == 0, reply["text"]
            return
        assert times == int(self._due), reply["text"]
        assert not self._due or reply["text"].endswith(NOTICE), reply["text"]
        # An erased conversation begins anew.
        self._due = WORDING.say("erased") in reply["text"]
