"""How the samples are made up: samples.yml."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

from guide.content.problems import ContentError, must_be
from guide.content.yaml_text import read_yaml

FILE = Path(__file__).parent / "samples.yml"
SHARES = ("channels", "steps", "refusals", "urgent", "small_talk")
PERCENTS = ("judged", "helpful", "reasons", "taken")


class Shares:
    """The file's values, and chance by them.

    Raises:
        ContentError: a value is missing or has the wrong shape.
    """

    def __init__(self, random: Random, path: Path = FILE) -> None:
        raw, problems = read_yaml(path, path.name, allow_numbers=True)
        wanted: dict[str, tuple[type, str]] = {
            **dict.fromkeys(SHARES, (dict, "a mapping")),
            **dict.fromkeys(PERCENTS, (int, "a number")),
            **dict.fromkeys(("hours", "tags"), (list, "a list")),
            "countries": (str, "text"),
        }
        found = raw if isinstance(raw, dict) else {}
        problems += [
            must_be(path.name, name, "samples.E001", what, found.get(name))
            for name, (kind, what) in wanted.items()
            if not isinstance(found.get(name), kind)
        ]
        if problems:
            raise ContentError(problems)
        self.values: dict[str, Any] = found
        self._random = random

    def pick(self, name: str) -> str:
        """One of the names that have shares."""
        shares = self.values[name]
        return str(self._random.choices(list(shares), list(shares.values()))[0])

    def happens(self, name: str) -> bool:
        """Whether something does that has a percentage."""
        return self._random.random() * 100 < self.values[name]

    def hour(self) -> int:
        """Of a day."""
        hours = self.values["hours"]
        return self._random.choices(range(len(hours)), hours)[0]
