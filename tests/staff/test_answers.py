"""The list of answers, the page of one, and the claims that are bound to a date."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.test import Client

from guide.content import examine
from staff.answers.content import live
from staff.answers.queries import asked
from staff.answers.review import claims, due
from staff.answers.words_asked import common_words
from staff.records.models import Withdrawn
from tests.staff.rows import conversation, turn
from tests.staff.small import make_live
from tests.unit.content.small_content import SmallContent

Sign = Callable[[str], Client]
FAR = 4e9


@pytest.fixture(autouse=True)
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallContent:
    return make_live(tmp_path / "live", monkeypatch)


def page(client_of: Sign, path: str = "/answers/", role: str = "reader") -> str:
    response = client_of(role).get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_an_answer_is_counted_as_shown_and_proposed() -> None:
    conversation()
    turn(kind="answer", answers=["cost"], feedback=1)
    turn(kind="answer", answers=["cost"], feedback=0)
    turn(kind="more", answers=["cost"])
    turn(kind="several", answers=["cost", "cells"], feedback=1)
    turn(kind="did_you_mean", answers=["cost", "fever"], feedback=0)
    turn(kind="trials", answers=["cost"])
    found, unreadable = asked(0, FAR)
    cost, cells, fever = found["cost"], found["cells"], found["fever"]
    assert (cost.shown, cost.proposed, cost.helpful, cost.unhelpful) == (4, 1, 2, 1)
    assert cost.rate == pytest.approx(2 / 3)
    assert (cells.shown, cells.helpful) == (1, 1)
    assert (fever.shown, fever.proposed, fever.unhelpful, fever.rate) == (0, 1, 0, None)
    assert unreadable == 0


@pytest.mark.parametrize("broken", ["{", "[1, 2]", '{"a": 1}', "null", "[" * 5000])
def test_answers_that_cannot_be_read_are_counted_apart(broken: str) -> None:
    from guide.store.tables import TURNS
    from staff.records.engine import guide_engine

    conversation()
    turn(kind="answer", answers=["cost"])
    number = turn(kind="answer")
    with guide_engine().begin() as connection:
        connection.execute(TURNS.update().where(TURNS.c.id == number).values(answers=broken))
    found, unreadable = asked(0, FAR)
    assert (set(found), unreadable) == ({"cost"}, 1)


def test_only_the_days_asked_for_count() -> None:
    conversation()
    for time in (99.0, 100.0, 199.0, 200.0):
        turn(kind="answer", answers=["cost"], time=time)
    assert asked(100, 200)[0]["cost"].shown == 2


def test_the_list_shows_how_each_answer_is_doing(client_of: Sign, small: SmallContent) -> None:
    small.edit("faq/cost.yml", 'reviewed_by: ""', "reviewed_by: rheumatologist")
    small.edit("faq/cost.yml", 'reviewed_on: ""', "reviewed_on: 2026-01-10")
    small.edit("faq/cells.yml", "2027-05-22", "2020-01-01")
    Withdrawn.objects.create(answer="fever", time=1.0, by="manager", reason="old")
    conversation()
    turn(kind="answer", answers=["cost"], feedback=1)
    response = client_of("reader").get("/answers/")
    rows = {row.id: row for row in response.context["rows"]}
    assert next(row.id for row in response.context["rows"]) == "cost"
    assert (rows["cost"].asked.shown, rows["cost"].due) == (1, "")
    assert rows["cells"].due == "expired"
    text = response.content.decode()
    for words in (
        "rheumatologist, 2026-01-10",
        "not signed off",
        "expired",
        "withdrawn",
        "2024-11",
    ):
        assert words in text
    assert "100 %" in text and "(1 of 1)" in text


@pytest.mark.parametrize("order", ["asked", "unhelpful", "due", "title", "<script>", ""])
def test_every_order_shows_all_answers(client_of: Sign, order: str) -> None:
    response = client_of("reader").get("/answers/", {"order": order, "days": "x"})
    assert {row.id for row in response.context["rows"]} == {"cells", "cost", "fever"}


def test_answers_that_are_gone_are_told(client_of: Sign) -> None:
    conversation()
    turn(kind="answer", answers=["former"])
    assert "former: shown 1" in page(client_of)


@pytest.mark.parametrize(
    ("day", "state"),
    [("2026-01-14", "expired"), ("2026-01-15", "soon"), ("2026-03-16", "soon"),
     ("2026-03-17", ""), ("2027-01-01", "")],
)  # fmt: skip
def test_when_a_review_is_due(small: SmallContent, day: str, state: str) -> None:
    small.edit("faq/cells.yml", "2027-05-22", day)
    assert due(live().answers["cells"], date(2026, 1, 15)) == state


def test_an_answer_is_shown_as_patients_see_it_and_what_it_rests_on(
    client_of: Sign, small: SmallContent
) -> None:
    small.edit("faq/cost.yml", "It costs $375,000,", "It costs **$375,000**,")
    text = page(client_of, "/answers/of/cost/")
    assert "<strong>$375,000</strong>" in text
    assert "It costs $375,000, as the Herald reported in 2024." in text  # the fact
    assert "That is all we know." in text
    assert 'href="/answers/of/cells/">What are the new cells?</a>' in text
    assert "3 sentences" in text
    assert "November 2024" in text
    fever = page(client_of, "/answers/of/fever/")
    assert "As of June 2025, the fever was mild" in fever
    assert "Bound to its date." in fever


def test_messages_of_an_answer_lead_to_their_conversations_by_key(client_of: Sign) -> None:
    key = conversation("telegram:4711")
    turn("telegram:4711", "what do you take for it", answers=["cost"], feedback=0, reason="Unclear")
    turn("telegram:4711", "and the weather", kind="fallback")
    turn("telegram:4711", "only proposed", kind="did_you_mean", answers=["cost"])
    response = client_of("reader").get("/answers/of/cost/")
    text = response.content.decode()
    assert [one.text for one in response.context["newest"]] == ["what do you take for it"]
    assert [one.reason for one in response.context["unhelpful"]] == ["Unclear"]
    assert text.count(f'href="/conversations/{key}/"') == 2
    assert "4711" not in text


def test_common_words_are_counted_without_stop_words_and_details() -> None:
    found = dict(
        common_words([
            "How much is the infusion price?", "the infusion PRICE please", "price for <NAME>",
            "what would it be", "price price price",
        ])
    )  # fmt: skip
    assert found == {"price": 4, "infusion price": 2}


def test_hostile_rows_are_shown_as_text(client_of: Sign) -> None:
    conversation()
    turn(text="<script>alert(1)</script> " + "x" * 100_000, answers=["cost"], reason="<b>")
    text = page(client_of, "/answers/of/cost/")
    assert "<script>alert" not in text and "&lt;script&gt;alert(1)" in text
    assert len(text) < 30_000


@pytest.mark.parametrize(
    "path", ["/answers/of/nobody/", "/answers/of/..%2F..%2Fsecret/", "/answers/of/%3Cscript%3E/"]
)
def test_there_is_no_page_of_another_answer(client_of: Sign, path: str) -> None:
    assert client_of("reader").get(path).status_code == 404


BOMB = "a: &a [x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b]\n"


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("faq/cost.yml", "title: [broken"),
        ("faq/cost.yml", "- a list"),
        ("faq/cost.yml", ""),
        ("faq/cost.yml", "title: <script>alert(1)</script>\nanswer: '<img src=x onerror=y>'\n"),
        ("faq/cost.yml", BOMB + "facts: *c\nquestions: *c\ntitle: *c\n"),
        ("faq/cost.yml", "title: " + "x" * 300_000),
        ("faq/cost.yml", "title: " + "[" * 200_000),
        ("faq/cost.yml", "review_due: yesterday\nas_of: 99\n"),
        ("faq/cost.yml", b"\xff\xfe\x00"),
        ("article.yml", "sections: 3"),
        ("article.yml", "title: [broken"),
        ("references.yml", "- 1"),
        ("wording.yml", "{"),
        ("nlu/small_talk.yml", "nlu: 5"),
    ],
)
def test_content_with_faults_is_told_and_never_fails(
    client_of: Sign, small: SmallContent, file: str, text: str | bytes
) -> None:
    small.write(file, text)
    shown = page(client_of)
    if file != "wording.yml":  # read by the chat server alone
        assert file.rsplit("/", maxsplit=1)[-1] in shown and "in the content" in shown
    assert "<script>alert" not in shown and "<img src=x" not in shown
    for path in ("/answers/dated/", "/answers/of/cost/", "/mend/", "/mend/of/cost/", "/mend/new/"):
        shown = page(client_of, path, "reviewer")
        assert "<script>alert" not in shown and "<img src=x" not in shown
        assert len(shown) < 2_000_000


def test_an_empty_folder_says_where_answers_are(client_of: Sign, small: SmallContent) -> None:
    for path in (small.folder / "faq").iterdir():
        path.unlink()
    assert "data/faq" in page(client_of)


def test_a_changed_file_is_read_anew(client_of: Sign, small: SmallContent) -> None:
    assert "How much is it?" in page(client_of)
    small.edit("faq/cost.yml", "How much is it?", "What is the price now?")
    os.utime(small.folder / "faq/cost.yml", (1, 1))
    assert "What is the price now?" in page(client_of)


def test_claims_bound_to_a_date(small: SmallContent, client_of: Sign) -> None:
    small.edit("faq/fever.yml", "2027-05-22", "2025-12-31")
    today = date(2026, 1, 15)
    found = claims(examine(small.folder, today)[0], today)
    assert [(one.answer.id, one.fact and one.fact.id, one.month, one.due) for one in found] == [
        ("fever", "F3", "June 2025", "expired"),
        ("cost", None, "November 2024", ""),
    ]
    text = page(client_of, "/answers/dated/")
    assert "Fever was mild in the trials." in text and "expired" in text
