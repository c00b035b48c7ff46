"""Figures as a table, as JSON, and in the README between its markers."""

from __future__ import annotations

import json
import re
from typing import Any

from guide.content import load
from guide.evaluation.judge import GOALS
from guide.settings import ROOT

RESULTS = ROOT / "results" / "evaluation.json"


def flat(figures: dict[str, Any]) -> dict[str, float]:
    """All figures by name, those of dialogues and of personal details among them."""
    result = dict(figures["figures"])
    dialogues = figures.get("dialogues")
    if dialogues and dialogues["total"]:
        result["dialogues passed"] = dialogues["passed"] / dialogues["total"]
    return result | figures.get("personal", {}).get("figures", {})


def table(figures: dict[str, Any]) -> str:
    """A Markdown table: figure, value, goal."""
    goals = {goal.name: goal for goal in GOALS}
    lines = ["| figure | measured | goal |", "| --- | ---: | --- |"]
    for name, value in flat(figures).items():
        goal = goals.get(name)
        told = ""
        if goal:
            met = value >= goal.target if goal.least else value <= goal.target
            bound = "at least" if goal.least else "at most"
            told = f"{bound} {goal.target:.1%}: {'met' if met else 'missed'}"
        lines.append(f"| {name} | {value:.1%} | {told} |")
    counts = {name: tally["messages"] for name, tally in figures["sets"].items()}
    if "personal" in figures:
        counts["with and without personal details"] = figures["personal"]["messages"]
    sizes = ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in counts.items())
    return "\n".join([*lines, "", f"Messages: {sizes}."])


def write_json(figures: dict[str, Any]) -> None:
    """results/evaluation.json, with the version of the content."""
    RESULTS.parent.mkdir(exist_ok=True)
    told = {"content_version": load().version, **figures}
    RESULTS.write_text(json.dumps(told, indent=1), encoding="utf-8")


def write_readme(figures: dict[str, Any]) -> None:
    """Put the table between the markers of README.md."""
    path = ROOT / "README.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(put_between(text, "evaluation", table(figures)), encoding="utf-8")


def put_between(text: str, name: str, block: str) -> str:
    """`text` with `block` between the markers of this name, in the place of what stood there.

    Raises:
        ValueError: the text has no such markers.
    """
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    changed, count = pattern.subn(lambda _: f"{begin}\n{block}\n{end}", text)
    if count != 1:
        raise ValueError(f"needs {begin} and {end} once, found {count}")
    return changed
