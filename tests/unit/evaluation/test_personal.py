"""What counts as removed, so that the figure can be believed."""

from __future__ import annotations

from pathlib import Path

import pytest

from guide.content.problems import ContentError
from guide.evaluation.personal import Count, Marked, is_removed, read_marked, run_personal
from guide.evaluation.personal import wrong_words as wrongly
from guide.evaluation.report import flat
from guide.privacy import Detail

TEXT = "Anna Kowalska, 03-04-61, 93, St"


def name(start: int, end: int) -> Detail:
    return Detail(start, end, "NAME")


@pytest.mark.parametrize(
    ("start", "end", "found", "removed"),
    [
        (0, 13, [name(0, 13)], True),
        (0, 13, [name(0, 4), name(5, 13)], True),
        (0, 13, [name(0, 5)], False),
        (0, 13, [name(2, 13)], True),  # "An" says nothing
        (0, 13, [name(3, 13)], False),
        (0, 13, [], False),
        (15, 23, [name(15, 23)], True),
        (15, 23, [name(15, 20)], True),  # only the year is left
        (15, 23, [name(15, 17)], False),
        (25, 27, [name(25, 27)], True),
        (25, 27, [name(25, 26)], False),
    ],
)
def test_removed(start: int, end: int, found: list[Detail], removed: bool) -> None:
    assert is_removed(TEXT, start, end, found) is removed


def test_words_wrongly_removed() -> None:
    # "Anna" is a detail; of the five words that are none, two are touched.
    text = "Anna has lupus , since last year"
    wrong, words = wrongly(text, [(0, 4)], [name(0, 4), name(6, 10), name(14, 16)])
    assert (wrong, words) == (["has", "lupus"], 5)


def test_a_detail_counts_wherever_it_stands() -> None:
    count = Count()
    count.add(Marked("Anna asks. Sign: Anna. Annabel", ("Anna",)), [name(0, 4)])
    assert (count.details, count.removed) == (2, 1)
    assert count.figures() == {"personal details removed": 0.5, "words wrongly removed": 0.0}


@pytest.mark.parametrize(
    "entry", ["{text: a, personal: [b]}", "{text: a}", "{text: a, personal: ['']}"]
)
def test_a_file_with_faults_is_refused(tmp_path: Path, entry: str) -> None:
    (tmp_path / "personal.yml").write_text(f"- {entry}\n", encoding="utf-8")
    with pytest.raises(ContentError):
        read_marked(tmp_path / "personal.yml")


def test_the_figures_stand_in_the_table(tmp_path: Path) -> None:
    lines = "- {text: I am Anna Kowalska, personal: [Anna Kowalska]}\n- {text: hi, personal: []}\n"
    (tmp_path / "personal.yml").write_text(lines, encoding="utf-8")
    figures = run_personal(tmp_path / "personal.yml")
    assert figures["personal"]["messages"] == 2
    told = flat({"figures": {"right at once": 0.9}, **figures})
    assert told == {
        "right at once": 0.9, "personal details removed": 1.0, "words wrongly removed": 0.0,
    }  # fmt: skip
