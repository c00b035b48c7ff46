"""An answer's YAML: what is not changed stays as it was written, and every text comes back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guide.content import DATA
from guide.content.yaml_text import read_yaml
from staff.mend.changes import changes
from staff.mend.forms import AnswerForm
from staff.mend.writing import ORDER, values_of, written

FILES = sorted((DATA / "faq").glob("*.yml"))
OLD = """\
# Prices change.
title: How much is it?  # a button too
answer: |
  It costs **much**.
  - one
  - two
# Under the answer.
facts: [F1, F2]
review_due: 2027-05-22
reviewed_by: ""
reviewed_on: ""
questions:
  # The first ones.
  - how much
  - 'no'
  - "is it: dear?"
  # The last one.
  - price
"""


def read(text: str, folder: Path) -> dict[str, Any]:
    path = folder / "read.yml"
    path.write_text(text, encoding="utf-8")
    values, problems = values_of(path, "read.yml")
    assert problems == []
    return values


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_saved_without_a_change_is_the_same(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert written(text, values_of(path, path.name)[0]) == text


@pytest.mark.parametrize("path", FILES[:8], ids=lambda path: path.stem)
def test_what_the_form_gives_back_unchanged_is_the_same(path: Path) -> None:
    values = values_of(path, path.name)[0]
    form = AnswerForm(AnswerForm.initial_of(values))
    assert form.is_valid(), form.errors
    assert {**values, "reviewed_by": "", "reviewed_on": ""} == form.values()


def test_a_change_leaves_comments_quotes_and_order_of_the_rest(tmp_path: Path) -> None:
    values = read(OLD, tmp_path)
    values.update(
        title="What is the price?", facts=["F1", "F3"], as_of="2025-06", more="Ask your insurer.",
        questions=["how much", "no", "what about money", "is it: dear?", "price"],
    )  # fmt: skip
    assert (
        written(OLD, values)
        == """\
# Prices change.
title: What is the price? # a button too
answer: |
  It costs **much**.
  - one
  - two
# Under the answer.
more: |
  Ask your insurer.
facts: [F1, F3]
references: []
related: []
as_of: 2025-06
review_due: 2027-05-22
reviewed_by: ""
reviewed_on: ""
questions:
  # The first ones.
  - how much
  - 'no'
  - what about money
  - "is it: dear?"
  # The last one.
  - price
"""
    )


def test_a_text_taken_out_takes_its_key_along(tmp_path: Path) -> None:
    values = {**read(OLD, tmp_path), "more": "More.", "as_of": "2025-06"}
    longer = written(OLD, values)
    assert "more: |" in longer and "as_of: 2025-06" in longer
    shorter = written(longer, {**values, "more": "", "as_of": ""})
    assert "more" not in shorter and "as_of" not in shorter


@pytest.mark.parametrize(
    "base",
    ["", "title: [", "- a list", "a: &a [x]\ntitle: *a\nfacts: *a\n", "title: {a: b}\n", "5"],
)
def test_what_cannot_be_kept_is_written_anew(base: str, tmp_path: Path) -> None:
    values = read(OLD, tmp_path)
    text = written(base, values)
    assert read(text, tmp_path) == values
    assert "&" not in text and "*a" not in text


AWKWARD = (
    "no", "911", "1.5", "null", "~", "yes: no", "- x", "# not a comment", "a # b", "'quoted'",
    '"quoted"', "{as_of}", "[x]", "@you", "`code`", "%", "!tag", "&anchor", "*star", "|", ">",
    "<script>alert(1)</script>", "2025-06-01", "12:30", "=", "what?", "é ü 漢字 🙂", "a, b", "? x",
)  # fmt: skip


@pytest.mark.parametrize("text", AWKWARD)
def test_awkward_words_come_back_as_they_were_typed(text: str, tmp_path: Path) -> None:
    values = {**read(OLD, tmp_path), "title": text, "answer": text, "questions": [text, "other"]}
    values.update(facts=[text], reviewed_by=text)
    for base in (OLD, ""):
        made = written(base, values)
        assert read(made, tmp_path) == values
        assert written(made, values) == made


lines = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1)


@settings(max_examples=150, deadline=None)
@given(st.lists(lines, max_size=4), lines, lines)
def test_any_text_comes_back(
    tmp_path_factory: pytest.TempPathFactory, questions: list[str], title: str, answer: str
) -> None:
    folder = tmp_path_factory.mktemp("any")
    before = read(OLD, folder)
    given_ = {**before, "title": title, "answer": f"{answer}\n\n- {title}"}
    form = AnswerForm({**AnswerForm.initial_of(given_), "questions": "\n".join(questions)})
    form.is_valid()
    values = {**before, **form.values()}
    assert read(written(OLD, values), folder) == values


def test_changes_are_told_word_by_word(tmp_path: Path) -> None:
    old = read(OLD, tmp_path)
    new = {**old, "title": "How dear is it?", "questions": ["how much", "no", "price"]}
    found = {
        key: [(piece.how, piece.text) for piece in pieces] for key, pieces in changes(old, new)
    }
    assert found == {
        "title": [("same", "How "), ("removed", "much"), ("added", "dear"), ("same", " is it?")],
        "questions": [
            ("same", "how much\nno\n"), ("removed", "is it: dear?\n"), ("same", "price\n")
        ],
    }  # fmt: skip
    assert changes(old, dict(old)) == []


def test_enormous_texts_are_compared_as_wholes() -> None:
    old = dict.fromkeys(ORDER, "")
    found = changes(old, {**old, "answer": "word " * 50_000})
    assert [piece.how for piece in found[0][1]] == ["removed", "added"]


def test_the_reader_of_the_guide_reads_what_is_written(tmp_path: Path) -> None:
    path = tmp_path / "x.yml"
    path.write_text(written("", {**read(OLD, tmp_path), "questions": ["yes", "no", "1e3"]}))
    raw, problems = read_yaml(path, "x.yml")
    assert problems == [] and raw["questions"] == ["yes", "no", "1e3"]
