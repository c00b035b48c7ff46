"""The small texts: read, filled in, and refused with every fault named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from guide.content import DATA, Article, Content, ContentError
from guide.content.wording import LISTS, MAPPINGS, TEXTS, load_responses, load_wording
from guide.settings import retention_days

ARTICLE = Article("New Cells", "Example House", "A. Writer", "https://example.org", "2025-06", {})


@pytest.fixture
def raw() -> dict[str, Any]:
    """A wording.yml without a fault."""
    return {
        **{key: f" The text of {key}. " for key in TEXTS},
        **{key: ["one", "two"] for key in LISTS},
        **{key: {"first": "1"} for key in MAPPINGS},
        "urgent_texts": {"es": dict.fromkeys(("emergency", "crisis", "urgent"), "Llame.")},
    }


def write(folder: Path, raw: object, languages: str = "es: Hola.") -> Path:
    text = raw if isinstance(raw, str) else yaml.safe_dump(raw)
    (folder / "wording.yml").write_text(text, encoding="utf-8")
    (folder / "languages.yml").write_text(languages, encoding="utf-8")
    return folder


def faults(folder: Path) -> list[tuple[str, str, str]]:
    with pytest.raises(ContentError) as refusal:
        load_wording(folder, ARTICLE)
    return sorted((problem.file, problem.key, problem.id) for problem in refusal.value.problems)


def test_texts_are_read(tmp_path: Path, raw: dict[str, Any]) -> None:
    wording = load_wording(write(tmp_path, raw), ARTICLE)
    assert wording.say("failed") == "The text of failed."
    assert wording.lists["all_words"] == ("one", "two")
    assert wording.mappings["ordinals"] == {"first": "1"}
    assert wording.languages == {"es": "Hola."}


def test_names_are_filled_in(tmp_path: Path, raw: dict[str, Any]) -> None:
    raw["source_line"] = '{publisher}, "{title}", {author}, {contact}, {month}: {question} {other}'
    wording = load_wording(write(tmp_path, raw), ARTICLE)
    assert wording.say("source_line", question="How much?") == (
        'Example House, "New Cells", A. Writer, https://example.org, June 2025: How much? {other}'
    )
    assert wording.fill("{length} of {limit}", length=5000, limit=1000) == "5000 of 1000"
    assert wording.fill("as of {month}", month="May 2024") == "as of May 2024"


def test_a_question_with_braces_stays_as_it_was_asked(tmp_path: Path, raw: dict[str, Any]) -> None:
    wording = load_wording(write(tmp_path, raw), ARTICLE)
    assert wording.fill("{question}", question="what is {title}") == "what is {title}"


def test_every_fault_is_told_together(tmp_path: Path, raw: dict[str, Any]) -> None:
    del raw["failed"]
    raw["about"] = ["a list"]
    raw["all_words"] = "one"
    raw["ordinals"] = ["one"]
    raw["last_words"] = ["last", {"Is it": "safe?"}]
    raw["urgent_texts"] = {
        "es": {"emergency": ["a"], "crisis": "b", "urgent": "c"},
        "fr": {"emergency": "a"},
        "de": "no",
    }
    raw["notise"] = "A typo."
    assert faults(write(tmp_path, raw, "es: [Hola]\nfr: no")) == [
        ("languages.yml", "es", "wording.E003"),
        ("languages.yml", "line 2", "yaml.E004"),
        ("wording.yml", "about", "wording.E001"),
        ("wording.yml", "all_words", "wording.E001"),
        ("wording.yml", "failed", "wording.E001"),
        ("wording.yml", "last_words[2]", "wording.E003"),
        ("wording.yml", "notise", "wording.E002"),
        ("wording.yml", "ordinals", "wording.E001"),
        ("wording.yml", "urgent_texts.de", "wording.E001"),
        ("wording.yml", "urgent_texts.es.emergency", "wording.E003"),
        ("wording.yml", "urgent_texts.fr", "wording.E001"),
    ]


@pytest.mark.parametrize("text", ["a: [", "a: \t- b", "a: 'x"])
def test_broken_yaml_is_one_fault(tmp_path: Path, text: str) -> None:
    ((file, key, id_),) = faults(write(tmp_path, text))
    assert (file, id_) == ("wording.yml", "yaml.E001")
    assert key.startswith("line ")


@pytest.mark.parametrize("text", ["", "[]", "text"])
def test_an_empty_file_lacks_every_text(tmp_path: Path, text: str) -> None:
    assert {key for _, key, _ in faults(write(tmp_path, text))} == {
        *TEXTS, *LISTS, *MAPPINGS, "urgent_texts",
    }  # fmt: skip


@pytest.mark.parametrize("text", ["- es", "Hola"])
def test_languages_are_a_mapping(tmp_path: Path, raw: dict[str, Any], text: str) -> None:
    assert faults(write(tmp_path, raw, text)) == [("languages.yml", "", "wording.E001")]


def test_files_that_are_not_there(tmp_path: Path) -> None:
    assert faults(tmp_path) == [
        ("languages.yml", "", "yaml.E005"),
        ("wording.yml", "", "yaml.E005"),
    ]


def test_responses_of_a_domain(tmp_path: Path) -> None:
    path = tmp_path / "domain.yml"
    path.write_text(
        'version: "3.1"\nsession_config:\n  carry: true\n  time: 0\n'
        "responses:\n  utter_urgent:\n    - text: Call now.\n      kind: urgent\n"
    )
    assert load_responses(path) == {"utter_urgent": [{"text": "Call now.", "kind": "urgent"}]}


@pytest.mark.parametrize("text", ["", "intents: [a]", "responses: [a]", "responses: {", "[]"])
def test_a_domain_without_responses_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "domain.yml"
    path.write_text(text)
    with pytest.raises(ContentError, match=r"domain\.yml"):
        load_responses(path)


def test_a_domain_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"nowhere\.yml: cannot be read"):
        load_responses(tmp_path / "nowhere.yml")


def test_the_project_has_its_texts(project: Content) -> None:
    wording = load_wording(DATA, project.article)
    assert set(wording.lists["starter_questions"]) <= set(project.answers)
    shown = wording.say("source_line")
    assert project.article.publisher in shown
    assert wording.known["month"] in shown
    assert "{" not in shown
    assert all("911" in line for line in wording.languages.values())
    for kind in ("emergency", "crisis", "urgent"):
        assert f"utter_{kind}" in load_responses()
        assert all(
            number in wording.urgent[code][kind]
            for code in ("es", "fr", "de")
            for number in (["988", "911"] if kind == "crisis" else ["911"])
        )


@pytest.mark.parametrize("value", ["", "30"])
def test_patients_are_told_the_days_of_the_setting(
    project: Content, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("GUIDE_RETENTION_DAYS", value)
    wording = load_wording(DATA, project.article)
    kept = f"for {retention_days()} days"
    privacy = load_responses()["utter_privacy"][0]["text"]
    for told in (wording.say("notice"), wording.say("slack_home_privacy"), wording.fill(privacy)):
        assert kept in told
        assert "{" not in told
