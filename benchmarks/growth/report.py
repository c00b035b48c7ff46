"""Growth as tables and plots."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.plots import line
from benchmarks.results import told
from guide.settings import ROOT

PICTURES = Path("docs") / "pictures"
MILLISECONDS = ", ms"  # how the names of times end that a plot shows
READING = (
    "The exponent e is that of time = c * size^e, by least squares of the logarithms: 0 is no "
    "growth, 1 is in step; in brackets its least and greatest of a single round."
)


@dataclass(frozen=True)
class Part:
    """What is told of a part: `title`, the name of its sizes, and how it was measured."""

    title: str
    size: str
    how: str


PARTS = {
    "turns": Part(
        "Turns in a conversation", "turns so far",
        "In one process without HTTP, by the same eight messages again and again.",
    ),
    "answers": Part(
        "Answers in the guide", "answers",
        "Over REST. The guide's own answers with some thirty examples each, then intents of "
        "CLINC150, then the same intents with other sentences.",
    ),
    "events": Part(
        "Events in the store", "events",
        "In one process without HTTP, on SQLite. The old conversation began before all others.",
    ),
    "patients": Part(
        "Patients at once", "patients",
        "Over REST; each writes on as soon as the last message is answered.",
    ),
}  # fmt: skip


def block(found: dict[str, Any]) -> str:
    """Markdown of what `results.read` returns: a table and a plot of each part."""
    shown = [f"{READING} {told(found)}"]
    for name, part in PARTS.items():
        figures = found["figures"].get(name)
        if figures is None:
            continue
        shown.append(f"**{part.title}.** {figures.get('left_out') or part.how}")
        if "series" in figures:
            address = (PICTURES / picture(name)).as_posix()
            shown += [table(figures, part.size), f"![{part.title}]({address})"]
    return "\n\n".join(shown)


def table(figures: Mapping[str, Any], size: str) -> str:
    """A line a series: its value at each size, and its exponent."""
    sizes = figures["sizes"]
    lines = [
        f"| {size} | {' | '.join(f'{one:,}' for one in sizes)} | exponent |",
        f"| --- |{' ---: |' * (len(sizes) + 1)}",
    ]
    for name, one in figures["series"].items():
        values = " | ".join(f"{value:,.4g}" for value in one["values"])
        lines.append(f"| {name} | {values} | {_exponent(one)} |")
    return "\n".join(lines)


def _exponent(one: Mapping[str, Any]) -> str:
    found, least, most = (f"{round(e, 2) + 0.0:.2f}" for e in (one["exponent"], *one["range"]))
    return found if least == most else f"{found} ({least} to {most})"


def plots(figures: Mapping[str, Any], folder: Path = ROOT / PICTURES) -> None:
    """Draw the times of each part that was measured."""
    for name, found in figures.items():
        if "series" not in found:
            continue
        times = {
            label.removesuffix(MILLISECONDS): one["values"]
            for label, one in found["series"].items()
            if label.endswith(MILLISECONDS)
        }
        part = PARTS[name]
        path = folder / picture(name)
        line(path, part.title, found["sizes"], times, part.size, "milliseconds", log="xy")


def picture(name: str) -> str:
    """The file of a part's plot."""
    return f"bench-growth-{name}.svg"
