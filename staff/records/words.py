"""What staff read in place of the short names in the database: staff/words.yml."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from guide.content.problems import ContentError, Problem, missing, must_be, unknown
from guide.content.yaml_text import read_yaml

FILE = Path(__file__).parents[1] / "words.yml"
MAX_SHOWN = 60  # of a name that has no words
# Every name that the guide writes itself; a list may know more.
GROUPS: Mapping[str, tuple[str, ...]] = {
    "kinds": (
        "answer", "several", "more", "sources", "trials", "did_you_mean", "fallback",
        "personal_advice", "urgent", "emergency", "crisis", "small_talk", "error",
    ),
    "channels": ("web", "slack", "telegram", "rest"),
    "states": ("new", "open", "done"),
    "feedback": ("1", "0"),
    "outcomes": ("chosen", "declined"),
    "verdicts": ("answer", "new_answer", "out_of_scope", "ignore"),
    "out_of_scope": (
        "oos_personal_advice", "oos_medicines", "oos_lupus_general", "oos_other_disease",
        "oos_not_in_article", "oos_not_health", "oos_other_language",
    ),
    "removals": ("retention", "patient", "staff", "sample"),
    "question_sets": (
        "in_scope", "near_misses", "unrelated", "urgent", "look_alikes", "small_talk", "dialogues",
    ),
    "judged": (
        "right", "wrong", "proposed", "proposed_other", "refused", "handled", "urgent", "passed",
        "failed",
    ),
    "finders": ("patterns", "model"),
    "filters": (
        "text", "channel", "since", "until", "kind", "answer", "feedback", "at_least", "below",
        "state", "assigned", "tag", "sample", "flagged",
    ),
    "choices": (
        "any", "any_feedback", "anybody", "me", "nobody", "no_samples", "only_samples",
        "wrong_days", "wrong_range",
    ),
    "fields": ("note", "tag", "state", "assigned", "flagged"),
    "notices": (
        "saved", "wrong_review", "wrong_note", "wrong_tag", "note_deleted", "cleaned", "erased",
        "last", "first",
    ),
    "teaching": (
        "no_verdict", "no_answer", "no_kind", "labelled", "nothing_labelled",
        "label_taken_back", "no_label", "no_encoder", "grouped", "no_words", "placeholder",
        "answer_gone", "taught", "nearly_taught", "not_approved", "dealt_with", "approved",
        "none_read", "rejected", "kept", "reopened", "nothing_to_export", "try_began",
        "try_not_begun", "stopping", "no_try", "not_done", "goes_on",
    ),
    "export": ("csv", "jsonl", "head", "none", "end", "more"),
}  # fmt: skip
Words = Mapping[str, Mapping[str, str]]


def load_words(path: Path = FILE) -> Words:
    """Read and check the file: group -> name -> words, in the order of the file.

    Raises:
        ContentError: with every missing, unknown or misshapen key.
    """
    raw, problems = read_yaml(path, path.name)
    if not problems and not isinstance(raw, dict):
        problems = [must_be(path.name, "", "words.E001", "a mapping", raw)]
    if not problems:
        problems = [fault for group in GROUPS for fault in _faults(path.name, group, raw)]
        problems += [
            unknown(path.name, name, "words.E002", "list", name) for name in set(raw) - set(GROUPS)
        ]
    if problems:
        raise ContentError(problems)
    return {group: dict(raw[group]) for group in GROUPS}


def _faults(file: str, group: str, raw: Mapping[str, Any]) -> list[Problem]:
    if group not in raw:
        return [missing(file, group, "words.E003")]
    found = raw[group]
    if not isinstance(found, dict):
        return [must_be(file, group, "words.E001", "a mapping", found)]
    return [
        *(
            missing(file, f"{group}.{name}", "words.E003")
            for name in set(GROUPS[group]) - set(found)
        ),
        *(
            must_be(file, f"{group}.{name}", "words.E004", "text with words", text)
            for name, text in found.items()
            if not isinstance(text, str) or not text.strip()
        ),
    ]


@lru_cache(maxsize=1)
def words() -> Words:
    """Those of staff/words.yml.

    Raises:
        ContentError: as `load_words`.
    """
    return load_words()


def word_of(group: str, name: object) -> str:
    """The words for a name; one that has none is shown itself, cut to 60 characters."""
    text = str(name)
    return words()[group].get(text, text[:MAX_SHOWN])


def say(group: str, name: str, **values: object) -> str:
    """A text with its {names} filled in."""
    return words()[group][name].format(**values)


def choices(group: str) -> list[tuple[str, str]]:
    """(name, words), for the fields of forms."""
    return list(words()[group].items())
