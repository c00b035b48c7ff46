"""The figures of both sides as a table, with their ratios and goals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from benchmarks.results import told
from benchmarks.stock.measure import EARLY, LATE, MEMORY, START, latency, throughput
from benchmarks.stock.sides import GUIDE, STOCK

WRONG = "wrong answers, of all messages"
TRAINING, TRAINING_CPU = "training, s", "training, s of processors"
SIZE = "model, MB"


@dataclass(frozen=True)
class Goal:
    """What the guide's figure divided by stock Rasa's must be: `target` or less, or at `least`."""

    target: float
    least: bool = False

    def met(self, ratio: float) -> bool:
        """Whether a ratio reaches it."""
        return ratio >= self.target if self.least else ratio <= self.target


GOALS = {
    WRONG: Goal(1 / 5),
    TRAINING: Goal(1 / 10),
    latency(50, EARLY): Goal(1 / 3),
    latency(50, LATE): Goal(1 / 8),
    throughput(16): Goal(3, least=True),
    MEMORY: Goal(0.65),
    START: Goal(0.60),
}


def ratio(figures: dict[str, Any], name: str) -> float | None:
    """The guide's figure divided by stock Rasa's; None where that is 0."""
    guide, stock = figures[GUIDE][name], figures[STOCK][name]
    return guide / stock if stock else None


def verdict(figures: dict[str, Any], name: str) -> str:
    """What the goal of a figure is, and whether it is met; "" without a goal."""
    goal = GOALS.get(name)
    found = ratio(figures, name)
    if goal is None or found is None:
        return ""
    bound = "at least" if goal.least else "at most"
    return f"{bound} {goal.target:.3g}: {'met' if goal.met(found) else 'missed'}"


def block(found: dict[str, Any]) -> str:
    """A Markdown table of what `results.read` returns, and what it was measured on."""
    figures = found["figures"]
    lines = [
        "| figure | guide | stock Rasa | guide / stock | goal |",
        "| --- | ---: | ---: | ---: | --- |",
    ]
    for name in figures[GUIDE]:
        shown = (_shown(name, figures[side][name], figures) for side in (GUIDE, STOCK))
        divided = ratio(figures, name)
        part = "" if divided is None else f"{divided:.3g}"
        lines.append(f"| {name} | {' | '.join(shown)} | {part} | {verdict(figures, name)} |")
    rounds = f"Medians of {figures['rounds']} rounds, the two in turn."
    return "\n".join([*lines, "", f"{rounds} {told(found)}"])


def _shown(name: str, value: float, figures: dict[str, Any]) -> str:
    return f"{value:.1%}" if name in figures["shares"] else f"{value:,.4g}"
