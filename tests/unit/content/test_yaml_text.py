"""Every value is text, or the editor is told the file and the line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from guide.content import yaml_text
from guide.content.problems import Problem, must_be
from guide.content.yaml_text import read_yaml


def read(tmp_path: Path, text: str | bytes, **options: bool) -> tuple[Any, list[Problem]]:
    path = tmp_path / "some.yml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_yaml(path, "faq/some.yml", **options)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        # Plain text as editors write it.
        ("- yes please\n- no, thanks\n- 911 calls", ["yes please", "no, thanks", "911 calls"]),
        ("- Is it:safe?\n- 2 of 3", ["Is it:safe?", "2 of 3"]),
        ("- what's up\n- so-called 'cure'", ["what's up", "so-called 'cure'"]),
        # Words that YAML would take for something else, in quotes.
        ("- 'no'\n- \"911\"\n- 'null'", ["no", "911", "null"]),
        ("- 'Is it: safe?'\n- \"# 1\"", ["Is it: safe?", "# 1"]),
        ("a: |\n  no\n", {"a": "no\n"}),
        ("'911': x\n'no': y", {"911": "x", "no": "y"}),
        ("a: ''", {"a": ""}),
        # Dates and months stay the text they are.
        ("a: 2027-05-22\nb: 2025-06", {"a": "2027-05-22", "b": "2025-06"}),
        ("a: 2027-05-22T10:00:00Z", {"a": "2027-05-22T10:00:00Z"}),
        # What other people's editors leave behind.
        ("a: x\r\nb: y\r\n", {"a": "x", "b": "y"}),
        (b"\xef\xbb\xbfa: x\n", {"a": "x"}),
        ("a: Müller 你好 😀", {"a": "Müller 你好 😀"}),
        ("a:\tx", {"a": "x"}),
        # Nothing at all.
        ("", None),
        ("# a note\n", None),
    ],
)
def test_text_is_kept(tmp_path: Path, text: str | bytes, value: object) -> None:
    assert read(tmp_path, text) == (value, [])


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("- no", "no"),
        ("- Yes", "Yes"),
        ("- on", "on"),
        ("- true", "true"),
        ("- 911", "911"),
        ("- 1_000", "1_000"),
        ("- 10:30", "10:30"),
        ("- 0x1F", "0x1F"),
        ("- 3.1", "3.1"),
        ("- .inf", ".inf"),
        ("- null", "null"),
        ("- ~", "~"),
        ("-", ""),
        ("- # later", ""),
    ],
)
def test_what_is_no_text_is_told_with_its_line(tmp_path: Path, line: str, word: str) -> None:
    value, (problem,) = read(tmp_path, f"- first\n- second\n{line}\n- last\n")
    assert (problem.id, problem.file, problem.key) == ("yaml.E004", "faq/some.yml", "line 3")
    assert repr(word) in problem.text
    assert "quotes" in problem.text
    assert value == ["first", "second", word, "last"]


@pytest.mark.parametrize(
    ("text", "id_", "line"),
    [
        # Keys.
        ("a: x\nb: y\na: z", "yaml.E003", 3),
        ("a:\n  b: x\n  b: y", "yaml.E003", 3),
        ("? [a]\n: b", "yaml.E002", 1),
        ("a: x\n{b: c}: d", "yaml.E002", 2),
        ("a: x\nno: y", "yaml.E004", 2),
        # No YAML.
        ("a: [1", "yaml.E001", 2),
        ("a: 'x\nb: y", "yaml.E001", 2),
        ("a: Is it: safe?", "yaml.E001", 1),
        ("a: x\nb: @y", "yaml.E001", 2),
        ("a: x\nb: *y", "yaml.E001", 2),
        ("a:\n  - x\n b: y", "yaml.E001", 3),
        ("a: !thing x", "yaml.E001", 1),
        ("a: !!python/name:os.system x", "yaml.E001", 1),
        ("a: &b [*b]", "yaml.E001", 1),
        ("<<: {a: b}", "yaml.E001", 1),
        ("a: x\n---\nb: y", "yaml.E001", 2),
        # Tabs as indentation.
        ("a:\n\t- b", "yaml.E001", 2),
        ("a: b\n\tc: d", "yaml.E001", 2),
        # Characters that no editor shows.
        ("a: é\nb: y\x07", "yaml.E001", 2),
        ("a: x\x00", "yaml.E001", 1),
    ],
)
def test_faults_name_file_and_line(tmp_path: Path, text: str, id_: str, line: int) -> None:
    _, (problem,) = read(tmp_path, text)
    assert (problem.id, problem.file, problem.key) == (id_, "faq/some.yml", f"line {line}")
    assert str(problem).startswith(f"faq/some.yml: line {line}: ")


def test_control_characters_are_told_without_the_c_parser_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Slow(yaml.SafeLoader):
        problems: list[Problem]

    monkeypatch.setattr(yaml_text, "_TextLoader", Slow)
    value, (problem,) = read(tmp_path, "a: x\nb: \x01")
    assert value is None
    assert (problem.id, problem.key) == ("yaml.E001", "line 2")


def test_a_colon_in_a_question_makes_no_text_of_it(tmp_path: Path) -> None:
    # No fault of the YAML: who reads the list tells that the item is no text (see test_reader).
    assert read(tmp_path, "- Is it: safe?") == ([{"Is it": "safe?"}], [])


def test_several_faults_are_told_together(tmp_path: Path) -> None:
    value, problems = read(tmp_path, "a: no\nb: [yes, 911]\na: x\n")
    assert [(p.key, p.id) for p in problems] == [
        ("line 1", "yaml.E004"),
        ("line 2", "yaml.E004"),
        ("line 2", "yaml.E004"),
        ("line 3", "yaml.E003"),
    ]
    assert value == {"a": "x", "b": ["yes", "911"]}


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\xff", "a: é".encode("latin-1"), b"\xff\xfea"])
def test_other_bytes_are_told(tmp_path: Path, data: bytes) -> None:
    value, (problem,) = read(tmp_path, data)
    assert value is None
    assert (problem.id, problem.file) == ("yaml.E005", "faq/some.yml")


@pytest.mark.parametrize("name", ["missing.yml", "."])
def test_what_cannot_be_opened_is_told(tmp_path: Path, name: str) -> None:
    value, (problem,) = read_yaml(tmp_path / name, name)
    assert value is None
    assert (problem.id, problem.file) == ("yaml.E005", name)


def test_flags_are_read_where_they_are_meant(tmp_path: Path) -> None:
    text = "a: true\nb: no\nc: 911\n"
    value, (problem,) = read(tmp_path, text, allow_booleans=True)
    assert value == {"a": True, "b": False, "c": "911"}
    assert problem.key == "line 3"


def test_a_value_that_repeats_itself_without_end_is_told_shortly(tmp_path: Path) -> None:
    levels = "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12))
    path = tmp_path / "bomb.yml"
    path.write_text(f"a0: &a0 [lol]\n{levels}\n")
    value, problems = read_yaml(path, "bomb.yml")
    assert problems == []
    assert len(str(must_be("bomb.yml", "a11", "x.E001", "text", value["a11"]))) < 5000


@pytest.mark.parametrize(
    "text", ["[" * 200_000, "- " * 200_000 + "x", "? " * 200_000, "{a: " * 200_000]
)
def test_a_file_that_is_far_too_deep_is_a_fault(tmp_path: Path, text: str) -> None:
    path = tmp_path / "deep.yml"
    path.write_text(text)
    value, problems = read_yaml(path, "deep.yml")
    assert value is None
    assert [problem.id for problem in problems] == ["yaml.E001"]
