"""What the documents name is there, and what is there is named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from guide.settings import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")
SETTING = re.compile(r"^([A-Z][A-Z_]+)=", re.MULTILINE)
# Names of settings, wherever a module that reads the environment has them: in calls or in tables.
READ = re.compile(r"""["']([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)["']""")
# What the guide sets for its libraries and for itself is not for whoever runs it.
FOR_LIBRARIES = {
    "GUIDE_LIVE_SEEN", "PTB_TIMEDELTA", "RASA_TELEMETRY_ENABLED", "SQLALCHEMY_SILENCE_UBER_WARNING",
    "TF_CPP_MIN_LOG_LEVEL", "DJANGO_SETTINGS_MODULE", "LOG_LEVEL", "LOG_LEVEL_LIBRARIES",
    "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TOKENIZERS_PARALLELISM",
}  # fmt: skip
# Given to one command and kept nowhere.
NOT_KEPT = {"STAFF_PASSWORD"}
# Django's own names, in the module that also reads settings.
OF_DJANGO = {"APP_DIRS", "HTTP_X_FORWARDED_PROTO"}
DOCUMENTS = [
    ROOT / "README.md",
    *(p for f in ("deploy", "docs") for p in sorted((ROOT / f).glob("*.md"))),
]
LINK = re.compile(r"\]\((?!https?://|#)([^)\s]+)\)")


def read_by_the_code() -> set[str]:
    paths = [
        path for folder in ("guide", "actions", "staff") for path in (ROOT / folder).rglob("*.py")
    ]
    sources = [path.read_text(encoding="utf-8") for path in paths]
    found = {name for text in sources if "environ" in text for name in READ.findall(text)}
    return found - FOR_LIBRARIES - NOT_KEPT - OF_DJANGO


def test_every_setting_stands_in_the_example() -> None:
    assert read_by_the_code() - set(SETTING.findall(EXAMPLE)) == set()


def test_the_example_names_no_setting_that_nobody_reads() -> None:
    assert set(SETTING.findall(EXAMPLE)) - read_by_the_code() == set()


def test_the_example_holds_no_secret() -> None:
    values = dict(re.findall(r"^([A-Z_]*(?:SECRET|TOKEN)[A-Z_]*)=(.*)$", EXAMPLE, re.MULTILINE))
    assert values
    assert not any(values.values())


def test_every_attribute_of_the_widget_stands_in_the_readme() -> None:
    element = (ROOT / "widget" / "src" / "element.js").read_text(encoding="utf-8")
    attributes = set(re.findall(r"data-[a-z-]+", "".join(re.findall(r"@attr .*", element))))
    assert attributes
    assert {name for name in attributes if f"| `{name}` |" not in README} == set()


def test_every_verb_stands_in_the_readme() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    verbs = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE)) - {"install", "install-dev"}
    assert {verb for verb in verbs if f"make {verb}" not in README} == set()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_what_a_document_links_to_is_there(path: Path) -> None:
    missing = [
        link
        for link in LINK.findall(path.read_text(encoding="utf-8"))
        if not (path.parent / link).exists()
    ]
    assert not missing


@pytest.mark.parametrize("folder", ["guide", "data", "tests", "deploy", "widget", "models"])
def test_what_the_readme_names_in_code_is_there(folder: str) -> None:
    named = re.findall(rf"`({folder}/[\w./-]+)`", README)
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []
