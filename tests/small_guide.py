"""A small guide: the project's own content cut down, so that it trains in seconds.

`make_small_guide(folder)` fills folder/data and folder/questions; `settings(folder)` are the
environment variables under which every command and server is that guide.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from guide.content import DATA
from guide.content.reader import Reader
from guide.content.yaml_text import read_yaml

ANSWERS = ("approved", "cost", "crs", "side_effects")
EACH_ANSWER, EACH_OTHER = 25, 12  # examples of an intent
# No answer of the small guide fits, and those of the project would.
REFUSED = "is the lab where they change the cells far away from the hospital"
URGENT = {
    "I have chest pain": "emergency", "I can't breathe since the infusion": "emergency",
    "I want to kill myself": "crisis",
}  # fmt: skip


def settings(folder: Path) -> dict[str, str]:
    """The environment of the small guide; its model, database and drafts are its own."""
    return {
        "GUIDE_DATA": str(folder / "data"), "GUIDE_MODELS": str(folder / "models"),
        "GUIDE_VAR": str(folder / "var"), "GUIDE_QUESTIONS": str(folder / "questions"),
        "DATABASE_URL": "",
    }  # fmt: skip


def make_small_guide(folder: Path, answers: Iterable[str] = ANSWERS) -> Path:
    """Content of these answers only, and questions to measure by that a good guide gets right.

    Rules, wording, urgent patterns, places and small talk are the project's; examples are a
    sample of the project's. It takes some 30 s to train.
    """
    data = folder / "data"
    shutil.copytree(DATA, data, ignore=shutil.ignore_patterns("faq", "nlu", "held_out"))
    (data / "nlu").mkdir()
    (data / "faq").mkdir()
    kept = {id_: _answer(id_, answers) for id_ in answers}
    for id_, answer in kept.items():
        _dump(data / "faq" / f"{id_}.yml", answer)
    _keep_facts(data / "article.yml", {f for answer in kept.values() for f in answer["facts"]})
    examples = _sample(set(answers))
    _dump(data / "nlu" / "sample.yml", {
        "version": "3.1",
        "nlu": [{"intent": intent, "examples": "".join(f"- {text}\n" for text in texts)}
                for intent, texts in examples.items()],
    })  # fmt: skip
    _questions(folder / "questions", kept, examples)
    return data


def _answer(id_: str, answers: Iterable[str]) -> dict[str, Any]:
    path = DATA / "faq" / f"{id_}.yml"
    answer = read_yaml(path, path.name)[0]
    related = [other for other in answer.get("related", []) if other in set(answers)]
    return {**answer, "related": related}


def _keep_facts(path: Path, facts: set[str]) -> None:
    """Every fact of the article must be stated by an answer."""
    article = read_yaml(path, path.name, allow_booleans=True)[0]
    sections = {
        name: {fact: text for fact, text in listed.items() if fact in facts}
        for name, listed in article["sections"].items()
    }
    _dump(path, {**article, "sections": {name: kept for name, kept in sections.items() if kept}})


def _sample(answers: set[str]) -> dict[str, list[str]]:
    """Examples of the answers and of all that is no answer, spread over those of the project."""
    project = {path.stem for path in (DATA / "faq").glob("*.yml")}
    result = {}
    for intent, texts in sorted(Reader(DATA).examples().items()):
        if intent in answers or intent not in project:
            most = EACH_ANSWER if intent in answers else EACH_OTHER
            result[intent] = list(texts[:: max(1, len(texts) // most)][:most])
    return result


def _questions(
    folder: Path, answers: dict[str, dict[str, Any]], examples: dict[str, list[str]]
) -> None:
    """Sets that stay right after any training: what is known word for word, and the patterns."""
    folder.mkdir()
    refused = [(text, intent) for intent, texts in examples.items() for text in texts[:2]
               if intent.startswith("oos_")]  # fmt: skip
    sets = {
        "in_scope": [(answer["title"], id_) for id_, answer in answers.items()],
        "near_misses": [one for one in refused if one[1] != "oos_not_health"],
        "unrelated": [one for one in refused if one[1] == "oos_not_health"],
        "urgent": list(URGENT.items()),
    }
    for name, listed in sets.items():
        entries = [{"text": text, "accept": [label]} for text, label in listed]
        (folder / f"{name}.yml").write_text(json.dumps(entries), encoding="utf-8")


def _dump(path: Path, value: Any) -> None:
    path.write_text(yaml.safe_dump(value, allow_unicode=True, sort_keys=False), encoding="utf-8")
