"""Was that helpful?"""

from __future__ import annotations

from typing import Any

import pytest

from actions.feedback import ActionFeedback, reason_given
from actions.shared import held
from tests.unit.actions.talk import Talk, titles

CONTENT, WORDING = held()
COST, RESULTS = "cost", "results"
REASONS = WORDING.lists["feedback_reasons"]
WRONG = REASONS[0]


def give(talk: Talk, text: str, intent: str = "feedback_negative") -> tuple[dict[str, Any], Any]:
    """(message, what was noted)."""
    message, slots = talk.ask(ActionFeedback(), text, intent)
    assert slots.pop("service_ok") is True
    assert message["metadata"]["answers"] == []
    return message, slots.get("feedback")


def answered() -> Talk:
    return Talk().said("small_talk").said("answer", COST, version="v1")


def test_thanks_are_noted_with_the_answer_and_its_version() -> None:
    message, noted = give(answered(), "that helped", "feedback_positive")
    assert message["text"] == WORDING.say("feedback_thanks")
    assert message["buttons"] == []
    assert noted == {
        "kind": "answer",
        "answers": [COST],
        "version": "v1",
        "helpful": True,
        "reason": "",
    }


def test_what_was_wrong_is_asked_and_noted() -> None:
    talk = answered()
    message, noted = give(talk, "not helpful")
    assert message["text"] == WORDING.say("feedback_why")
    assert titles(message) == list(REASONS)
    assert noted == {
        "kind": "answer",
        "answers": [COST],
        "version": "v1",
        "helpful": False,
        "reason": "",
    }
    message, noted = give(talk, WRONG)
    assert message["text"] == WORDING.say("feedback_noted")
    assert message["buttons"] == []
    assert noted == {
        "kind": "answer",
        "answers": [COST],
        "version": "v1",
        "helpful": False,
        "reason": WRONG,
    }


@pytest.mark.parametrize("reason", REASONS)
def test_a_reason_may_be_typed(reason: str) -> None:
    for typed in (reason, reason.upper(), f" {reason.lower()}!"):
        assert give(answered(), typed)[1]["reason"] == reason


@pytest.mark.parametrize("typed", ["", "it was", f"I think that {WRONG}", "no", "wrong"])
def test_other_words_are_not_kept(typed: str) -> None:
    assert reason_given(typed, REASONS) == ""
    assert typed == "" or typed not in str(give(answered(), typed)[1])


def test_feedback_is_on_what_was_shown_last() -> None:
    both = answered().said("several", COST, RESULTS, version="v2")
    assert give(both, "thanks", "feedback_positive")[1]["answers"] == [COST, RESULTS]
    passed = answered().said("small_talk").said("error")
    assert give(passed, "not helpful")[1]["answers"] == [COST]


def test_no_older_answer_is_blamed_for_a_refusal() -> None:
    refused = answered().said("fallback", version="v2")
    noted = give(refused, "not helpful")[1]
    assert (noted["kind"], noted["answers"], noted["version"]) == ("fallback", [], "v2")
    assert give(refused, WRONG)[1]["kind"] == "fallback"


def test_feedback_without_an_answer_before_is_on_none() -> None:
    for talk in (Talk(), Talk().said("small_talk"), Talk().said("trials", nested=True)):
        noted = give(talk, "not helpful")[1]
        assert (noted["answers"], noted["version"], noted["helpful"]) == ([], "", False)


def test_a_model_of_other_content_is_told_and_nothing_noted() -> None:
    talk = answered()
    talk.slots["content_version"] = "another"
    message, noted = give(talk, "not helpful")
    assert message["text"] == WORDING.say("restarting")
    assert noted is None


def test_a_first_reply_carries_the_notice() -> None:
    assert WORDING.say("notice") in give(Talk(), "great", "feedback_positive")[0]["text"]
    assert WORDING.say("notice") not in give(answered(), "great", "feedback_positive")[0]["text"]


@pytest.mark.parametrize(("typed", "number"), [("2", 1), ("the last one", 3), ("first", 0)])
def test_a_number_picks_the_reason_once_it_is_asked_for(typed: str, number: int) -> None:
    talk = answered()
    assert give(talk, typed)[1]["reason"] == ""
    assert give(talk, typed)[1]["reason"] == REASONS[number]


def test_a_pressed_button_says_what_it_judges() -> None:
    talk = answered().said("answer", RESULTS, version="v2")
    judged = {"answers": [COST], "version": "v1"}
    _, slots = talk.ask(ActionFeedback(), "Not helpful", "feedback_negative", judged=judged)
    assert slots["feedback"]["answers"] == [COST]
    # The reason that follows is about the same.
    noted = give(talk, WRONG)[1]
    assert (noted["answers"], noted["version"], noted["reason"]) == ([COST], "v1", WRONG)
