"""What a message means right after a reply about trials, and that elsewhere it means the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.engine.storage.resource import Resource
from rasa.shared.core.events import BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from guide.nlu.known_messages import KNOWN
from guide.nlu.trial_follow_up import TrialFollowUp
from guide.trials.places import Gazetteer
from tests.unit.nlu.pipeline import context, storage_in

RANKING = [{"name": "cost", "confidence": 0.7}]
SPRINGFIELDS = ["Springfield, Missouri", "Springfield, Illinois"]


@pytest.fixture
def component(gazetteer: Gazetteer) -> TrialFollowUp:
    return TrialFollowUp({}, gazetteer)


def said(kind: str, nested: bool = True, **about: Any) -> list[Event]:
    metadata: dict[str, Any] = {"kind": kind, **about}
    if nested:  # as the action server's messages come
        metadata = {"utter_action": "action_x", "metadata": metadata}
    return [
        UserUttered("...", {"name": "x"}),
        BotUttered("...", metadata=metadata),
        SlotSet("service_ok", True),
    ]


LIST = said("trials", place="Boston, Massachusetts", offset=3, places=[])
ASKED = said("trials", place=None, offset=0, places=SPRINGFIELDS)
ANSWER = said("answer", nested=False, answers=["cost"])


def understood(
    component: TrialFollowUp, text: str | None, events: list[Event], intent: str = "cost",
    known: bool = False,
) -> str:  # fmt: skip
    """The intent of a message that the components before took for `intent`."""
    message = Message({TEXT: text})
    message.set(INTENT, {"name": intent, "confidence": 0.7}, add_to_output=True)
    message.set("intent_ranking", RANKING, add_to_output=True)
    message.set(KNOWN, known)
    (result,) = component.process([message], DialogueStateTracker.from_events("rest:1", events))
    data = result.as_dict(only_output_properties=True)
    assert data["intent_ranking"] == RANKING
    return str(data["intent"]["name"])


@pytest.mark.parametrize(
    "text",
    [
        "Boston", "boston", "02115", "ohio", "zip 02115", "Boston, MA 02115", "I live in Boston",
        "near Cleveland please", "what about Chicago?", "Germany", "in the US", "Winston-Salem",
        "00000",
    ],
)  # fmt: skip
def test_a_place_alone_is_the_place_that_was_asked_for(component: TrialFollowUp, text: str) -> None:
    assert understood(component, text, LIST) == "find_trials"
    assert understood(component, text, ASKED, "oos_not_health") == "find_trials"
    assert understood(component, text, LIST, "oos_not_health", known=True) == "find_trials"
    # Elsewhere it is what the classifier makes of it.
    assert understood(component, text, []) == "cost"
    assert understood(component, text, ANSWER) == "cost"
    assert understood(component, text, LIST + ANSWER) == "cost"


@pytest.mark.parametrize(
    "text",
    [
        "how much does it cost", "is it safe", "side effects", "cost", "what about the risks",
        "does insurance in Ohio pay", "my doctor in Boston said no", "is Boston Children's good",
        "is it normal?", "in the hospital", "near me", "thanks", "ok", "no", "lupus", "remission",
        "hope", "12", "", None,
    ],
)  # fmt: skip
def test_a_question_stays_a_question(component: TrialFollowUp, text: str | None) -> None:
    for events in (LIST, ASKED):
        assert understood(component, text, events) == "cost"


@pytest.mark.parametrize("text", ["OK", "nice"])
def test_an_example_of_something_else_is_no_place(component: TrialFollowUp, text: str) -> None:
    assert understood(component, text, LIST, "affirm", known=True) == "affirm"


@pytest.mark.parametrize("intent", ["emergency", "crisis", "urgent"])
@pytest.mark.parametrize("text", ["Boston", "burns", "more", "the second one"])
def test_what_is_urgent_stays_urgent(component: TrialFollowUp, text: str, intent: str) -> None:
    for events in (LIST, ASKED):
        assert understood(component, text, events, intent) == intent


def test_a_zip_code_alone_is_never_urgent(component: TrialFollowUp) -> None:
    assert understood(component, "28038", LIST, "emergency") == "find_trials"
    for number in ("911", "988", "2"):
        assert understood(component, number, LIST, "emergency") == "emergency"


@pytest.mark.parametrize("text", ["2", "the second one", "the last one", "number 2 please"])
def test_a_pick_is_for_the_places_that_were_listed(component: TrialFollowUp, text: str) -> None:
    assert understood(component, text, ASKED, "choose") == "find_trials"
    assert understood(component, text, ASKED, "choose", known=True) == "find_trials"
    for events in (LIST, ANSWER, [], ASKED + ANSWER):
        assert understood(component, text, events, "choose") == "choose"


def test_a_question_with_a_number_is_no_pick(component: TrialFollowUp) -> None:
    assert understood(component, "what are the 2 kinds", ASKED, "two_kinds") == "two_kinds"


@pytest.mark.parametrize("text", ["show more", "More", "more please", "Show more trials", "next"])
def test_more_goes_on_with_the_list(component: TrialFollowUp, text: str) -> None:
    assert understood(component, text, LIST, "tell_me_more", known=True) == "find_trials"
    for events in (ANSWER, [], LIST + ANSWER):
        assert understood(component, text, events, "tell_me_more") == "tell_me_more"


def test_more_about_an_answer_is_not_more_of_the_list(component: TrialFollowUp) -> None:
    assert understood(component, "tell me more", LIST, "tell_me_more") == "tell_me_more"


def test_parts_of_a_message_and_a_message_without_a_conversation_are_left_alone(
    component: TrialFollowUp,
) -> None:
    part = Message({TEXT: "Boston"})
    whole = Message({TEXT: "how much is it"})
    component.process([whole, part], DialogueStateTracker.from_events("rest:1", LIST))
    component.process([part], None)
    assert part.get(INTENT) is None


def test_it_is_made_as_rasa_makes_it(tmp_path: Path) -> None:
    component = TrialFollowUp.create({}, storage_in(tmp_path / "m"), Resource("t"), context())
    assert understood(component, "Boston", LIST) == "find_trials"
