"""How fast something grows: the exponent e of time = c * size ** e."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np


def exponent(sizes: Sequence[float], values: Sequence[float]) -> float:
    """The slope of log(value) against log(size) by least squares: 0 is no growth, 1 is in step.

    Args:
        sizes, values: as many of both, at least two, all above 0.
    """
    slope, _ = np.polyfit(np.log(sizes), np.log(values), 1)
    return float(slope)


def growth(sizes: Sequence[float], rounds: Sequence[Sequence[float]]) -> dict[str, Any]:
    """{values, exponent, range} of several rounds, each with one value a size.

    `values` are medians over the rounds, `exponent` is theirs, and `range` the least and the
    greatest exponent of a single round.
    """
    values = [float(value) for value in np.median(np.asarray(rounds), axis=0)]
    each = [exponent(sizes, one) for one in rounds]
    return {
        "values": [round(value, 3) for value in values],
        "exponent": round(exponent(sizes, values), 3),
        "range": [round(min(each), 3), round(max(each), 3)],
    }


def series(
    sizes: Sequence[float], rounds: Sequence[Sequence[dict[str, float]]]
) -> dict[str, dict[str, Any]]:
    """`growth` by name, of rounds that hold several values by name for each size."""
    return {
        name: growth(sizes, [[size[name] for size in one] for one in rounds])
        for name in rounds[0][0]
    }
