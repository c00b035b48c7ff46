"""One broken file at a time: what the reader tells, with id, file and key."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from guide.content import ContentError, examine, load
from tests.unit.content.small_content import TODAY, SmallContent, Told, make_small_content

CELLS, FEVER = "faq/cells.yml", "faq/fever.yml"
ARTICLE, REFERENCES, TERMS = "article.yml", "references.yml", "terms.yml"
FACT1 = "F1: The therapy changes T cells in a lab."


@dataclass(frozen=True)
class Case:
    """An edit and everything that is told for it."""

    name: str
    file: str
    old: str
    new: str
    told: tuple[Told, ...]


CASES = (
    # Keys.
    Case("unknown key", CELLS, "facts:", "autor: me\nfacts:", (("faq.E002", CELLS, "autor"),)),
    Case("missing list", CELLS, "questions:\n  - what are they\n  - tell me of the cells\n", "",
         (("faq.E003", CELLS, "questions"),)),
    Case("missing text", FEVER, "title: Does it give a fever?\n", "",
         (("faq.E003", FEVER, "title"), ("faq.E013", FEVER, "title"))),
    Case("missing date", FEVER, "review_due: 2027-05-22\n", "",
         (("faq.E003", FEVER, "review_due"), ("faq.E006", FEVER, "review_due"))),
    Case("key twice", CELLS, "facts: [F1]", "facts: [F1]\nfacts: [F1]",
         (("yaml.E003", CELLS, "line 5"),)),
    # Values that are no text.
    Case("question no", CELLS, "what are they", "no", (("yaml.E004", CELLS, "line 9"),)),
    Case("question number", CELLS, "what are they", "911", (("yaml.E004", CELLS, "line 9"),)),
    Case("question with a colon", CELLS, "what are they", "Is it: safe?",
         (("list.E002", CELLS, "questions[1]"),)),
    Case("empty question", CELLS, " what are they", "", (("yaml.E004", CELLS, "line 9"),)),
    Case("title is a list", CELLS, "title: What are the new cells?", "title: [a]",
         (("faq.E004", CELLS, "title"), ("faq.E013", CELLS, "title"))),
    Case("more is a mapping", CELLS, "facts:", "more: {a: b}\nfacts:",
         (("faq.E004", CELLS, "more"),)),
    Case("related is a text", CELLS, "related: [cost, fever]", "related: cost",
         (("list.E001", CELLS, "related"),)),
    Case("a fact in a list of lists", CELLS, "facts: [F1]", "facts: [F1, [F2]]",
         (("faq.E010", CELLS, "facts"), ("list.E002", CELLS, "facts[2]"))),
    # Dates and months.
    Case("a month for a day", CELLS, "review_due: 2027-05-22", "review_due: 2027-05",
         (("faq.E006", CELLS, "review_due"),)),
    Case("a day that is none", CELLS, "review_due: 2027-05-22", "review_due: 2027-02-30",
         (("faq.E006", CELLS, "review_due"),)),
    Case("a month in words", CELLS, "facts:", "as_of: June 2025\nfacts:",
         (("faq.E005", CELLS, "as_of"),)),
    Case("month 13", CELLS, "facts:", "as_of: 2025-13\nfacts:", (("faq.E005", CELLS, "as_of"),)),
    # The article.
    Case("article without a key", ARTICLE, "author: A. Writer\n", "",
         (("article.E003", ARTICLE, "author"),)),
    Case("article with a key too many", ARTICLE, "author:", "editor: B\nauthor:",
         (("article.E002", ARTICLE, "editor"),)),
    Case("article's month", ARTICLE, "as_of: 2025-06", "as_of: 2025",
         (("article.E004", ARTICLE, "as_of"), ("yaml.E004", ARTICLE, "line 5"))),
    Case("sections are no mapping", ARTICLE, "sections:\n  basics:", "sections: {}\nother:\n  x:",
         (("article.E002", ARTICLE, "other"), ("faq.E010", CELLS, "facts"),
          ("faq.E010", "faq/cost.yml", "facts"), ("faq.E018", "faq/cost.yml", "answer"),
          ("faq.E018", "faq/cost.yml", "answer"),
          ("faq.E019", "faq/cost.yml", "answer"), ("faq.E010", FEVER, "facts"))),
    Case("a section is a list", ARTICLE, "  risks:", "  notes: [F9]\n  risks:",
         (("article.E006", ARTICLE, "sections.notes"),)),
    Case("a fact twice", ARTICLE, "  risks:", f"  again:\n    {FACT1}\n  risks:",
         (("article.E005", ARTICLE, "sections.again.F1"),)),
    Case("a fact without its text", ARTICLE, FACT1, "F1: {note: x}",
         (("fact.E003", ARTICLE, "sections.basics.F1.text"),)),
    Case("a fact with an unknown key", ARTICLE, "dated: true", "datet: true",
         (("fact.E002", ARTICLE, "sections.risks.F3.datet"),)),
    Case("a flag in quotes", ARTICLE, "dated: true", "dated: 'true'",
         (("fact.E004", ARTICLE, "sections.risks.F3.dated"),)),
    Case("a flag that is a word", ARTICLE, "dated: true", "dated: sometimes",
         (("fact.E004", ARTICLE, "sections.risks.F3.dated"),)),
    Case("a fact with a colon", ARTICLE, FACT1, "F1: {The therapy: changes}",
         (("fact.E002", ARTICLE, "sections.basics.F1.The therapy"),
          ("fact.E003", ARTICLE, "sections.basics.F1.text"))),
    # References and terms.
    Case("a reference without a citation", REFERENCES, '  citation: "Smith A (2024). New cells."\n',
         "", (("reference.E003", REFERENCES, "smith-2024.citation"),)),
    Case("a reference with a key too many", REFERENCES, "  link:", "  url: x\n  link:",
         (("reference.E002", REFERENCES, "smith-2024.url"),)),
    Case("a reference that is a text", REFERENCES, "smith-2024:", "jones-2025: Jones\nsmith-2024:",
         (("reference.E001", REFERENCES, "jones-2025"),)),
    Case("an explanation that is no list", TERMS, "CAR T cells: []", "CAR T cells: cells",
         (("list.E001", TERMS, "CAR T cells"),)),
    # Example messages.
    Case("a line without a dash", "nlu/small_talk.yml", "- good morning", "good morning",
         (("nlu.E004", "nlu/small_talk.yml", "greet"),)),
    Case("a dash without a message", "nlu/small_talk.yml", "- good morning", "-",
         (("nlu.E004", "nlu/small_talk.yml", "greet"),)),
    Case("an intent without examples", "nlu/small_talk.yml", "    examples: |\n", "    text: |\n",
         (("nlu.E002", "nlu/small_talk.yml", "nlu[1]"),)),
)  # fmt: skip


def test_the_small_folder_has_no_fault(small: SmallContent) -> None:
    assert small.told() == []
    assert load(small.folder, TODAY).answers.keys() == {"cells", "cost", "fever"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_broken_file(small: SmallContent, case: Case) -> None:
    small.edit(case.file, case.old, case.new)
    assert sorted(small.told()) == sorted(case.told)
    with pytest.raises(ContentError) as refusal:
        load(small.folder, TODAY)
    for id_, file, key in case.told:
        assert f"  {file}: {key}: " in str(refusal.value)
        assert f"({id_})" in str(refusal.value)


@pytest.mark.parametrize("text", ["", "[]", "just words", "- a\n- b"])
@pytest.mark.parametrize("file", [CELLS, ARTICLE, REFERENCES, TERMS])
def test_a_file_that_is_no_mapping(small: SmallContent, file: str, text: str) -> None:
    small.write(file, text)
    assert ("file.E001", file, "") in small.told()


@pytest.mark.parametrize("file", [CELLS, ARTICLE, REFERENCES, TERMS])
def test_a_file_that_is_no_yaml(small: SmallContent, file: str) -> None:
    small.write(file, "title: [\n")
    told = small.told()
    assert ("yaml.E001", file, "line 2") in told
    assert ("file.E001", file, "") not in told, "its cause is told, not that it holds nothing"


@pytest.mark.parametrize("file", [CELLS, ARTICLE, REFERENCES, TERMS, "nlu/small_talk.yml"])
def test_a_file_that_is_no_text(small: SmallContent, file: str) -> None:
    small.write(file, b"\x89PNG\xff")
    assert ("yaml.E005", file, "") in small.told()


@pytest.mark.parametrize("file", [ARTICLE, REFERENCES, TERMS])
def test_a_file_that_is_not_there(small: SmallContent, file: str) -> None:
    (small.folder / file).unlink()
    assert ("yaml.E005", file, "") in small.told()


def test_a_folder_without_answers(tmp_path: Path) -> None:
    _, problems = examine(tmp_path / "nowhere", TODAY)
    assert ("faq.E001", "faq/") in {(problem.id, problem.file) for problem in problems}


def test_a_file_that_may_not_be_read_is_told(
    small: SmallContent, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_text", lambda path, **_: refuse(path))
    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert ("yaml.E005", CELLS, "") in small.told()


def test_several_faults_are_told_together(small: SmallContent) -> None:
    small.edit(CELLS, "facts: [F1]", "facts: [F1, F77]")
    small.edit(FEVER, "facts:", "colour: red\nfacts:")
    small.edit(ARTICLE, "author:", "auhtor:")
    small.edit("nlu/small_talk.yml", "- good morning", "good morning")
    small.write("faq/cost.yml", "title: [\n")
    told = {
        ("article.E002", ARTICLE, "auhtor"),
        ("article.E003", ARTICLE, "author"),
        ("faq.E010", CELLS, "facts"),
        ("faq.E002", FEVER, "colour"),
        ("nlu.E004", "nlu/small_talk.yml", "greet"),
        ("yaml.E001", "faq/cost.yml", "line 2"),
    }
    with pytest.raises(ContentError) as refusal:
        load(small.folder, TODAY)
    assert told <= {(p.id, p.file, p.key) for p in refusal.value.problems}
    files = [problem.file for problem in examine(small.folder, TODAY)[1]]
    assert files == sorted(files), "an editor mends one file after another"
    count = len(refusal.value.problems)
    assert str(refusal.value).splitlines()[0] == f"{count} faults in the content:"
    assert len(str(refusal.value).splitlines()) == count + 1


def test_a_review_that_is_due_is_a_warning(
    small: SmallContent, caplog: pytest.LogCaptureFixture
) -> None:
    small.edit(CELLS, "2027-05-22", "2026-01-14")
    (problem,) = examine(small.folder, TODAY)[1]
    assert (problem.id, problem.file, problem.key) == ("faq.W001", CELLS, "review_due")
    assert problem.level == "warning"
    with caplog.at_level(logging.WARNING):
        assert "cells" in load(small.folder, TODAY).answers
    assert "faq/cells.yml: review_due" in caplog.text
    assert "2026-01-14" in caplog.text


@pytest.mark.parametrize(("today", "due"), [(TODAY, False), (date(2026, 1, 16), True)])
def test_a_review_may_be_done_on_its_day(small: SmallContent, today: date, due: bool) -> None:
    small.edit(CELLS, "2027-05-22", "2026-01-15")
    assert bool(examine(small.folder, today)[1]) is due


def test_what_is_read(small: SmallContent) -> None:
    content = load(small.folder, TODAY)
    cost = content.answers["cost"]
    assert (cost.title, cost.facts, cost.related) == ("How much is it?", ("F2",), ("cells",))
    assert (cost.as_of, cost.review_due) == ("2024-11", date(2027, 5, 22))
    assert (cost.more, cost.reviewed_by, cost.references) == ("That is all we know.", "", ())
    assert content.answers["cells"].as_of == "2025-06", "the article's month where none is given"
    fact = content.article.facts["F3"]
    assert (fact.section, fact.dated) == ("risks", True)
    assert fact.note == "Bound to its date."
    assert content.references["smith-2024"].citation == "Smith A (2024). New cells."
    assert content.by_title["How much is it?"] == "cost"
    assert content.examples["greet"] == ("hello there", "good morning")
    assert set(content.examples["cells"]) == {
        "what are they", "tell me of the cells", "explain these cells", "new cells meaning",
        "who grows them",
    }  # fmt: skip


def test_an_intents_examples_may_stand_in_several_files(small: SmallContent) -> None:
    small.write("nlu/more/all.yml", "nlu:\n  - intent: greet\n    examples: '- howdy'\n")
    assert set(load(small.folder, TODAY).examples["greet"]) == {
        "hello there", "good morning", "howdy"
    }  # fmt: skip


def test_the_month_is_filled_in(small: SmallContent) -> None:
    small.edit(FEVER, "review_due", "more: Later than {as_of} we know nothing.\nreview_due")
    fever = load(small.folder, TODAY).answers["fever"]
    assert fever.answer.startswith("As of June 2025, ")
    assert fever.more == "Later than June 2025 we know nothing."


def test_the_version_tells_other_content(small: SmallContent, tmp_path: Path) -> None:
    def version(content: SmallContent) -> str:
        return examine(content.folder, TODAY)[0].version

    first = version(small)
    assert version(make_small_content(tmp_path / "elsewhere")) == first
    small.edit(CELLS, "in a lab", "in our lab")
    changed = version(small)
    (small.folder / CELLS).rename(small.folder / "faq/cell.yml")
    assert len({first, changed, version(small)}) == 3


def test_an_answer_is_named_by_its_file(small: SmallContent) -> None:
    (small.folder / FEVER).rename(small.folder / "faq/heat.yml")
    small.edit(CELLS, "related: [cost, fever]", "related: [cost, heat]")
    answers = load(small.folder, TODAY).answers
    assert set(answers) == {"cells", "cost", "heat"}
    assert (answers["heat"].id, answers["heat"].title) == ("heat", "Does it give a fever?")
