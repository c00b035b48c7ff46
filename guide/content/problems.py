"""What is wrong with the content, told together and in words an editor can act on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from reprlib import Repr
from typing import Literal

Level = Literal["error", "warning"]

# A few lines of YAML can refer to themselves into a value of gigabytes.
_SHORT = Repr()
_SHORT.maxlevel, _SHORT.maxstring, _SHORT.maxother = 3, 200, 200


@dataclass(frozen=True, order=True)
class Problem:
    """One fault in the content.

    `id` is stable ("faq.E003"), `file` is relative to the data folder, `key` names the place
    inside the file (dotted, or "line 12" where the file could not be read that far).
    """

    file: str
    key: str
    id: str
    text: str
    level: Level = "error"

    def __str__(self) -> str:
        where = f"{self.file}: {self.key}" if self.key else self.file
        return f"{where}: {self.text} ({self.id})"


class ContentError(Exception):
    """The content has faults; nothing is served or trained from it until they are gone."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(problems)
        count = len(self.problems)
        lines = "\n".join(f"  {problem}" for problem in self.problems)
        super().__init__(f"{count} fault{'s' if count != 1 else ''} in the content:\n{lines}")


def must_be(file: str, key: str, id: str, wanted: str, found: object) -> Problem:
    """A value of the wrong shape; of a large one the beginning is told."""
    return Problem(file, key, id, f"must be {wanted}, found {_SHORT.repr(found)}")


def missing(file: str, key: str, id: str) -> Problem:
    """A key that has to be there."""
    return Problem(file, key, id, "is missing")


def unknown(file: str, key: str, id: str, what: str, name: str) -> Problem:
    """A name that nothing else defines."""
    return Problem(file, key, id, f"names the unknown {what} {name!r}")
