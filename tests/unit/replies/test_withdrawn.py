"""An answer is withdrawn while patients chat."""

from __future__ import annotations

import pytest

from guide.content import Content
from guide.content.wording import Wording, load_responses
from guide.replies import Replies
from tests.unit.replies.conversation import Conversation, titles

COST, INSURANCE, RESULTS = "cost", "insurance", "results"


@pytest.fixture(scope="module")
def out() -> set[str]:
    """What staff withdrew."""
    return set()


@pytest.fixture(scope="module")
def obeying(out: set[str]) -> Replies:
    return Replies(withdrawn=lambda: out)


@pytest.fixture
def talk(obeying: Replies, out: set[str]) -> Conversation:
    out.clear()
    return Conversation(obeying)


def is_doctor_line(message: dict[str, object], wording: Wording) -> bool:
    assert (message["kind"], message["answers"]) == ("fallback", [])
    return str(message["text"]).startswith(wording.say("withdrawn"))


@pytest.mark.parametrize("asked", ["how much is it", "title"])
def test_neither_a_question_nor_the_title_brings_it(
    talk: Conversation, out: set[str], content: Content, wording: Wording, asked: str
) -> None:
    text = content.answers[COST].title if asked == "title" else asked
    assert content.answers[COST].answer in talk.say(text, COST)["text"]
    out.add(COST)
    reply = talk.say(text, COST)
    assert is_doctor_line(reply, wording)
    assert reply["withdrawn"] == [COST]
    out.clear()
    assert content.answers[COST].answer in talk.say(text, COST)["text"]


def test_more_of_it_is_not_told(talk: Conversation, out: set[str], wording: Wording) -> None:
    talk.say("how much", COST)
    out.add(COST)
    assert is_doctor_line(talk.say("tell me more", "tell_me_more"), wording)
    assert is_doctor_line(talk.say("and?", "short_follow_up"), wording)


def test_it_is_not_proposed(talk: Conversation, out: set[str], content: Content) -> None:
    out.add(INSURANCE)
    reply = talk.say("money", "did_you_mean", answers=(COST, INSURANCE, RESULTS))
    assert reply["answers"] == [COST, RESULTS]
    assert content.answers[INSURANCE].title not in reply["text"]
    assert titles(reply) == [*(content.answers[i].title for i in (COST, RESULTS)), "None of these"]


def test_nothing_left_to_propose_is_the_plain_refusal(
    talk: Conversation, out: set[str], content: Content
) -> None:
    talk.say("hello", "greet")
    out.update((COST, RESULTS))
    reply = talk.say("money", "did_you_mean", answers=(COST, RESULTS))
    assert reply["text"] == load_responses()["utter_nlu_fallback"][0]["text"]
    assert (reply["kind"], reply["answers"]) == ("fallback", [])
    assert titles(reply)
    assert content.answers[RESULTS].title not in titles(reply)


@pytest.mark.parametrize(("text", "intent"), [("1", "choose"), ("yes", "affirm")])
def test_a_proposal_that_was_withdrawn_meanwhile_is_not_given(
    talk: Conversation, out: set[str], wording: Wording, text: str, intent: str
) -> None:
    talk.say("money", "did_you_mean", answers=(COST, RESULTS))
    out.add(COST)
    assert is_doctor_line(talk.say(text, intent), wording)


def test_it_is_no_question_to_start_with(
    talk: Conversation, out: set[str], content: Content, wording: Wording
) -> None:
    starter = wording.lists["starter_questions"][0]
    assert content.answers[starter].title in titles(talk.say("hello", "greet"))
    out.add(starter)
    offered = titles(talk.say("hello", "greet"))
    assert content.answers[starter].title not in offered
    assert len(offered) == len(wording.lists["starter_questions"]) - 1


@pytest.mark.parametrize("kind", ["emergency", "crisis", "urgent"])
def test_urgent_texts_stay(talk: Conversation, out: set[str], content: Content, kind: str) -> None:
    out.update(content.answers)
    reply = talk.say("something is very wrong", kind)
    assert reply["text"] == load_responses()[f"utter_{kind}"][0]["text"]
