"""What Prometheus would read, as a dictionary."""

from __future__ import annotations

from prometheus_client import REGISTRY, CollectorRegistry

Series = tuple[str, tuple[tuple[str, str], ...]]


def series(registry: CollectorRegistry = REGISTRY) -> dict[Series, float]:
    """(name, labels) -> value, of the guide's own metrics."""
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for metric in registry.collect()
        for sample in metric.samples
        if sample.name.startswith("guide_")
    }


def value(name: str, **labels: str) -> float:
    """The value of a series; 0 is one, too."""
    return series()[name, tuple(sorted(labels.items()))]
