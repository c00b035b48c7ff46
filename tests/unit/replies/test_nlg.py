"""What a patient reads, message after message, on the project's own content."""

from __future__ import annotations

from typing import Any

import pytest

from guide.content import Content
from guide.content.wording import Wording, load_responses
from guide.replies import Replies
from tests.unit.replies.conversation import Conversation, titles

NOTICE = "_For information only, not medical advice."
COST, INSURANCE, RESULTS = "cost", "insurance", "results"


def texts(name: str) -> list[str]:
    return [variation["text"] for variation in load_responses()[f"utter_{name}"]]


def test_the_first_reply_carries_the_notice_and_no_other(talk: Conversation) -> None:
    first = talk.say("hello", "greet")
    assert "I answer questions about CAR T-cell therapy" in first["text"]
    assert NOTICE in first["text"]
    assert first["notice"]
    for reply in (talk.say("hello", "greet"), talk.say("how much", COST)):
        assert NOTICE not in reply["text"]
        assert "notice" not in reply


@pytest.mark.parametrize("kind", ["emergency", "crisis", "urgent"])
def test_an_urgent_reply_is_alone_and_the_notice_waits(talk: Conversation, kind: str) -> None:
    urgent = talk.say("something is very wrong", kind)
    assert urgent["text"] == texts(kind)[0]
    assert urgent["kind"] == kind
    assert titles(urgent) == []
    assert NOTICE in talk.say("hello", "greet")["text"]
    assert NOTICE not in talk.say("I need help", kind)["text"]


def test_urgent_words_of_the_message_shape_the_reply(talk: Conversation) -> None:
    spanish = talk.say("me duele el pecho y no puedo respirar", "emergency")["text"]
    assert spanish.startswith("**Llame al 911")
    assert spanish.endswith(texts("emergency")[0])
    both = talk.say("i took all my pills to kill myself", "emergency")["text"]
    assert both == f"{texts('emergency')[0]}\n\n{texts('crisis')[0]}"
    # The classifier's second opinion: the words alone said nothing, or another kind.
    assert talk.say("i have chest pain", "urgent")["text"] == texts("urgent")[0]


def test_an_answer_has_its_source_and_its_related_titles(
    talk: Conversation, content: Content
) -> None:
    reply = talk.say("how much is it", COST, answers=(COST,))
    answer = content.answers[COST]
    assert reply["text"].startswith(answer.answer)
    assert "_Source: " in reply["text"]
    assert titles(reply) == [content.answers[id_].title for id_ in answer.related]
    assert (reply["kind"], reply["answers"]) == ("answer", [COST])
    assert reply["version"] == content.version


def test_two_questions_get_both_answers(talk: Conversation, content: Content) -> None:
    reply = talk.say("cost and results?", "several", answers=(COST, RESULTS))
    for id_ in (COST, RESULTS):
        assert content.answers[id_].answer in reply["text"]
        assert f"**{content.answers[id_].title}**" in reply["text"]
    assert reply["text"].count("_Source: ") == 2
    assert (reply["kind"], reply["answers"]) == ("several", [COST, RESULTS])


def test_a_third_question_is_offered(talk: Conversation, content: Content) -> None:
    reply = talk.say("cost, results, insurance?", "several", answers=(COST, RESULTS, INSURANCE))
    assert reply["answers"] == [COST, RESULTS]
    assert titles(reply) == [content.answers[INSURANCE].title]


def test_an_answer_that_is_no_longer_there_is_left_out(
    talk: Conversation, content: Content
) -> None:
    several = talk.say("a and b?", "several", answers=("withdrawn", RESULTS))
    assert several["answers"] == [RESULTS]
    proposed = talk.say("hm", "did_you_mean", answers=("withdrawn", COST, RESULTS))
    assert proposed["answers"] == [COST, RESULTS]
    assert len(titles(proposed)) == 3


PROPOSED = (COST, INSURANCE, RESULTS)


@pytest.fixture
def proposed(talk: Conversation, content: Content) -> Conversation:
    """A conversation in which three titles were proposed just now."""
    reply = talk.say("money", "did_you_mean", answers=PROPOSED)
    assert titles(reply) == [*(content.answers[i].title for i in PROPOSED), "None of these"]
    assert reply["answers"] == list(PROPOSED)
    return talk


@pytest.mark.parametrize(
    ("text", "intent", "answers"),
    [
        ("2", "choose", [INSURANCE]),
        ("the second one", "choose", [INSURANCE]),
        ("the last one", "choose", [RESULTS]),
        ("both 1 and 3", "choose", [COST, RESULTS]),
        # "Yes" takes the first, unless it says which.
        ("yes", "affirm", [COST]),
        ("yes the third", "affirm", [RESULTS]),
    ],
)
def test_a_proposal_is_picked(
    proposed: Conversation, content: Content, text: str, intent: str, answers: list[str]
) -> None:
    reply = proposed.say(text, intent)
    assert reply["answers"] == answers
    assert all(content.answers[id_].answer in reply["text"] for id_ in answers)


@pytest.mark.parametrize("text", ["none of these", "no", "None of these", "not the first one"])
def test_none_of_the_proposals(proposed: Conversation, wording: Wording, text: str) -> None:
    reply = proposed.say(text, "deny")
    assert reply["text"] == wording.say("none_fits")
    assert (reply["kind"], reply["answers"]) == ("fallback", [])
    assert "doctor" in reply["text"]


@pytest.mark.parametrize("text", ["4", "one of them", "the fourth"])
def test_a_pick_that_is_none_gives_no_answer(proposed: Conversation, text: str) -> None:
    assert proposed.say(text, "choose")["answers"] == []


