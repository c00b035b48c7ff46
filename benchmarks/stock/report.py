"""The figures of all sides as a table, with ratios and goals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from benchmarks.results import told
from benchmarks.stock.measure import EARLY, LATE, MEMORY, START, latency, throughput
from benchmarks.stock.sides import GUIDE, STOCK, WHOLE

WRONG = "wrong answers, of all messages"
TRAINING, TRAINING_BUSY = "training, s", "training, s of processors"
SIZE = "model, MB"
HEAD = {GUIDE: "guide", STOCK: "stock Rasa", WHOLE: "guide, whole content"}


@dataclass(frozen=True)
class Goal:
    """What the guide's figure divided by stock Rasa's must be at most, or at `least`."""

    target: float
    least: bool = False

    def met(self, ratio: float) -> bool:
        """Whether a ratio reaches it."""
        return ratio >= self.target if self.least else ratio <= self.target


GOALS = {
    WRONG: Goal(1 / 5),
    TRAINING: Goal(1 / 10),
    TRAINING_BUSY: Goal(1 / 10),
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
    """What the goal of a figure is, and whether it is met; "" without a goal or a ratio."""
    goal, found = GOALS.get(name), ratio(figures, name)
    if goal is None or found is None:
        return ""
    bound = "at least" if goal.least else "at most"
    return f"{bound} {goal.target:.3g}: {'met' if goal.met(found) else 'missed'}"


def block(found: dict[str, Any]) -> str:
    """A Markdown table of what `results.read` returns, and what it was measured on."""
    figures = found["figures"]
    others = [side for side in HEAD if side in figures and side not in (GUIDE, STOCK)]
    head = ["figure", HEAD[GUIDE], HEAD[STOCK], "ratio", "goal", *(HEAD[side] for side in others)]
    rows = [head, ["---", "---:", "---:", "---:", "---", *("---:" for _ in others)]]
    for name in figures[GUIDE]:
        shown = {side: _shown(figures, side, name) for side in (GUIDE, STOCK, *others)}
        divided = ratio(figures, name)
        rows.append([
            name, shown[GUIDE], shown[STOCK], "" if divided is None else f"{divided:.3g}",
            verdict(figures, name), *(shown[side] for side in others),
        ])  # fmt: skip
    table = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([*table, "", " ".join([*_how(figures), told(found)])])


def _shown(figures: dict[str, Any], side: str, name: str) -> str:
    value = figures[side][name]
    return f"{value:.1%}" if name in figures["shares"] else f"{value:,.4g}"


def _how(figures: dict[str, Any]) -> list[str]:
    """What a reader must know to read the table."""
    rounds = f"Medians of {figures['rounds']} rounds, in which all take turns."
    estimate = figures.get("stock_whole")
    if estimate is None:
        return [rounds]
    hours = estimate["seconds"] / 3600
    told = f"On the whole content stock Rasa would train for {hours:.1f} hours (extrapolated"
    return [rounds, f"{told} from {estimate['epochs']} epochs)."]
