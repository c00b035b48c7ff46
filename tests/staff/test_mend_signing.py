"""A clinician's sign-off stands in the draft, and a change takes it away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.utils.timezone import localdate

from staff.audit.models import Entry
from staff.mend.drafts import draft_path
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
