"""New answers, and addresses that lead to none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from staff.mend.drafts import changed_answers, draft_path
from staff.records.models import Label
from tests.staff.editor import COST, Editor, live_bytes, text_of
from tests.staff.rows import conversation, turn
from tests.staff.small import make_live
from tests.unit.content.small_content import SmallContent

Sign = Callable[[str], Client]


@pytest.fixture(autouse=True)
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallContent:
    return make_live(tmp_path / "live", monkeypatch)


NEW = {
    "id": "lab_work", "title": "Where is the work done?", "answer": "The work is done in a lab.",
    "more": "", "facts": "F1", "references": "", "related": "cells", "as_of": "",
    "review_due": "2027-05-22", "questions": "where do they work\nwhich lab is it\nlab place",
    "seen": "", "do": "save",
}  # fmt: skip


def test_a_new_answer_becomes_a_draft(client_of: Sign, small: SmallContent) -> None:
    client = client_of("reviewer")
    before = live_bytes(small)
    response = client.post("/mend/new/", NEW, follow=True)
    assert response.redirect_chain == [("/mend/of/lab_work/", 302)]
    assert (
        draft_path("lab_work").read_text()
        == """\
title: Where is the work done?
answer: |
  The work is done in a lab.
facts: [F1]
references: []
related: [cells]
review_due: 2027-05-22
reviewed_by: ""
reviewed_on: ""
questions:
  - where do they work
  - which lab is it
  - lab place
"""
    )
    assert live_bytes(small) == before
    assert client.get("/answers/of/lab_work/").status_code == 404  # not live
    assert "lab_work" in text_of(client.get("/mend/"))
    # Another draft may name it.
    editor = Editor(client)
    assert "Saved as a draft" in text_of(editor.press(related="cells, lab_work"))


@pytest.mark.parametrize(
    ("id_", "told"),
    [
        ("cost", "There is an answer of this id"), ("../evil", "small letters"), ("", "required"),
        ("Big", "small letters"), ("x", "small letters"), ("a" * 41, "small letters"),
        ("a/b", "small letters"), ("lab_work\x00", "control"),
    ],
)  # fmt: skip
def test_an_id_that_cannot_be(client_of: Sign, var: Path, id_: str, told: str) -> None:
    response = client_of("reviewer").post("/mend/new/", {**NEW, "id": id_})
    assert response.status_code == 200
    told_now = " ".join(response.context["form"].errors["id"]).lower()
    assert told.lower() in told_now or "null characters" in told_now
    assert response.context["form"]["answer"].value() == NEW["answer"]
    assert changed_answers() == set()


def test_a_new_answer_needs_messages_that_teach_it(client_of: Sign) -> None:
    response = client_of("reviewer").post("/mend/new/", {**NEW, "questions": "where\nwhich lab"})
    assert "faq.E023" in response.context["form"].errors["questions"][0]
    assert changed_answers() == set()


def test_a_new_answer_begins_with_labelled_sentences(client_of: Sign) -> None:
    conversation()
    numbers = []
    for sentence, by in (("can i travel", "reviewer"), ("may i fly", "reviewer"), ("secret", "")):
        number = turn()
        numbers.append(number)
        Label.objects.create(
            turn_id=number, time=1.0, by="reader", verdict="new_answer", sentence=sentence,
            approved_by=by,
        )  # fmt: skip
    client = client_of("reviewer")
    listed = text_of(client.get("/mend/new/"))
    assert "can i travel" in listed and "secret" not in listed
    given = {"label": [*map(str, numbers), "x", "9" * 40]}
    form = client.get("/mend/new/", given).context["form"]
    assert sorted(form["questions"].value().split("\n")) == ["can i travel", "may i fly"]


@pytest.mark.parametrize("answer", ["nobody", "..%2Fcost", "COST", "a" * 300, "%00"])
def test_there_is_nothing_to_mend_of_another_answer(client_of: Sign, answer: str) -> None:
    client = client_of("manager")
    assert client.get(f"/mend/of/{answer}/").status_code == 404
    for deed in ("", "discard/", "sign/", "withdraw/"):
        assert client.post(f"/mend/of/{answer}/{deed}", NEW).status_code == 404


POSTS = [("", "reviewer"), ("discard/", "reviewer"), ("sign/", "reviewer"),
         ("withdraw/", "manager"), ("bring-back/", "manager")]  # fmt: skip


@pytest.mark.parametrize(("deed", "role"), POSTS)
def test_deeds_ask_for_a_role_and_are_posts(client_of: Sign, deed: str, role: str) -> None:
    below = {"reviewer": "reader", "manager": "reviewer"}[role]
    assert client_of(below).post(f"{COST}{deed}").status_code == 403
    assert client_of("").post(f"{COST}{deed}").status_code == 302
    if deed:
        assert client_of(role).get(f"{COST}{deed}").status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(client_of(role).get("/").wsgi_request.user,
                       "django.contrib.auth.backends.ModelBackend")  # fmt: skip
    assert strict.post(f"{COST}{deed}", {"reason": "x", "sure": "on"}).status_code == 403
