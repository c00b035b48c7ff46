"""Answers are edited as drafts: checked as the content is, never lost, never live by themselves."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from staff.audit.models import Entry
from staff.mend.drafts import changed_answers, draft_path
from tests.staff.editor import COST, Editor, drafted, live_bytes, text_of
from tests.staff.small import make_live
from tests.unit.content.small_content import SmallContent

Sign = Callable[[str], Client]


@pytest.fixture(autouse=True)
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallContent:
    return make_live(tmp_path / "live", monkeypatch)


@pytest.fixture
def editor(client_of: Sign) -> Editor:
    return Editor(client_of("reviewer"))


def test_a_saved_answer_is_a_draft_and_what_is_live_stays(
    editor: Editor, small: SmallContent
) -> None:
    before = live_bytes(small)
    response = editor.press(title="What is the price today?")
    assert response.redirect_chain == [(COST, 302)]
    assert "Saved as a draft" in text_of(response)
    assert drafted()["title"] == "What is the price today?"
    assert live_bytes(small) == before
    assert changed_answers() == {"cost"}
    entry = Entry.objects.get(action="edited")
    assert (entry.subject, entry.name, entry.detail) == ("cost", "reviewer", {"changed": ["title"]})
    for page in ("/mend/", "/answers/of/cost/", "/answers/"):
        assert "draft" in text_of(editor.client.get(page))
    listed = text_of(editor.client.get("/mend/"))
    assert "<ins>What is the price today?" in listed or "<ins>" in listed
    assert "not signed off" in listed


def test_checking_saves_nothing_and_tells_words_grade_and_looks(editor: Editor) -> None:
    response = editor.press(
        "check",
        answer="It costs **$375,000**, as the [Herald](https://example.org) reported in 2024.",
    )
    text = text_of(response)
    assert "Checked, not saved yet" in text
    assert "<strong>10 words</strong>" in text and "reads at grade" in text
    assert not draft_path("cost").exists()
    shown = dict(response.context["previews"])["Answer"]
    assert shown.slack_sent.startswith("It costs *$375,000*, as the <https://example.org|Herald>")
    assert shown.telegram_sent.startswith(
        'It costs <b>$375,000</b>, as the <a href="https://example.org">Herald</a>'
    )
    said = "It costs $375,000, as the Herald reported in 2024."
    for spans in (shown.slack, shown.telegram):
        assert "".join(span.text for span in spans).startswith(said)
        assert [span.text for span in spans if span.bold] == ["$375,000"]
        assert [span.href for span in spans if span.href] == ["https://example.org"]
    assert text.count("Source: Example House") >= 3  # on each channel
    assert text.count("<strong>$375,000</strong>") == 3
    assert not Entry.objects.filter(subject="cost").exists()


LONG = "A lab is a lab. " * 25
HARD = (
    "Notwithstanding considerable methodological heterogeneity, investigators unanimously "
    "characterized laboratory manufacturing as extraordinarily complicated."
)
FAULTS = [
    ("title", "", "required"),
    ("title", "x" * 76, "faq.E013"),
    ("title", "Does it give a fever?", "faq.E022"),
    ("answer", "", "required"),
    ("answer", LONG, "faq.E016"),
    ("answer", HARD, "faq.E017"),
    ("answer", "It costs $999,000.", "faq.E018"),
    ("answer", "Please ask Doctor Strangelove.", "faq.E019"),
    ("answer", "It costs $375,000.\x07", "control character"),
    ("more", LONG, "faq.E016"),
    ("facts", "F2, F77", "faq.E010"),
    ("references", "smith-2042", "faq.E010"),
    ("related", "feever", "faq.E010"),
    ("related", "cost", "faq.E012"),
    ("related", "cells, fever, cells, fever", "faq.E012"),
    ("as_of", "June 2025", "faq.E005"),
    ("review_due", "next year", "faq.E006"),
    ("questions", "only one", "faq.E023"),
    ("questions", "what is the price\nwhat is the price\nhow many dollars\nprice", "nlu.E011"),
    ("questions", "x" * 100_001, "at most 100000"),
    ("answer", "x" * 10_001, "at most 10000"),
]


@pytest.mark.parametrize(("field", "value", "told"), FAULTS)
def test_each_fault_is_told_at_its_field_and_nothing_typed_is_lost(
    editor: Editor, field: str, value: str, told: str
) -> None:
    response = editor.press(**{field: value, "more": value if field == "more" else "My long work."})
    form = response.context["form"]
    assert told in " ".join(form.errors[field])
    assert not draft_path("cost").exists()
    assert form["more"].value() == (value if field == "more" else "My long work.")
    assert form[field].value() == value
    assert "Not saved." in text_of(response)


def test_a_fault_that_other_files_would_have_is_told(editor: Editor) -> None:
    response = editor.press(
        facts="F1", answer="The therapy changes T cells, a kind of immune cell."
    )
    told = response.context["form"].errors["facts"]
    assert any("sections.basics.F2: is stated by no answer" in one for one in told)
    assert not draft_path("cost").exists()


def test_a_message_of_another_answer_is_told_at_the_questions(editor: Editor) -> None:
    response = editor.press(questions="who grows them\nprice\ncost\nmoney")
    told = text_of(response)
    assert "stands in" in told and not draft_path("cost").exists()


def test_old_faults_of_other_files_do_not_keep_from_saving(
    editor: Editor, small: SmallContent
) -> None:
    small.edit("faq/fever.yml", "[F3]", "[F3, F99]")
    editor.open()
    assert "Saved as a draft" in text_of(editor.press(title="The price now?"))


def test_what_is_saved_twice_or_back_as_it_was(editor: Editor) -> None:
    assert "Nothing was changed" in text_of(editor.press())
    assert not draft_path("cost").exists()
    editor.press(title="The price now?")
    editor.open()
    assert "the draft is gone" in text_of(editor.press(title="How much is it?"))
    assert changed_answers() == set()


def test_who_saves_second_is_told_and_loses_nothing(client_of: Sign) -> None:
    first, second = Editor(client_of("reviewer")), Editor(client_of("manager"))
    first.press(title="The first title?")
    response = second.press(title="The second title?")
    text = text_of(response)
    assert "somebody changed this answer since you opened it" in text
    assert "reviewer edited it" in text
    assert "<del>first</del>" in text and "<ins>second</ins>" in text
    assert response.context["form"]["title"].value() == "The second title?"
    assert drafted()["title"] == "The first title?"
    second.fields["seen"] = response.context["seen"]
    assert "Saved as a draft" in text_of(second.press())
    assert drafted()["title"] == "The second title?"


def test_a_live_file_that_changed_meanwhile_is_not_overwritten_unseen(
    editor: Editor, small: SmallContent
) -> None:
    small.edit("faq/cost.yml", "That is all we know.", "We know more now.")
    response = editor.press(title="The price now?")
    assert "somebody changed this answer" in text_of(response)
    assert not draft_path("cost").exists()


def test_discarding_leaves_what_is_live(editor: Editor, small: SmallContent) -> None:
    before = live_bytes(small)
    editor.press(title="The price now?")
    editor.open()
    stale = editor.client.post(f"{COST}discard/", {"seen": "other"}, follow=True)
    assert "changed the draft meanwhile" in text_of(stale) and changed_answers() == {"cost"}
    done = editor.client.post(f"{COST}discard/", {"seen": editor.fields["seen"]}, follow=True)
    assert "is discarded" in text_of(done)
    assert changed_answers() == set() and live_bytes(small) == before
    assert Entry.objects.filter(action="discarded a draft", subject="cost").count() == 1
    again = editor.client.post(f"{COST}discard/", {"seen": editor.fields["seen"]})
    assert again.status_code == 404


def test_personal_details_leave_new_questions(editor: Editor) -> None:
    old = "what is the price\nhow many dollars\nprice of it please"
    response = editor.press(questions=f"{old}\nmy name is Mary Johnson, call 212-555-0187, cost?")
    assert "Personal details were removed" in text_of(response)
    assert "Johnson" not in draft_path("cost").read_text()
    assert "555" not in draft_path("cost").read_text()


@pytest.mark.parametrize(
    "hostile",
    ["<script>alert(1)</script>", "</textarea><img src=x onerror=alert(1)>", "&lt;b&gt;",
     "[x](javascript:alert(1))", "{{ settings.SECRET_KEY }}"],
)  # fmt: skip
def test_hostile_words_are_shown_as_words(editor: Editor, hostile: str) -> None:
    text = text_of(editor.press("check", answer=hostile, title=hostile, more=hostile))
    assert "<script>alert" not in text and "<img src=x" not in text
    assert 'href="javascript' not in text
    assert "for the tests of the staff site" not in text


def test_drafts_say_what_the_next_try_will_hold(client_of: Sign, var: Path) -> None:
    client = client_of("reviewer")
    assert "There are no drafts" in text_of(client.get("/mend/"))
    for name, text in (("faq/fever.yml", "title: [broken"), ("nlu/reviewed.yml", "nlu: []")):
        path = var / "draft" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    text = text_of(client.get("/mend/"))
    assert "nlu/reviewed.yml" in text
    assert re.search(r"\d+ faults?: a Try will not start", text)
    assert client.get("/mend/of/fever/").status_code == 200
