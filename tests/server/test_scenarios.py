"""Short conversations of tests/scenarios/*.yml with the running guide, on every channel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace

import pytest

from tests.conftest import Guide
from tests.server.channels import Patient, Running, Shown
from tests.server.channels.rest import RestPatient
from tests.server.channels.slack import SlackPatient
from tests.server.channels.telegram import TelegramPatient
from tests.server.channels.web import WebPatient
from tests.server.scenario import NoticeRule, Scenario, Turn, check, read_scenarios
from tests.standins.slack import Slack
from tests.standins.telegram import BotApi

pytestmark = pytest.mark.server
PATIENTS: dict[str, type[Patient]] = {
    "rest": RestPatient,
    "web": WebPatient,
    "slack": SlackPatient,
    "telegram": TelegramPatient,
}
# What must be the same everywhere. Judgements are shown to people only.
SAME = [field.name for field in fields(Shown) if field.name != "judged"]


@pytest.fixture(scope="session")
def running(guide: Guide, slack: Slack, bot_api: BotApi) -> Running:
    return Running(guide, slack, bot_api)


@pytest.fixture(scope="session")
def told(running: Running) -> Callable[[Scenario], list[Shown]]:
    """What the guide tells a program in a scenario, up to a turn that does not apply."""
    known: dict[str, list[Shown]] = {}

    def play(scenario: Scenario) -> list[Shown]:
        patient, replies = RestPatient(running), [Shown()]
        for turn in scenario.turns:
            if turn.when and replies[-1].kind != turn.when:
                break
            replies.append(act(patient, turn, replies[-1]))
        return replies[1:]

    def replies_of(scenario: Scenario) -> list[Shown]:
        if scenario.name not in known:
            known[scenario.name] = play(scenario)
        return known[scenario.name]

    return replies_of


def act(patient: Patient, turn: Turn, last: Shown) -> Shown:
    """Do what a turn says."""
    if turn.say:
        return patient.say(turn.say)
    pressed = turn.press
    return patient.press(last.buttons[int(pressed) - 1] if pressed.isdecimal() else pressed)


def filled(shown: Shown, known: Shown) -> Shown:
    """With what the channel does not tell."""
    unknown = [name for name in SAME if getattr(shown, name) is None]
    return replace(shown, **{name: getattr(known, name) for name in unknown})


@pytest.mark.parametrize("channel", PATIENTS)
@pytest.mark.parametrize("scenario", read_scenarios(), ids=lambda scenario: scenario.name)
def test_scenario(
    running: Running,
    told: Callable[[Scenario], list[Shown]],
    scenario: Scenario,
    channel: str,
) -> None:
    """The replies are right, and the same that a program gets, word by word."""
    patient, notice, last = PATIENTS[channel](running), NoticeRule(), Shown()
    for turn, known in zip(scenario.turns, told(scenario), strict=False):
        shown = filled(act(patient, turn, last), known)
        assert [getattr(shown, name) for name in SAME] == [getattr(known, name) for name in SAME]
        check(turn, shown, last)
        notice.check(shown)
        last = shown


def test_names_of_scenarios_are_different() -> None:
    names = [scenario.name for scenario in read_scenarios()]
    assert len(set(names)) == len(names)


def test_some_proposals_are_picked(told: Callable[[Scenario], list[Shown]]) -> None:
    """Without this, the scenarios on choosing could all end at their first turn."""
    choosing = [one for one in read_scenarios() if any(turn.when for turn in one.turns)]
    assert any(len(told(one)) == len(one.turns) for one in choosing)
