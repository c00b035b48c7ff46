"""Held-out questions of the project and of staff together."""

from __future__ import annotations

from pathlib import Path

import pytest

from guide.content import ContentError
from guide.evaluation.questions import Question, read_questions, with_staffs

PRICE, DOSE = Question("price?", ("cost",)), Question("my dose?", ("oos_medicines",))


def test_staffs_questions_come_after_the_projects(tmp_path: Path) -> None:
    (tmp_path / "in_scope.yml").write_text("- {text: price?, accept: [cost]}\n")
    staffs = tmp_path / "reviewed.yml"
    staffs.write_text(
        "- {text: my dose?, accept: [oos_medicines]}\n- {text: so dear, accept: [cost, crs]}\n"
    )
    sets = with_staffs(read_questions(tmp_path), staffs)
    assert sets == {"in_scope": (PRICE, Question("so dear", ("cost", "crs"))),
                    "near_misses": (DOSE,)}  # fmt: skip


def test_without_staffs_the_sets_are_the_projects(tmp_path: Path) -> None:
    sets = {"in_scope": (PRICE,), "near_misses": (DOSE,)}
    assert with_staffs(sets, tmp_path / "none.yml") == sets


def test_faults_of_staffs_file_are_told(tmp_path: Path) -> None:
    (tmp_path / "reviewed.yml").write_text("- {text: my dose?}\n")
    with pytest.raises(ContentError, match=r"held_out.E002"):
        with_staffs({}, tmp_path / "reviewed.yml")
