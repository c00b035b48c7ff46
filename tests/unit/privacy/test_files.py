"""What is wrong in data/privacy is told with file and key, all of it together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from guide.privacy import Fault, PrivacyError, Remover, load_rules

GOOD: dict[str, Any] = {
    "parts": {"digits": [r"\d{3}"]},
    "recognisers": {
        "badge": {
            "kind": "BADGE",
            "why": "a test",
            "patterns": [{"name": "plain", "score": 0.9, "regex": "badge (?P<it>{digits})"}],
        }
    },
    "cues": {"called": {"trust": "any", "why": "a test", "before": r"\bcalled"}},
    "words": {"never": "the and", "given": ["zork"]},
    "allowed": {"terms": ["Blorb"], "regex": [r"badge 000"]},
    "own_keys": ["place"],
    "own_values": [r"own-\d+"],
}


def written(folder: Path, content: object) -> Path:
    """A data folder with one file of rules."""
    (folder / "privacy").mkdir()
    text = content if isinstance(content, str) else yaml.safe_dump(content)
    (folder / "privacy" / "rules.yml").write_text(text, encoding="utf-8")
    return folder


def faults(folder: Path, content: object) -> list[Fault]:
    with pytest.raises(PrivacyError) as caught:
        load_rules(written(folder, content))
    assert str(caught.value) == "\n".join(map(str, caught.value.faults))
    return list(caught.value.faults)


def changed(**sections: object) -> dict[str, Any]:
    return {**GOOD, **sections}


def rule(**keys: object) -> dict[str, Any]:
    return changed(recognisers={"badge": {**GOOD["recognisers"]["badge"], **keys}})


def test_good_rules_work(tmp_path: Path) -> None:
    small = Remover(load_rules(written(tmp_path, GOOD)))
    assert small.clean("badge 123 and badge 000") == "badge <BADGE> and badge 000"
    assert small.clean("she is called Vash") == "she is called <NAME>"
    assert small.clean("ask zork") == "ask <NAME>"
    assert small.clean_value({"place": "badge 123", "x": "own-5"}) == {
        "place": "badge 123", "x": "own-5",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("content", "key", "text"),
    [
        ("a: [", "line 2", "expected"),
        ("- a", "", "must be names with values"),
        (changed(more=1), "more", "is unknown here"),
        ({k: v for k, v in GOOD.items() if k != "cues"}, "cues", "is missing"),
        (rule(kind="badge"), "recognisers.badge.kind", "must be capitals"),
        (rule(knid="X"), "recognisers.badge.knid", "is unknown here"),
        (rule(patterns=[]), "recognisers.badge.patterns", "must be a list of patterns"),
        (
            rule(patterns=[{"name": "x", "score": 2, "regex": "a"}]),
            "recognisers.badge.patterns[1].score", "at most 1",
        ),
        (
            rule(patterns=[{"name": "x", "score": 0.5, "regex": "("}]),
            "recognisers.badge.patterns[1].regex", "is no regular expression",
        ),
        (
            rule(patterns=[{"name": "x", "score": 0.5, "regex": "{digit}"}]),
            "recognisers.badge.patterns[1].regex", "unknown part {digit}",
        ),
        (
            rule(patterns=[{"name": "x", "score": 0.5}]),
            "recognisers.badge.patterns[1].regex", "is missing",
        ),
        (
            changed(cues={"called": {"trust": "some", "why": "", "before": "a"}}),
            "cues.called.trust", "must be one of any, likely",
        ),
        (changed(own_keys=["place", 5]), "own_keys[2]", "must be text"),
        (changed(words={"nver": "a"}), "words.nver", "is unknown here"),
    ],
)  # fmt: skip
def test_a_fault_is_told(tmp_path: Path, content: object, key: str, text: str) -> None:
    told = faults(tmp_path, content)
    assert any(f.key == key and text in f.text for f in told), told


def test_all_faults_are_told_together(tmp_path: Path) -> None:
    content = rule(kind=5, patterns=[{"name": "x", "score": 0.5, "regex": "("}])
    assert {fault.key for fault in faults(tmp_path, content)} == {
        "recognisers.badge.kind",
        "recognisers.badge.patterns[1].regex",
    }


def test_an_empty_folder_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "privacy").mkdir()
    with pytest.raises(PrivacyError, match=r"holds no \.yml files"):
        load_rules(tmp_path)
