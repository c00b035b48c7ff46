"""docs/security.md and docs/advisories.yml say what is so."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from guide.content.yaml_text import read_yaml
from guide.settings import ROOT
from tools.audit import Advisory, answers, compare, listed, pinned, table, tell

PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
REQUIREMENTS = (ROOT / "requirements.txt").read_text(encoding="utf-8")
ADVISORIES = listed()
OURS = ("guide", "actions", "staff")
SETTINGS = ("config.yml", "endpoints.yml", "credentials.yml")
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
ID = re.compile(r"CVE-\d{4}-\d{4,}|PYSEC-\d{4}-\d+|GHSA(-[23456789cfghjmpqrvwx]{4}){3}")
ONE = Advisory("thing", "1.0", ["CVE-2026-11111"], "about", "2.0", "rasa", "closed", [])


def threats() -> list[str]:
    """The rows of the tables of threats."""
    part = PAGE.partition("## Threats")[2].partition("\n## ")[0]
    rows = [line for line in part.splitlines() if line.startswith("| ")]
    return [row for row in rows if not row.startswith(("| who |", "| --- |"))]


@cache
def names_in(path: Path) -> set[str]:
    body = ast.parse(path.read_text(encoding="utf-8")).body
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in body if isinstance(node, functions)}


@pytest.mark.parametrize("row", threats(), ids=lambda row: row.split("|")[2].strip()[:50])
def test_a_threat_has_a_test(row: str) -> None:
    who, what, stopped, tests = (cell.strip() for cell in row.strip("|").split("|"))
    assert who and what and stopped
    named = NAMED.findall(tests)
    assert named
    for file, name in named:
        assert name.startswith("test_")
        assert name in names_in(ROOT / file), f"{file}::{name} is gone"


def test_every_kind_of_threat_is_there() -> None:
    assert len(threats()) > 40


def test_the_page_lists_every_advisory() -> None:
    assert table(ADVISORIES) in PAGE, "python -m tools.audit page writes it anew"


@pytest.mark.parametrize("one", ADVISORIES, ids=lambda one: f"{one.package}-{one.ids[0]}")
def test_an_advisory_is_of_what_is_pinned(one: Advisory) -> None:
    assert pinned(REQUIREMENTS).get(one.package) == one.version, "out of date: look it up anew"


@pytest.mark.parametrize("one", ADVISORIES, ids=lambda one: f"{one.package}-{one.ids[0]}")
def test_what_an_advisory_says_of_our_code_is_true(one: Advisory) -> None:
    assert one.absent
    files = [path for folder in OURS for path in (ROOT / folder).rglob("*.py")]
    files += [ROOT / name for name in SETTINGS]
    text = {path: path.read_text(encoding="utf-8") for path in files}
    assert [(path, word) for path in files for word in one.absent if word in text[path]] == []


def test_ids_of_advisories_are_ids_and_stand_once() -> None:
    ids = [(one.package, id_) for one in ADVISORIES for id_ in one.ids]
    assert [id_ for _, id_ in ids if not ID.fullmatch(id_)] == []
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned_with_a_hash(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    blocks = re.sub(r" \\\n\s*", " ", re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE))
    lines = blocks.splitlines()
    assert lines
    assert [line for line in lines if not re.search(r"^\S+==\S+ .*--hash=sha256:", line)] == []
    assert "://" not in text
    assert "--require-hashes" in (ROOT / "tools" / "setup.sh").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "line",
    [
        "- !!python/object/apply:os.system [id]",
        "- !!python/name:os.system",
        "- !!python/module:os",
    ],
)
def test_content_that_names_code_is_a_fault(tmp_path: Path, line: str) -> None:
    path = tmp_path / "x.yml"
    path.write_text(f"questions:\n  {line}\n", encoding="utf-8")
    value, problems = read_yaml(path, "x.yml")
    assert value is None
    assert problems


def report(*vulnerable: tuple[str, list[str]], version: str = "1.0") -> dict[str, object]:
    found = [{"id": id_, "aliases": aliases} for id_, aliases in vulnerable]
    return {"dependencies": [{"name": "Thing", "version": version, "vulns": found}]}


def test_an_advisory_that_is_listed_by_either_name_is_no_news(
    capsys: pytest.CaptureFixture[str],
) -> None:
    by_alias = report(("PYSEC-2026-1", ["GHSA-2222-2222-2222", "CVE-2026-11111"]))
    assert tell("osv", compare(by_alias, [ONE])) == 0
    assert tell("osv", compare(report(("CVE-2026-11111", [])), [ONE])) == 0
    assert "is not in" not in capsys.readouterr().out


def test_an_advisory_that_is_not_listed_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert tell("osv", compare(report(("CVE-2026-22222", [])), [ONE])) == 1
    assert "thing 1.0: CVE-2026-22222 is not in docs/advisories.yml" in capsys.readouterr().out
    newer = report(("CVE-2026-11111", []), version="1.1")
    assert tell("osv", compare(newer, [ONE])) == 1


def test_a_package_that_nobody_knows_is_not_called_fine(capsys: pytest.CaptureFixture[str]) -> None:
    skipped = {"dependencies": [{"name": "thing", "skip_reason": "not found"}]}
    assert tell("pypi", compare(skipped, [ONE])) == 2
    assert "knows nothing of: thing" in capsys.readouterr().out


@pytest.mark.parametrize(
    "said",
    [
        '{"dependencies": [{"name": "thing", "skip_reason": "not found"}]}',
        '{"dependencies": [{"name": "thing", "version": "1.0", "vulns": []}]}',
        "",
        "Traceback (most recent call last):",
    ],
)
def test_who_does_not_know_what_is_known_is_no_database(tmp_path: Path, said: str) -> None:
    program = tmp_path / "pip-audit"
    program.write_text(f"#!/bin/sh\ncat <<'END'\n{said}\nEND\n", encoding="utf-8")
    program.chmod(0o755)
    assert not answers(str(program), "osv", [ONE])
    assert not answers(str(tmp_path / "none"), "osv", [ONE])
