"""Answers are edited as drafts: checked as the content is, never lost, never live by themselves."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import localdate

from staff.audit.models import Entry
from staff.mend.drafts import changed_answers, draft_path
from staff.mend.writing import values_of
from staff.records.models import Label
from tests.staff.rows import conversation, turn
from tests.staff.small import make_live
from tests.unit.content.small_content import SmallContent

Sign = Callable[[str], Client]
COST = "/mend/of/cost/"


@pytest.fixture(autouse=True)
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallContent:
    return make_live(tmp_path / "live", monkeypatch)


class Editor:
    """A reviewer with a form open."""

    def __init__(self, client: Client, path: str = COST) -> None:
        self.client = client
        self.path = path
        self.open()

    def open(self) -> None:
        """Loads the form as it stands now."""
        context = self.client.get(self.path).context
        self.fields = {**context["form"].initial, "seen": context["seen"]}

    def press(self, do: str = "save", **fields: str) -> Any:
        """Types and presses a button; the answer, followed."""
        self.fields.update(fields)
        known = {name: value for name, value in self.fields.items() if value is not None}
        return self.client.post(self.path, {**known, "do": do}, follow=True)


@pytest.fixture
def editor(client_of: Sign) -> Editor:
    return Editor(client_of("reviewer"))


def text_of(response: Any) -> str:
    return str(response.content.decode())


def live_bytes(small: SmallContent) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in small.folder.rglob("*.yml")}


def drafted(answer: str = "cost") -> dict[str, Any]:
    return values_of(draft_path(answer), answer)[0]


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
    assert not Entry.objects.exists()


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


def sign(editor: Editor, **fields: str) -> str:
    editor.open()
    today = localdate().isoformat()
    given = {"role": "rheumatologist", "day": today, "seen": editor.fields["seen"], **fields}
    return text_of(editor.client.post(f"{COST}sign/", given, follow=True))


def test_a_sign_off_is_part_of_the_draft_and_lost_by_a_change(
    editor: Editor, small: SmallContent
) -> None:
    before = live_bytes(small)
    assert "Signed off" in sign(editor)
    assert drafted()["reviewed_by"] == "rheumatologist"
    assert drafted()["reviewed_on"] == localdate().isoformat()
    assert live_bytes(small) == before
    entry = Entry.objects.get(action="signed off")
    assert (entry.subject, entry.detail["role"]) == ("cost", "rheumatologist")
    editor.open()
    editor.press()  # nothing changed
    assert drafted()["reviewed_by"] == "rheumatologist"
    editor.open()
    editor.press(more="Only that is known.")
    assert (drafted()["reviewed_by"], drafted()["reviewed_on"]) == ("", "")
    sign(editor)
    assert drafted()["reviewed_by"] == "rheumatologist"


def test_a_change_takes_a_live_sign_off_away_in_the_draft(
    editor: Editor, small: SmallContent
) -> None:
    small.edit("faq/cost.yml", 'reviewed_by: ""', "reviewed_by: nurse")
    small.edit("faq/cost.yml", 'reviewed_on: ""', "reviewed_on: 2026-01-10")
    editor.open()
    editor.press(related="cells, fever")
    assert (drafted()["reviewed_by"], drafted()["related"]) == ("", ["cells", "fever"])


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"role": ""}, "Not signed off"),
        ({"day": "2999-01-01"}, "The day has not come yet"),
        ({"day": "soon"}, "Not signed off"),
        ({"role": "x" * 301}, "Not signed off"),
        ({"role": "Dr. Mary Johnson"}, "give the role only"),
        ({"seen": "older"}, "somebody changed the answer"),
    ],
)
def test_a_sign_off_that_cannot_be(editor: Editor, fields: dict[str, str], told: str) -> None:
    assert told in sign(editor, **fields)
    assert not draft_path("cost").exists()


def test_an_answer_with_faults_is_not_signed_off(editor: Editor, small: SmallContent) -> None:
    small.edit("faq/cost.yml", "[F2]", "[F2, F99]")
    assert "the answer has faults" in sign(editor)
    assert not draft_path("cost").exists()


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
