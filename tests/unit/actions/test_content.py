"""data/trials.yml is refused with every fault named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.registry.content import ContentError, load_content
from actions.registry.finder import PROJECT
from actions.registry.wording import about

FILE = PROJECT / "data" / "trials.yml"


def faults(tmp_path: Path, data: Any) -> str:
    file = tmp_path / "trials.yml"
    file.write_text(data if isinstance(data, str) else yaml.safe_dump(data), encoding="utf-8")
    with pytest.raises(ContentError) as refusal:
        load_content(file)
    return str(refusal.value)


def test_all_faults_are_told_together(tmp_path: Path) -> None:
    data = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    del data["texts"]["caution"]
    data["texts"]["cuation"] = "Typo"
    data["texts"]["near"] = "{plaice}"
    data["texts"]["far"] = "?"
    data["texts"]["stale"] = "{date"
    data["texts"]["source"] = ""
    data["settings"]["radius_miles"] = "far"
    data["months"].pop()
    data["products"] = "ABC"
    data["query"] = "{place}"
    told = faults(tmp_path, data)
    for fault in (
        "trials.yml: texts.caution: is missing",
        "trials.yml: texts.cuation: is unknown",
        "trials.yml: texts.near: cannot use {plaice}",
        "trials.yml: texts.far: is unknown",
        "trials.yml: texts.stale: braces do not match",
        "trials.yml: texts.source: must be a text",
        "trials.yml: settings.radius_miles: must be a whole number of 1 or more",
        "trials.yml: months: must be twelve",
        "trials.yml: query: cannot use {place}",
        "trials.yml: products: must be a list of texts",
    ):
        assert fault in told


@pytest.mark.parametrize("data", ["[]", "a: {", "", "texts: {}"])
def test_another_shape_is_refused(tmp_path: Path, data: str) -> None:
    assert "trials.yml" in faults(tmp_path, data)


@pytest.mark.parametrize(
    ("miles", "said"), [(2, 5), (12, 10), (38, 40), (99, 100), (296, 300), (1434, 1430)]
)
def test_distances_are_no_more_exact_than_cities(miles: float, said: int) -> None:
    assert about(miles) == said
