"""Labels are taken from closed sets; what is in none of them is `OTHER`."""

from __future__ import annotations

from collections.abc import Collection
from itertools import product

from prometheus_client import disable_created_metrics
from prometheus_client.metrics import MetricWrapperBase

disable_created_metrics()  # a second series for each, which nobody reads
OTHER = "other"
# From an urgent reply, which waits for nothing, to more than anybody waits for.
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


def label(value: str, known: Collection[str]) -> str:
    """A value as it may stand in a label."""
    return value if value in known else OTHER


def begin(metric: MetricWrapperBase, *known: Collection[str]) -> None:
    """Make every series of a metric, so that it stands at 0 and an alert sees the first event."""
    for values in product(*((*one, OTHER) for one in known)):
        metric.labels(*values)
