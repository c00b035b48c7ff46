"""Where did you get that?"""

from __future__ import annotations

import pytest

from actions.shared import held
from actions.sources import ActionSources
from tests.unit.actions.talk import Talk

CONTENT, WORDING = held()
WITH = [id_ for id_, answer in CONTENT.answers.items() if answer.references]
WITHOUT = [id_ for id_, answer in CONTENT.answers.items() if not answer.references]


def ask(talk: Talk) -> tuple[str, list[str]]:
    """(text, answers) of the reply to "show sources"."""
    message, slots = talk.ask(ActionSources(), "show sources", "ask_sources")
    assert slots == {"service_ok": True}
    assert message["metadata"]["kind"] == "sources"
    return message["text"], message["metadata"]["answers"]


def citations(text: str) -> set[str]:
    """The references that a text names."""
    return {id_ for id_, reference in CONTENT.references.items() if reference.citation in text}


@pytest.mark.parametrize("id_", WITH)
def test_the_references_of_the_answer_before_with_their_links(id_: str) -> None:
    text, answers = ask(Talk().said("answer", id_))
    answer = CONTENT.answers[id_]
    assert answers == [id_]
    assert answer.title in text
    assert CONTENT.article.publisher in text
    assert citations(text) == set(answer.references)
    for reference in answer.references:
        link = CONTENT.references[reference].link
        assert not link or f"[{link}]({link})" in text


def test_what_is_for_staff_only_is_not_shown() -> None:
    text, _ = ask(Talk())
    assert not [r.flag for r in CONTENT.references.values() if r.flag and r.flag in text]


def test_of_two_answers_each_with_its_own() -> None:
    first, second = (
        WITH[0],
        next(
            id_
            for id_ in WITH
            if set(CONTENT.answers[id_].references) != set(CONTENT.answers[WITH[0]].references)
        ),
    )
    text, answers = ask(Talk().said("several", first, second))
    assert answers == [first, second]
    of_first, of_second = text.split(CONTENT.answers[second].title)
    assert CONTENT.answers[first].title in of_first
    assert citations(of_first) == set(CONTENT.answers[first].references)
    assert citations(of_second) == set(CONTENT.answers[second].references)


@pytest.mark.parametrize("id_", WITHOUT[:3])
def test_an_answer_without_references_says_so(id_: str) -> None:
    text, answers = ask(Talk().said("answer", id_))
    assert "names no reference" in text
    assert CONTENT.answers[id_].title in text
    assert (citations(text), answers) == (set(), [id_])


def test_without_an_answer_before_all_are_listed() -> None:
    for talk in (Talk(), Talk().said("small_talk"), Talk().said("answer", "withdrawn")):
        text, answers = ask(talk)
        assert citations(text) == set(CONTENT.references)
        assert CONTENT.article.author in text
        assert answers == []


@pytest.mark.parametrize("kind", ["answer", "more", "several"])
def test_the_newest_answer_counts_and_talk_after_it_does_not(kind: str) -> None:
    talk = Talk().said("answer", WITH[0]).said(kind, WITH[-1])
    assert ask(talk.said("small_talk").said("urgent"))[1] == [WITH[-1]]


def test_a_list_of_trials_comes_from_the_registry_and_not_from_the_article() -> None:
    listed = {"nested": True, "place": "Boston, Massachusetts", "data_date": "2026-08-21"}
    talk = Talk().said("answer", WITH[0]).said("trials", **listed)
    for _ in range(2):  # asked again, it is still the list that is meant
        text, answers = ask(talk)
        assert "https://clinicaltrials.gov/search" in text
        assert "U.S. National Library of Medicine" in text
        assert "data of August 21, 2026" in text
        assert CONTENT.article.title not in text
        assert (citations(text), answers) == (set(), [])
    # An answer after it is what was shown last.
    assert ask(talk.said("answer", WITH[1]))[1] == [WITH[1]]


def test_where_no_list_was_shown_the_registry_has_no_date() -> None:
    text, _ = ask(Talk().said("trials", nested=True, data_date=""))
    assert "ClinicalTrials.gov" in text
    assert "data of" not in text


def test_what_was_only_proposed_was_not_an_answer() -> None:
    proposed = Talk().said("answer", WITH[0]).said("did_you_mean", WITH[1], WITH[2])
    assert ask(proposed)[1] == [WITH[0]]
    assert ask(Talk().said("did_you_mean", WITH[1], WITH[2]))[1] == []


def test_asking_again_gives_the_same() -> None:
    talk = Talk().said("answer", WITH[0])
    assert ask(talk)[0] == ask(talk)[0]


def test_a_model_of_other_content_is_told() -> None:
    talk = Talk({"content_version": "another"}).said("answer", WITH[0])
    message, slots = talk.ask(ActionSources(), "show sources", "ask_sources")
    assert message["text"] == WORDING.say("restarting")
    assert message["metadata"]["kind"] == "error"
    assert slots == {"service_ok": True}


def test_a_first_reply_carries_the_notice() -> None:
    assert WORDING.say("notice") in ask(Talk())[0]
    assert WORDING.say("notice") not in ask(Talk().said("answer", WITH[0]))[0]
