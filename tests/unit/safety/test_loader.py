"""Faults in the file of patterns: each is named with its place, all of them together."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from guide.safety import PATTERNS, PatternError, Urgent, load_patterns, screen


def _with(path: Path, change: dict[str, object]) -> Path:
    """A copy of the project's patterns, in one file, with other sections."""
    data: dict[str, object] = {}
    for part in sorted(PATTERNS.glob("*.yml")):
        for name, value in yaml.safe_load(part.read_text(encoding="utf-8")).items():
            kept = data.setdefault(name, value)
            if kept is not value:
                assert name in {"lists", "signs"}
                kept.update(value)  # type: ignore[attr-defined]
    data |= change
    file = path / "safety.yml"
    file.write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    return file


def _sign(**keys: object) -> dict[str, object]:
    return {"signs": {"sign": {"kind": "urgent", "sure": ["fever"]} | keys}}


@pytest.mark.parametrize(
    ("change", "key", "words"),
    [
        (_sign(kind="bad"), "signs.sign.kind", "must be one of emergency, crisis, urgent"),
        (_sign(language="french"), "signs.sign.language", "must be two letters"),
        (_sign(body_first="x"), "signs.sign.body_first", "true or false"),
        (_sign(at_least=0), "signs.sign.at_least", "a number from 1"),
        (_sign(maybe=["x"]), "signs.sign.maybe", "is unknown here"),
        (_sign(sure=[911]), "signs.sign.sure[1]", "put it in quotes"),
        (_sign(sure="fever"), "signs.sign.sure", "must be a list of texts"),
        (_sign(sure=["a {nothing} b"]), "signs.sign.sure[1]", "unknown list {nothing}"),
        (_sign(sure=["(fever"]), "signs.sign.sure[1]", "a bracket that is not closed"),
        (_sign(sure=["fever)"]), "signs.sign.sure[1]", "')' does not belong there"),
        (_sign(sure=["? fever"]), "signs.sign.sure[1]", "nothing before it"),
        (_sign(sure=["fever: high"]), "signs.sign.sure[1]", "contains ':'"),
        (_sign(sure=["fever <40-38>"]), "signs.sign.sure[1]", "empty or too wide"),
        (_sign(sure=["fever <4.0.1-5>"]), "signs.sign.sure[1]", "unreadable range"),
        (_sign(sure=["fever?"]), "signs.sign.sure[1]", "no word that must be there"),
        (_sign(sure=["(the|my) fever"]), "signs.sign.sure[1]", "skipped"),
        (_sign(sure=["a1 ~ b1 ~ c1 ~ d1"]), "signs.sign.sure[1]", "more than three"),
        (_sign(of=["nothing"]), "signs.sign.of[1]", "unknown list"),
        ({"signs": {"sign": {"kind": "urgent"}}}, "signs.sign", "has no phrases"),
        ({"signs": []}, "signs", "must be names with values"),
        ({"harmless": ["fever & price"]}, "harmless[1]", "one piece"),
        ({"denied": ["not at all"]}, "denied[1]", "a single word"),
        ({"extra": []}, "extra", "is unknown here"),
    ],
)
def test_fault_is_named(tmp_path: Path, change: dict[str, object], key: str, words: str) -> None:
    with pytest.raises(PatternError) as caught:
        load_patterns(_with(tmp_path, change))
    (fault,) = caught.value.faults
    assert (fault.file, fault.key) == ("safety.yml", key)
    assert words in fault.text


def test_all_faults_are_told_together(tmp_path: Path) -> None:
    with pytest.raises(PatternError) as caught:
        load_patterns(_with(tmp_path, _sign(kind="bad", sure=["(x", "fever"]) | {"over": [1]}))
    assert [fault.key for fault in caught.value.faults] == [
        "over[1]", "signs.sign.kind", "signs.sign.sure[1]",
    ]  # fmt: skip
    assert "safety.yml: over[1]: must be text" in str(caught.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"a: [", "expected"), (b"\xff\xfe\xff", "cannot be read"), (b"- a", "must be names")],
)
def test_file_that_is_none(tmp_path: Path, content: bytes, words: str) -> None:
    file = tmp_path / "safety.yml"
    file.write_bytes(content)
    with pytest.raises(PatternError, match=words):
        load_patterns(file)


def test_missing_file_and_section(tmp_path: Path) -> None:
    with pytest.raises(PatternError, match="FileNotFoundError"):
        load_patterns(tmp_path / "none.yml")
    file = tmp_path / "safety.yml"
    file.write_text("lists: {}\n", encoding="utf-8")
    with pytest.raises(PatternError, match="signs: is missing"):
        load_patterns(file)


def test_several_files_are_one(tmp_path: Path) -> None:
    _with(tmp_path, {"signs": {"first": {"kind": "urgent", "sure": ["{colour} toe"]}}})
    (tmp_path / "a.yml").write_text("lists: {colour: [blue]}\n", encoding="utf-8")
    found = load_patterns(tmp_path)
    assert screen("a blue toe", found) == Urgent("urgent", "first", "en")


def test_a_fault_names_its_file_and_a_name_stands_once(tmp_path: Path) -> None:
    _with(tmp_path, {})
    (tmp_path / "z.yml").write_text(
        "signs:\n  suicidio: {kind: bad, sure: [x]}\nover: [1]\n", encoding="utf-8"
    )
    with pytest.raises(PatternError) as caught:
        load_patterns(tmp_path)
    assert [(fault.file, fault.key) for fault in caught.value.faults] == [
        ("z.yml", "over[1]"), ("z.yml", "signs.suicidio"), ("z.yml", "signs.suicidio.kind"),
    ]  # fmt: skip
