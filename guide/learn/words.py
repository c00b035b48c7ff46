"""The words of words.yml, which staff see."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml


class Refused(Exception):
    """What was asked for is not done, and why, in words for staff."""


@lru_cache(maxsize=1)
def words() -> dict[str, Any]:
    """All words by name."""
    return dict(yaml.safe_load(Path(__file__).with_name("words.yml").read_text(encoding="utf-8")))


def say(name: str, **values: object) -> str:
    """A sentence with its names filled in."""
    return str(words()[name]).format(**values)
