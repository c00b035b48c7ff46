"""The report of a Try as rows to show; what cannot be read is left out and counted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from staff.records.words import word_of

_VERDICT = re.compile(r"(\w+)(?: \((\w+)\))?")


@dataclass(frozen=True)
class Figure:
    """One figure before and after, as shares."""

    name: str
    old: str
    new: str
    limit: str
    ok: bool
    guarded: bool


@dataclass(frozen=True)
class Flip:
    """A held-out question that got another reply."""

    set: str
    text: str
    was: str
    now: str
    worse: bool
    guards: str  # the guarded figures that it makes worse


@dataclass
class Shown:
    """A report; `unreadable` entries were left out."""

    time: float | None
    candidate: str
    allowed: bool
    reasons: list[str]
    examples: int
    held_out: int
    files: list[str]
    figures: list[Figure] = field(default_factory=list)
    flips: list[Flip] = field(default_factory=list)
    faults: list[dict[str, str]] = field(default_factory=list)
    unreadable: int = 0

    @property
    def worse(self) -> int:
        """How many questions got a worse reply."""
        return sum(flip.worse for flip in self.flips)


def shown(report: Mapping[str, Any]) -> Shown:
    """Read report.json, whoever wrote it."""
    sentences = report.get("sentences")
    counts = sentences if isinstance(sentences, dict) else {}
    made = report.get("time")
    result = Shown(
        time=made if isinstance(made, int | float) else None,
        candidate=str(report.get("candidate", "")),
        allowed=report.get("allowed") is True,
        reasons=[str(reason) for reason in _list(report, "reasons")],
        examples=_count(counts.get("examples")),
        held_out=_count(counts.get("held_out")),
        files=[str(name) for name in _list(report, "changed_files")],
    )
    result.figures = list(_read(result, _list(report, "figures"), _figure))
    flips = list(_read(result, _list(report, "flips"), _flip))
    result.flips = sorted(flips, key=lambda flip: not flip.worse)
    result.faults = list(_read(result, _list(report, "faults"), _fault))
    return result


def _list(report: Mapping[str, Any], key: str) -> list[Any]:
    value = report.get(key)
    return value if isinstance(value, list) else []


def _count(value: Any) -> int:
    return value if isinstance(value, int) else 0


def _read(result: Shown, entries: list[Any], read: Any) -> Iterable[Any]:
    for entry in entries:
        try:
            yield read(entry)
        except (KeyError, TypeError, ValueError, AttributeError):
            result.unreadable += 1


def _figure(entry: Mapping[str, Any]) -> Figure:
    name = str(entry["name"])
    old, new, limit = (f"{entry[key]:.1%}".replace("%", " %") for key in ("old", "new", "limit"))
    ok, guarded = entry["ok"] is True, entry["guarded"] is True
    return Figure(name[:1].upper() + name[1:], old, new, limit, ok, guarded)


def _flip(entry: Mapping[str, Any]) -> Flip:
    return Flip(
        set=word_of("question_sets", entry["set"]),
        text=str(entry["text"]),
        was=_judged(entry["was"]),
        now=_judged(entry["now"]),
        worse=entry["change"] != "better",
        guards=", ".join(map(str, entry.get("guards", []))),
    )


def _judged(told: str) -> str:
    """ "urgent (patterns)" in words."""
    found = _VERDICT.fullmatch(told)
    if not found:
        return told
    by = f", {word_of('finders', found[2])}" if found[2] else ""
    return f"{word_of('judged', found[1])}{by}"


def _fault(entry: Mapping[str, Any]) -> dict[str, str]:
    return {key: str(entry[key]) for key in ("file", "key", "text")}
