"""deploy/prometheus-rules.yml asks for figures that there are."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from prometheus_client import REGISTRY, CollectorRegistry

from guide.metrics import chat, registry, vitals  # noqa: F401  their metrics are there by it
from guide.metrics.vitals import Vitals
from guide.settings import ROOT
from tests.unit.metrics.figures import series
from tests.unit.metrics.test_listener import READY

RULES = [
    rule
    for group in yaml.safe_load((ROOT / "deploy/prometheus-rules.yml").read_text("utf-8"))["groups"]
    for rule in group["rules"]
]


def known() -> dict[str, set[str]]:
    """Name of each figure of the two servers -> its labels."""
    ours = CollectorRegistry()
    ours.register(Vitals(lambda: READY))
    found: dict[str, set[str]] = {}
    for name, labels in [*series(REGISTRY), *series(ours)]:
        found.setdefault(name, set()).update(key for key, _ in labels)
    return found


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_an_alert_asks_for_what_is_told(rule: dict[str, Any]) -> None:
    figures = known()
    asked = set(re.findall(r"\bguide_\w+", rule["expr"]))
    assert asked
    assert asked <= set(figures)
    by = {
        name for list_ in re.findall(r"by \(([^)]*)\)", rule["expr"]) for name in list_.split(", ")
    }
    chosen = set(re.findall(r"(\w+)!?=\"", rule["expr"]))
    # Prometheus adds the instance.
    assert by | chosen <= {"instance"}.union(*(figures[name] for name in asked))
    shown = re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"])
    assert set(shown) <= by
    assert rule["labels"]["severity"] in {"critical", "warning"}
    assert rule["annotations"]["description"]


def test_what_hurts_patients_has_an_alert() -> None:
    asked = " ".join(rule["expr"] for rule in RULES)
    for figure in (
        "guide_ready", "guide_store_failures_total", "guide_urgent_not_recorded_total",
        "guide_reply_seconds_bucket", "guide_registry_calls_total", "guide_failures_total",
    ):  # fmt: skip
        assert figure in asked
