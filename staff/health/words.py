"""The health page's words: staff/health/words.yml."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).with_name("words.yml")


@dataclass(frozen=True)
class Finding:
    """What was found about one part; `part` and `case` are those of the file."""

    part: str
    case: str
    values: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Line:
    """One line of the page. `do` is "" where nothing is to be done."""

    name: str
    level: str
    says: str
    do: str


@lru_cache(maxsize=1)
def _words() -> dict[str, Any]:
    return dict(yaml.safe_load(FILE.read_text(encoding="utf-8")))


def line(found: Finding) -> Line:
    """A finding in words. KeyError: the file lacks the part, the case or a value."""
    part = _words()[found.part]
    case = part[found.case]
    says = case["says"].format(**found.values)
    return Line(part["name"], case["level"], says, case.get("do", "").format(**found.values))


def size(octets: float) -> str:
    """As people say it: 1.5 GB."""
    for unit in ("bytes", "KB", "MB"):
        if octets < 1000:
            return f"{octets:.0f} {unit}"
        octets /= 1000
    return f"{octets:.1f} GB"


def age(seconds: float) -> str:
    """The largest fitting unit: 90 -> "1 min"."""
    for unit, length in (("days", 86400), ("h", 3600), ("min", 60)):
        if seconds >= length:
            return f"{seconds / length:.0f} {unit}"
    return f"{max(0, seconds):.0f} s"
