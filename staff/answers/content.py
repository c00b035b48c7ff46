"""The live content, read anew when one of its files changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path

from django.utils.timezone import localdate

from guide import content
from guide.content import Answer, Content, Problem, examine
from staff.records.files import Stamps, stamps


@dataclass(frozen=True)
class Live:
    """What patients are answered from, with its faults; nothing here raises for content."""

    content: Content
    problems: tuple[Problem, ...]

    @property
    def answers(self) -> Mapping[str, Answer]:
        """By id."""
        return self.content.answers

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """Answer -> title, or its id where it has none."""
        return {id_: answer.title or id_ for id_, answer in self.answers.items()}


def live() -> Live:
    """The folder GUIDE_DATA, and its faults as of today."""
    folder = content.DATA
    return _read(folder, stamps(folder), localdate())


@lru_cache(maxsize=2)
def _read(folder: Path, _: Stamps, today: date) -> Live:
    found, problems = examine(folder, today)
    return Live(found, tuple(problems))
