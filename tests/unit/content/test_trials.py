"""data/trials.yml is refused with every fault named, together with those of the other content."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from guide.content import DATA, ContentError, load
from guide.content.trials import TrialContent, load_trials
from tests.unit.content.small_content import TODAY, SmallContent

FILE = DATA / "trials.yml"


def faults(folder: Path, data: Any) -> list[tuple[str, str, str]]:
    text = data if isinstance(data, str) else yaml.safe_dump(data)
    (folder / "trials.yml").write_text(text, encoding="utf-8")
    with pytest.raises(ContentError) as refusal:
        load_trials(folder)
    return [(p.file, p.key, p.id) for p in refusal.value.problems]


@pytest.fixture
def data() -> dict[str, Any]:
    """The project's own file."""
    return dict(yaml.safe_load(FILE.read_text(encoding="utf-8")))


def test_the_project_has_no_fault(data: dict[str, Any]) -> None:
    content = load_trials(DATA)
    assert isinstance(content, TrialContent)
    assert content.radius_miles == data["settings"]["radius_miles"]
    assert content.more_phrases[0] == data["more_phrases"][0]
    assert '"FT819"' in content.search


def test_all_faults_are_told_together(tmp_path: Path, data: dict[str, Any]) -> None:
    del data["texts"]["caution"]
    data["texts"]["cuation"] = "Typo"
    data["texts"]["near"] = "{plaice}"
    data["texts"]["stale"] = "{date"
    data["texts"]["source"] = ""
    data["settings"]["radius_miles"] = "far"
    data["settings"]["page_size"] = 0
    data["months"].pop()
    data["products"] = "ABC"
    data["more_phrases"] = ["More", 2]
    data["countries"] = ["United States"]
    data["query"] = "{place}"
    assert faults(tmp_path, data) == [
        ("trials.yml", key, f"trials.{id_}")
        for key, id_ in (
            ("countries", "E001"), ("months", "E007"), ("more_phrases[2]", "E006"),
            ("products", "E005"), ("query", "E009"), ("settings.page_size", "E004"),
            ("settings.radius_miles", "E004"), ("texts.caution", "E002"),
            ("texts.cuation", "E003"), ("texts.near", "E009"), ("texts.source", "E006"),
            ("texts.stale", "E008"),
        )
    ]  # fmt: skip


def test_a_number_where_words_belong_is_a_fault(tmp_path: Path, data: dict[str, Any]) -> None:
    data["texts"]["caution"] = 911
    assert faults(tmp_path, data) == [("trials.yml", "texts.caution", "trials.E006")]


def test_a_yes_or_no_is_told_with_its_line(tmp_path: Path) -> None:
    text = FILE.read_text(encoding="utf-8").replace("  - Show more\n", "  - no\n")
    line = text.splitlines().index("  - no") + 1
    assert faults(tmp_path, text) == [("trials.yml", f"line {line}", "yaml.E004")]


def test_a_fault_is_told_with_the_other_content_before_anything_is_trained(
    small: SmallContent,
) -> None:
    """The importer and `make train` load the content first, and so does each server."""
    small.edit("faq/cost.yml", "facts: [F2]", "facts: [F9]")
    text = FILE.read_text(encoding="utf-8").replace("{radius} miles of {place}", "{radios} miles")
    small.write("trials.yml", text)
    with pytest.raises(ContentError) as refusal:
        load(small.folder, TODAY)
    told = str(refusal.value)
    assert "faq/cost.yml: facts: names the unknown fact 'F9'" in told
    assert "trials.yml: texts.near: cannot use {radios} (trials.E009)" in told


@pytest.mark.parametrize("data", ["[]", "a: {", "", "texts: {}"])
def test_another_shape_is_refused(tmp_path: Path, data: str) -> None:
    assert {file for file, _, _ in faults(tmp_path, data)} == {"trials.yml"}
