"""Short conversations of tests/scenarios/*.yml, typed into the running guide."""

from __future__ import annotations

import pytest

from tests.conftest import Guide
from tests.server.scenario import NoticeRule, Scenario, check, read_scenarios
from tests.server.talk import Talk, kind

pytestmark = pytest.mark.server
UNCLEAR = (
    "cells",
    "the risk",
    "time",
    "lupus cells",
    "donor",
    "trial",
    "cancer",
    "the immune system",
)


@pytest.mark.parametrize("scenario", read_scenarios(), ids=lambda scenario: scenario.name)
def test_scenario(guide: Guide, scenario: Scenario) -> None:
    talk, notice = Talk(guide), NoticeRule()
    for turn in scenario.turns:
        last = talk.last
        if turn.when and kind(last) != turn.when:
            return
        reply = talk.press(turn.press) if turn.press else talk.say(turn.say)
        check(turn, reply, last)
        notice.check(reply)


def test_names_of_scenarios_are_different() -> None:
    names = [scenario.name for scenario in read_scenarios()]
    assert len(set(names)) == len(names)


def test_some_unclear_words_get_proposals(guide: Guide) -> None:
    """Without this, the scenarios on choosing could all end at their first turn."""
    assert "did_you_mean" in {kind(guide.say(words)) for words in UNCLEAR}
