"""Plots for the README: small SVG files whose lines differ by colour, mark and stroke."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")

from matplotlib import pyplot as plt
from matplotlib.ticker import ScalarFormatter

# (colour, mark, stroke): the colours of Okabe and Ito, which colour-blind people tell apart.
STYLES = (
    ("#0072B2", "o", "-"), ("#D55E00", "s", "--"), ("#009E73", "^", "-."),
    ("#CC79A7", "D", ":"), ("#E69F00", "v", "-"), ("#56B4E9", "P", "--"),
)  # fmt: skip
# The same figures make the same file: no date in it, no random ids.
STEADY = {"svg.hashsalt": "benchmarks", "svg.fonttype": "path", "font.size": 11}


def line(
    path: Path,
    title: str,
    x: Sequence[float],
    series: Mapping[str, Sequence[float]],
    xlabel: str,
    ylabel: str,
    log: str = "",
) -> None:
    """Write one plot of lines as SVG, on white.

    Args:
        path: docs/pictures/bench-*.svg.
        x: where all series have a value.
        series: values by name, each as long as `x`; no more than there are styles.
        log: the axes with a logarithmic scale: "", "x", "y" or "xy".
    """
    with plt.rc_context(STEADY):
        figure, axes = plt.subplots(figsize=(6.4, 3.6), facecolor="white")
        for (name, values), (colour, mark, stroke) in zip(
            series.items(), STYLES[: len(series)], strict=True
        ):
            axes.plot(x, values, color=colour, marker=mark, linestyle=stroke, label=name)
        axes.set(title=title, xlabel=xlabel, ylabel=ylabel)
        _scales(axes, x, log)
        axes.grid(alpha=0.3)
        if len(series) > 1:
            axes.legend(frameon=False)
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, format="svg", bbox_inches="tight", metadata={"Date": None})
        plt.close(figure)


def _scales(axes: plt.Axes, x: Sequence[float], log: str) -> None:
    """Logarithmic where told, from 0 elsewhere; numbers are written out up to 100,000."""
    if "x" in log:
        axes.set_xscale("log")
        if max(x) < 1e5:
            axes.set_xticks(list(x))
            axes.minorticks_off()
            axes.xaxis.set_major_formatter(ScalarFormatter())
    if "y" in log:
        axes.set_yscale("log")
        axes.yaxis.set_major_formatter(ScalarFormatter())
    else:
        axes.set_ylim(bottom=0)
