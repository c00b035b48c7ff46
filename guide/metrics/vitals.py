"""What /health tells, told to Prometheus when it asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily
from prometheus_client.registry import Collector

from guide.store import failures

PARTS = ("model", "answers", "store")


class Vitals(Collector):
    """For the library's registry.

    Args:
        ask: gets the report of /health, from any thread; raises where it does not come.
    """

    def __init__(self, ask: Callable[[], dict[str, Any]]) -> None:
        self._ask = ask

    def describe(self) -> Iterable[Metric]:
        """Nothing: to be registered needs no report."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """The metrics as of now; a server that gives no report is not ready."""
        ready = GaugeMetricFamily(
            "guide_ready", "1 where a part works without which /health is 503", labels=["part"]
        )
        yield CounterMetricFamily(
            "guide_store_failures", "Reads and writes that failed", value=failures.count()
        )
        try:
            told = self._ask()
        except Exception:  # whatever kept it from answering
            told = {"not_ready": PARTS, "inbox": None}
        for part in PARTS:
            ready.add_metric([part], float(part not in told["not_ready"]))
        yield ready
        if told["inbox"] is not None:
            yield GaugeMetricFamily(
                "guide_inbox_waiting", "Accepted messages without a reply", value=told["inbox"]
            )
        if "content" in told:
            about = {name: told[name] for name in ("content", "model", "release")}
            yield InfoMetricFamily("guide", "What this server answers from", value=about)
