"""Sentences of staff that are never trained on: the guide is measured by them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from guide.content.examples import words_of
from guide.content.model import Content
from guide.content.problems import Problem, must_be, unknown
from guide.content.yaml_text import read_yaml

FILE = "held_out/reviewed.yml"


@dataclass(frozen=True)
class HeldOut:
    """A message and every label (answer or kind of refusal) that is right."""

    text: str
    accept: tuple[str, ...]


def read_held_out(path: Path) -> tuple[tuple[HeldOut, ...], list[Problem]]:
    """A list of {text, accept}; nothing where the file is not there."""
    if not path.exists():
        return (), []
    raw, problems = read_yaml(path, FILE)
    if not isinstance(raw, list):
        return (), problems or [must_be(FILE, "", "held_out.E001", "a list", raw)]
    found = []
    for number, entry in enumerate(raw, 1):
        if _well_formed(entry):
            found.append(HeldOut(entry["text"].strip(), tuple(entry["accept"])))
        else:
            wanted = "a text and the list of what it accepts"
            problems.append(must_be(FILE, f"[{number}]", "held_out.E002", wanted, entry))
    return tuple(found), problems


def _well_formed(entry: Any) -> bool:
    if not isinstance(entry, dict) or set(entry) != {"text", "accept"}:
        return False
    text, accept = entry["text"], entry["accept"]
    texts = [text, *accept] if isinstance(accept, list) and accept else [None]
    return all(isinstance(one, str) and one.strip() for one in texts)


def held_out_problems(folder: Path, content: Content) -> list[Problem]:
    """Every fault of held_out/reviewed.yml of a data folder."""
    found, problems = read_held_out(folder / FILE)
    return [*problems, *_check(found, content)]


def _check(found: tuple[HeldOut, ...], content: Content) -> Iterator[Problem]:
    """Known labels, each message once, and none that is trained on: it would measure nothing."""
    known = {*content.answers, *content.examples}
    trained = {
        words_of(text): intent for intent, texts in content.examples.items() for text in texts
    } | {words_of(answer.title): answer.id for answer in content.answers.values()}
    seen = set()
    for one in found:
        key = words_of(one.text) or (one.text,)
        for label in one.accept:
            if label not in known:
                yield unknown(FILE, one.text, "held_out.E010", "answer or intent", label)
        if key in trained:
            yield Problem(FILE, one.text, "held_out.E011", f"is an example of {trained[key]}")
        if key in seen:
            yield Problem(FILE, one.text, "held_out.E012", "stands twice")
        seen.add(key)
