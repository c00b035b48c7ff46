"""Results name what they hold for, and README shows those that are kept."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from benchmarks import plots, readme, results
from guide.evaluation.report import put_between
from guide.settings import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
TEXT = "before\n<!-- one: begin -->\nold\n<!-- one: end -->\nafter\n"


def test_the_readme_shows_the_results_that_are_kept() -> None:
    assert readme.updated(README) == README


def test_every_table_of_the_readme_has_its_result() -> None:
    shown = set(re.findall(r"<!-- bench-([a-z_]+): begin -->", README))
    assert {name for name in shown if not (results.FOLDER / f"{name}.json").exists()} == set()


def test_what_is_written_is_read_with_its_machine_versions_and_commit(tmp_path: Path) -> None:
    results.write("trial", {"a": 1.5}, tmp_path)
    found = results.read("trial", tmp_path)
    assert found["figures"] == {"a": 1.5}
    assert found["about"]["versions"]["rasa"] == "3.6.21"
    assert re.fullmatch(r"[0-9a-f]{7,}( \+ dirty)?|unknown", found["about"]["commit"])
    assert f"at commit {found['about']['commit']} on" in results.told(found)


def test_a_block_takes_the_place_of_the_old_one() -> None:
    changed = put_between(TEXT, "one", r"new \1")
    assert changed == TEXT.replace("old", r"new \1")


@pytest.mark.parametrize("text", ["", TEXT + TEXT], ids=["missing", "twice"])
def test_markers_that_are_not_there_once_are_told(text: str) -> None:
    with pytest.raises(ValueError, match="<!-- one: begin -->"):
        put_between(text, "one", "new")


def test_the_same_figures_make_the_same_plot(tmp_path: Path) -> None:
    for name in ("a.svg", "b.svg"):
        series = {"guide": [1.0, 2.0], "stock": [2.0, 8.0]}
        plots.line(tmp_path / name, "Title", [1, 64], series, "patients", "ms", log="xy")
    first, second = ((tmp_path / name).read_bytes() for name in ("a.svg", "b.svg"))
    assert first == second
    assert len(first) < 60_000


def test_a_plot_refuses_lines_that_it_could_not_tell_apart(tmp_path: Path) -> None:
    series = {str(number): [1.0] for number in range(len(plots.STYLES) + 1)}
    with pytest.raises(ValueError, match="zip"):
        plots.line(tmp_path / "a.svg", "Title", [1], series, "x", "y")
