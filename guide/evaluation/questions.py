"""Held-out messages and dialogues, as tests/questions keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from guide.content.held_out import HeldOut, read_held_out
from guide.content.problems import ContentError, Problem, must_be
from guide.content.yaml_text import read_yaml

SETS = ("in_scope", "near_misses", "unrelated", "urgent", "look_alikes", "small_talk")


Question = HeldOut  # labels here are answers, kinds of refusal, urgency and requests


@dataclass(frozen=True)
class Expected:
    """One turn of a dialogue: the patient's words and the replies that pass.

    `kinds`: accepted kinds; `any_of`: at least one of these answers is shown; `all_of`: all are.
    """

    text: str
    kinds: tuple[str, ...]
    any_of: tuple[str, ...] = ()
    all_of: tuple[str, ...] = ()


@dataclass(frozen=True)
class Dialogue:
    """A conversation of several turns."""

    name: str
    turns: tuple[Expected, ...]


def read_questions(folder: Path) -> dict[str, tuple[Question, ...]]:
    """The sets by name, those that the folder holds.

    Raises:
        ContentError: a file is not a list of {text, accept}.
    """
    return {
        name: tuple(
            Question(entry["text"], tuple(entry["accept"]))
            for entry in read_entries(folder / f"{name}.yml", {"text", "accept"})
        )
        for name in SETS
        if (folder / f"{name}.yml").exists()
    }


def with_staffs(
    sets: Mapping[str, tuple[Question, ...]], path: Path
) -> dict[str, tuple[Question, ...]]:
    """The sets, and at their ends what staff held out: answerable messages in scope, others among
    the near misses.

    Raises:
        ContentError: the file of staff has faults.
    """
    found, problems = read_held_out(path)
    if problems:
        raise ContentError(problems)
    refused = tuple(one for one in found if one.accept[0].startswith("oos_"))
    answered = tuple(one for one in found if one not in refused)
    more = {"in_scope": answered, "near_misses": refused}
    return dict(sets) | {name: sets.get(name, ()) + more[name] for name in more if more[name]}


def read_dialogues(path: Path) -> tuple[Dialogue, ...]:
    """The dialogues of a file.

    Raises:
        ContentError: the file is not a list of {name, turns}.
    """
    return tuple(
        Dialogue(entry["name"], tuple(_turn(turn) for turn in entry["turns"]))
        for entry in read_entries(path, {"name", "turns"})
    )


def _turn(raw: dict[str, Any]) -> Expected:
    kind = raw["kind"]
    kinds = (kind,) if isinstance(kind, str) else tuple(kind)
    return Expected(raw["patient"], kinds, tuple(raw.get("answers", ())), tuple(raw.get("all", ())))


def read_entries(path: Path, keys: set[str]) -> list[dict[str, Any]]:
    """A list of mappings that all have these keys.

    Raises:
        ContentError: it is none.
    """
    raw, problems = read_yaml(path, path.name)
    if not problems and not isinstance(raw, list):
        problems = [must_be(path.name, "", "questions.E001", "a list", raw)]
    if not problems:
        problems = [
            Problem(path.name, f"[{number}]", "questions.E002", f"needs the keys {sorted(keys)}")
            for number, entry in enumerate(raw, 1)
            if not isinstance(entry, dict) or not keys <= set(entry)
        ]
    if problems:
        raise ContentError(problems)
    return list(raw)
