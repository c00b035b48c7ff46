"""How replies are put together, on a small content of three answers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from guide.content import DATA, load
from guide.content.wording import load_wording
from guide.replies.reply import Composer, Reply
from tests.unit.content.small_content import TODAY, make_small_content

CELLS, COST, FEVER = "What are the new cells?", "How much is it?", "Does it give a fever?"
SOURCE = '_Source: Example House, "Lupus and New Cells", as of June 2025._'
COST_SOURCE = '_Source: Example House, "Lupus and New Cells", as of November 2024._'
COSTS = "It costs $375,000, as the Herald reported in 2024."


@pytest.fixture
def composer(tmp_path: Path) -> Composer:
    content = load(make_small_content(tmp_path / "data").folder, TODAY)
    return Composer(content, load_wording(DATA, content.article), ("cost",))


def test_an_answer_ends_with_its_source_and_month(composer: Composer) -> None:
    reply = composer.answer("cells")
    assert reply.text.startswith("They are made from T cells")
    assert reply.text.endswith(f"\n\n{SOURCE}")
    assert (reply.kind, reply.answers) == ("answer", ("cells",))
    assert composer.answer("cost").text == f"{COSTS}\n\n{COST_SOURCE}"


def test_related_answers_are_buttons_by_title(composer: Composer) -> None:
    assert composer.answer("cells").buttons == (COST, FEVER)
    assert composer.answer("cost").buttons == (CELLS,)
    assert composer.answer("fever").buttons == ()


def test_an_answer_that_is_gone_is_no_button(composer: Composer) -> None:
    assert composer.titles(["gone", "cost"]) == (COST,)


def test_each_of_two_answers_keeps_its_source(composer: Composer) -> None:
    reply = composer.several(["cost", "cells"], "You asked two things.")
    opening, cost, rest = reply.text.partition(f"**{COST}**")
    assert opening == "You asked two things.\n\n"
    assert cost
    first, cells, second = rest.partition(f"**{CELLS}**")
    assert cells
    assert first.strip() == f"{COSTS}\n\n{COST_SOURCE}"
    assert second.strip().startswith("They are made")
    assert second.endswith(SOURCE)
    assert (reply.kind, reply.answers) == ("several", ("cost", "cells"))


def test_a_third_question_is_a_press_away_and_said_to_be(composer: Composer) -> None:
    reply = composer.several(["cost", "cells"], "You asked more than one thing.", ["fever"])
    assert reply.text.endswith(composer.wording.say("several_others"))
    assert (reply.answers, reply.buttons) == (("cost", "cells"), (FEVER,))


def test_proposals_are_numbered_and_have_a_way_out(composer: Composer) -> None:
    reply = composer.proposals(["fever", "cost"], "Did you mean one of these?")
    assert f"1. {FEVER}\n2. {COST}" in reply.text
    assert reply.text.startswith("Did you mean one of these?")
    assert '"none of these"' in reply.text
    assert reply.buttons == (FEVER, COST, "None of these")
    assert (reply.kind, reply.answers) == ("did_you_mean", ("fever", "cost"))


def test_more_is_the_second_level(composer: Composer) -> None:
    reply = composer.more("cost", "Nothing more.")
    assert reply.text == f'About "{COST}": That is all we know.\n\n{COST_SOURCE}'
    assert (reply.kind, reply.answers) == ("more", ("cost",))


def test_where_there_is_no_more_it_says_so(composer: Composer) -> None:
    assert "Nothing more." in composer.more("cells", "Nothing more.").text


def test_the_month_of_an_answer_stands_in_it(composer: Composer) -> None:
    assert composer.answer("fever").text.startswith("As of June 2025, the fever was mild")


def test_the_notice_is_added_and_the_rest_stays(composer: Composer) -> None:
    reply = composer.answer("cells")
    noticed = composer.with_notice(reply)
    assert noticed.text.startswith(f"{reply.text}\n\n_For information only")
    assert "911" in noticed.text
    assert noticed.notice
    assert (noticed.kind, noticed.answers, noticed.buttons) == (
        reply.kind, reply.answers, reply.buttons,
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["emergency", "crisis", "urgent"])
@pytest.mark.parametrize(("code", "call"), [("es", "Llame"), ("fr", "Appelez"), ("de", "Rufen")])
def test_urgent_in_another_language_comes_first_in_it(
    composer: Composer, kind: str, code: str, call: str
) -> None:
    english, other = (composer.urgent(kind, ["Call now."], code) for code in ("en", code))
    assert (english.text, english.kind) == ("Call now.", kind)
    assert other.text.endswith("\n\nCall now.")
    assert call in other.text.splitlines()[0]
    assert "911" in other.text
    assert not other.buttons


def test_urgent_in_a_language_without_texts_is_english(composer: Composer) -> None:
    assert composer.urgent("crisis", ["Call now."], "pt").text == "Call now."


def test_urgent_with_the_crisis_line(composer: Composer) -> None:
    reply = composer.urgent("emergency", ["Call 911 now.", "Call or text 988."])
    assert (reply.text, reply.kind) == ("Call 911 now.\n\nCall or text 988.", "emergency")


def test_what_rasa_gets() -> None:
    full = Reply("Text", "answer", ("cost",), (COST, FEVER), notice=True).as_message("v1")
    assert full == {
        "text": "Text",
        "kind": "answer",
        "answers": ["cost"],
        "version": "v1",
        "buttons": [{"title": t, "payload": t} for t in (COST, FEVER)],
        "notice": True,
    }
    assert Reply("Text", "urgent").as_message("v1") == {
        "text": "Text", "kind": "urgent", "answers": [], "version": "v1",
    }  # fmt: skip


@pytest.fixture
def without_cost(composer: Composer) -> Composer:
    """Staff withdrew one of the three answers."""
    return replace(composer, withdrawn=lambda: {"cost"})


def test_the_doctor_line_stands_in_the_place_of_a_withdrawn_answer(without_cost: Composer) -> None:
    for reply in (without_cost.answer("cost"), without_cost.more("cost", "No more.")):
        assert reply.text == without_cost.wording.say("withdrawn")
        assert "care team" in reply.text
        assert (reply.kind, reply.answers, reply.buttons) == ("fallback", (), ())
        assert reply.as_message("v1")["withdrawn"] == ["cost"]
    assert "withdrawn" not in without_cost.answer("cells").as_message("v1")


def test_a_withdrawn_answer_is_no_button(without_cost: Composer) -> None:
    assert without_cost.answer("cells").buttons == (FEVER,)
    assert without_cost.titles(without_cost.starters) == ()
    assert without_cost.proposals(["fever", "cost"], "Which?").buttons == (FEVER, "None of these")
    assert COST not in without_cost.proposals(["fever", "cost"], "Which?").text


def test_of_two_answers_the_other_one_remains(without_cost: Composer) -> None:
    reply = without_cost.several(["cost", "cells"], "You asked two things.", ["fever"])
    line = without_cost.wording.say("withdrawn")
    assert reply.text.startswith(f"You asked two things.\n\n**{COST}**\n\n{line}\n\n**{CELLS}**")
    assert COSTS not in reply.text
    assert reply.text.count("_Source: ") == 1
    assert (reply.kind, reply.answers, reply.withdrawn) == ("several", ("cells",), ("cost",))
    assert reply.buttons == (FEVER,)


def test_of_two_answers_both_may_be_withdrawn(composer: Composer) -> None:
    neither = replace(composer, withdrawn=lambda: {"cost", "cells", "fever"})
    reply = neither.several(["cost", "cells"], "You asked two things.", ["fever"])
    assert reply.text == neither.wording.say("withdrawn")
    assert (reply.kind, reply.answers, reply.withdrawn) == ("fallback", (), ("cost", "cells"))


def test_a_withdrawn_answer_is_no_third_question(without_cost: Composer) -> None:
    reply = without_cost.several(["fever", "cells"], "You asked two things.", ["cost"])
    assert reply.buttons == ()
    assert without_cost.wording.say("several_others") not in reply.text


def test_the_notice_goes_with_any_reply(without_cost: Composer) -> None:
    reply = without_cost.with_notice(without_cost.answer("cost"))
    assert reply.text.endswith(without_cost.wording.say("notice"))
    assert (reply.notice, reply.withdrawn) == (True, ("cost",))
