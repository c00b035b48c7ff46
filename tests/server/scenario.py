"""Reads tests/scenarios/*.yml and checks a reply, of any channel, against a turn.

A scenario has a name and turns. A turn says (`say`: typed text) or presses (`press`: a title or a
number of the last reply's buttons, or one of the two judgements, which a program types), and names
what the reply must be:

    when: did_you_mean       only if the last reply was of this kind, else the scenario ends
    kind: answer             or a list of kinds that are all right
    answers: [cost]          exactly these answers
    picks: 2                 the answer that the second button of the last reply names
    contains: [words]        what must stand in the reply as it is read, without markup (a link is
                             "label (address)"); `lacks`: what must not
    links: [address]         these addresses can be followed
    wording: [erased]        texts of data/wording.yml that must stand in the reply
    response: utter_thanks   one of the variations of this response of domain.yml must stand in it
    language: es             the line of data/languages.yml must stand in it
    buttons: [title]         these buttons are there; [] is none at all
    unlike_last: true        the words differ from those of the last reply
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from guide.content.notice import URGENT_KINDS
from guide.content.wording import load_responses
from tests.server.channels import Shown, words, words_of_markdown
from tests.server.talk import CONTENT, NOTICE, WITH_ANSWER, WORDING

FOLDER = Path(__file__).parents[1] / "scenarios"
RESPONSES = load_responses()
_NOTICE = words_of_markdown(NOTICE)


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
    links: list[str] = field(default_factory=list)
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


def check(turn: Turn, shown: Shown, last: Shown) -> None:
    """Everything that a turn demands of its reply, which knows its kind and answers."""
    kinds = [turn.kind] if isinstance(turn.kind, str) else turn.kind
    assert not kinds or shown.kind in kinds, shown
    if turn.answers is not None:
        assert shown.answers == tuple(turn.answers), shown
    assert set(turn.links) <= set(shown.links), shown
    if turn.picks:
        assert shown.answers == (CONTENT.by_title[last.buttons[turn.picks - 1]],), shown
    if turn.buttons is not None:
        assert set(turn.buttons) <= set(shown.buttons), shown
        assert turn.buttons or not shown.buttons, shown
    if shown.judged is not None:
        assert shown.judged == (shown.kind in WITH_ANSWER and bool(shown.answers)), shown
    _check_words(turn, shown, last)


def _check_words(turn: Turn, shown: Shown, last: Shown) -> None:
    read = shown.words
    for wanted in turn.contains:
        assert words(wanted) in read, (wanted, read)
    for unwanted in turn.lacks:
        assert words(unwanted) not in read, (unwanted, read)
    texts = [WORDING.say(name) for name in turn.wording]
    texts += [WORDING.languages[turn.language]] if turn.language else []
    for text in texts:
        assert words_of_markdown(text) in read, (text, read)
    if turn.response:
        variations = [WORDING.fill(one["text"]) for one in RESPONSES[turn.response]]
        assert any(words_of_markdown(one) in read for one in variations), (turn.response, read)
    if turn.unlike_last:
        assert _bare(shown) != _bare(last), read


def _bare(shown: Shown) -> str:
    return shown.words.replace(_NOTICE, "").strip()


class NoticeRule:
    """The notice stands once: at the end of the first reply that is not urgent."""

    def __init__(self) -> None:
        self._due = True

    def check(self, shown: Shown) -> None:
        """Take the replies of a conversation one by one."""
        times = shown.words.count(_NOTICE)
        if shown.kind in URGENT_KINDS:
            assert times == 0, shown
            return
        assert times == int(self._due), shown
        assert not self._due or shown.words.endswith(_NOTICE), shown
        # An erased conversation begins anew.
        self._due = WORDING.say("erased") in shown.words