@pytest.mark.parametrize("intent", ["affirm", "deny", "choose"])
def test_without_a_list_nothing_is_picked(talk: Conversation, intent: str) -> None:
    talk.say("thanks", "thanks")
    assert talk.say("2", intent)["text"] == texts(intent)[0]


def test_a_related_title_can_be_picked_by_number(talk: Conversation, content: Content) -> None:
    talk.say("how much", COST)
    related = content.answers[COST].related
    assert talk.say("the second", "choose")["answers"] == [related[1]]


def test_yes_after_an_answer_is_no_pick(talk: Conversation) -> None:
    talk.say("how much", COST)
    assert talk.say("yes", "affirm")["text"] == texts("affirm")[0]


def test_proposals_are_worded_anew_the_second_time(proposed: Conversation) -> None:
    again = proposed.say("hm", "did_you_mean", answers=(COST, RESULTS))
    assert again["text"].startswith(texts("did_you_mean")[1])


@pytest.mark.parametrize("intent", ["tell_me_more", "short_follow_up"])
def test_more_of_the_last_answer(talk: Conversation, content: Content, intent: str) -> None:
    talk.say("how much", COST)
    talk.say("thanks", "thanks")
    reply = talk.say("tell me more", intent)
    assert content.answers[COST].more in reply["text"]
    assert content.answers[COST].title in reply["text"]
    assert (reply["kind"], reply["answers"]) == ("more", [COST])
    assert NOTICE not in reply["text"]


@pytest.mark.parametrize("intent", ["tell_me_more", "short_follow_up"])
def test_more_of_an_answer_that_has_no_more(
    talk: Conversation, content: Content, intent: str
) -> None:
    short = next(answer.id for answer in content.answers.values() if not answer.more)
    talk.say("?", short)
    assert texts(intent)[0] in talk.say("tell me more", intent)["text"]


def test_more_without_an_answer_before(talk: Conversation, wording: Wording) -> None:
    talk.say("hello", "greet")
    reply = talk.say("tell me more", "tell_me_more")
    assert reply["text"] == wording.say("nothing_yet")
    assert len(titles(reply)) == len(wording.lists["starter_questions"])


def test_more_after_sources_is_about_the_answer(talk: Conversation) -> None:
    talk.say("how much", COST)
    talk.action_said(kind="sources", answers=[COST])
    assert talk.say("tell me more", "tell_me_more")["answers"] == [COST]


def test_the_second_refusal_has_other_words_and_a_way_on(
    talk: Conversation, wording: Wording
) -> None:
    talk.say("hello", "greet")
    first, second = (talk.say("qwerty", "nlu_fallback") for _ in range(2))
    assert [first["text"], second["text"]] == texts("nlu_fallback")
    assert "doctor" in first["text"]
    assert "doctor" in second["text"]
    assert len(titles(second)) == len(wording.lists["starter_questions"])


@pytest.mark.parametrize(
    "intent", ["oos_personal_advice", "oos_medicines", "oos_lupus_general", "oos_other_disease",
               "oos_not_in_article", "oos_not_health"],
)  # fmt: skip
def test_every_refusal_changes_its_words_the_second_time(talk: Conversation, intent: str) -> None:
    talk.say("hello", "greet")
    assert [talk.say("x", intent)["text"] for _ in range(2)] == texts(intent)


def test_a_refusal_after_an_answer_is_the_first_again(talk: Conversation) -> None:
    talk.say("hello", "greet")
    talk.say("qwerty", "nlu_fallback")
    talk.say("how much", COST)
    assert talk.say("qwerty", "nlu_fallback")["text"] == texts("nlu_fallback")[0]


def test_other_languages_get_the_line_in_their_language(
    talk: Conversation, wording: Wording
) -> None:
    reply = talk.say("¿Cuánto cuesta el tratamiento?", "oos_other_language")
    assert reply["text"].startswith(wording.languages["es"])
    assert texts("oos_other_language")[0] in reply["text"]


def test_the_names_of_the_article_are_filled_in(talk: Conversation, content: Content) -> None:
    for intent in ("greet", "capabilities", "reach_person"):
        text = talk.say("?", intent)["text"]
        assert content.article.publisher in text
        assert "{" not in text


@pytest.mark.parametrize(
    ("intent", "words"),
    [
        ("find_trials", "clinicaltrials.gov/search"),
        ("ask_sources", "I cannot show the list of sources"),
        ("feedback_positive", "could not note that down"),
        ("feedback_negative", "could not note that down"),
        ("erase_conversation", "could not delete the conversation"),
    ],
)
def test_only_a_service_that_is_down_says_so(talk: Conversation, intent: str, words: str) -> None:
    talk.slot("service_ok", False)
    down = talk.say("please", intent, response="service_down")
    assert words in down["text"]
    assert down["kind"] == "error"
    talk.slot("service_ok", True)
    assert talk.asked("please", intent, response="service_down") is None
    talk.slot("service_ok", None)
    assert talk.asked("please", intent, response="service_down") is None


def test_a_service_that_is_down_for_another_reason(talk: Conversation) -> None:
    talk.slot("service_ok", False)
    assert texts("service_down")[0] in talk.say("?", "thanks", response="service_down")["text"]


def test_the_notice_of_an_action_counts(talk: Conversation) -> None:
    talk.action_said(kind="trials", answers=[], notice=True)
    assert NOTICE not in talk.say("hello", "greet")["text"]


def test_every_response_of_the_domain_and_every_answer_can_be_said(
    replies: Replies, content: Content
) -> None:
    names = [name.removeprefix("utter_") for name in load_responses()] + list(content.answers)
    for name in names:
        talk = Conversation(replies)
        talk.slot("service_ok", False)
        reply: dict[str, Any] = talk.say("words", name)
        assert reply["text"].strip(), name
        assert reply["kind"], name
        assert reply["version"] == content.version, name
        assert "{" not in reply["text"], name
