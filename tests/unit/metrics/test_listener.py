"""Where Prometheus asks: a port of its own, off unless set, and no reason not to start."""

from __future__ import annotations

import logging
import socket
import urllib.request
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from guide import metrics
from guide.metrics.vitals import PARTS, Vitals
from guide.store import failures
from tests.unit.metrics.figures import series

READY = {
    "not_ready": [], "content": "abc", "model": "guide-1", "release": "r1", "inbox": 3,
}  # fmt: skip


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("METRICS_PORT", "METRICS_HOST"):
        monkeypatch.delenv(name, raising=False)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.mark.parametrize("value", [None, "", "0"])
def test_it_is_off_unless_it_is_set(monkeypatch: pytest.MonkeyPatch, value: str | None) -> None:
    if value is not None:
        monkeypatch.setenv("METRICS_PORT", value)
    assert not metrics.serve(metrics.CHAT_PORT)


def test_it_tells_the_figures_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    monkeypatch.setenv("METRICS_PORT", str(port))
    assert metrics.serve(metrics.CHAT_PORT)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as reply:
        assert b"process_cpu_seconds_total" in reply.read()
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.2", port), 1)


def test_a_port_in_use_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
        monkeypatch.setenv("METRICS_PORT", str(port))
        assert not metrics.serve(metrics.CHAT_PORT)
    (line,) = caplog.messages
    assert line.startswith("metrics are off: cannot listen on 127.0.0.1 (METRICS_HOST), port ")
    assert line.endswith(f"{port} (METRICS_PORT): Address already in use")


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("METRICS_PORT", "abc", "METRICS_PORT must be a port number (1 to 65535), found 'abc'"),
        ("METRICS_HOST", "192.0.2.1", "cannot listen on 192.0.2.1 (METRICS_HOST)"),
        ("METRICS_HOST", "no.such.host.invalid", "cannot listen on no.such.host.invalid"),
    ],
)
def test_a_setting_that_cannot_work_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, name: str, value: str,
    told: str,
) -> None:  # fmt: skip
    monkeypatch.setenv("METRICS_PORT", str(free_port()))
    monkeypatch.setenv(name, value)
    with caplog.at_level(logging.INFO):
        assert not metrics.serve(metrics.CHAT_PORT)
    (line,) = caplog.messages
    assert line.startswith(f"metrics are off: {told}")
    assert "None" not in line


def vitals(ask: Any) -> dict[Any, float]:
    registry = CollectorRegistry()
    registry.register(Vitals(ask))
    return series(registry)


def test_prometheus_reads_what_health_tells() -> None:
    told = vitals(lambda: READY)
    assert [told["guide_ready", (("part", part),)] for part in PARTS] == [1, 1, 1]
    assert told["guide_inbox_waiting", ()] == 3
    about = (("content", "abc"), ("model", "guide-1"), ("release", "r1"))
    assert told["guide_info", about] == 1
    assert told["guide_store_failures_total", ()] == failures.count()
    failures.note(ValueError())
    assert vitals(lambda: READY)["guide_store_failures_total", ()] == failures.count()


def test_a_part_that_is_not_ready_is_0() -> None:
    told = vitals(lambda: {**READY, "not_ready": ["store"], "inbox": None})
    assert told["guide_ready", (("part", "store"),)] == 0
    assert told["guide_ready", (("part", "model"),)] == 1
    assert ("guide_inbox_waiting", ()) not in told


def test_a_server_that_does_not_answer_is_not_ready() -> None:
    def ask() -> dict[str, Any]:
        raise TimeoutError

    told = vitals(ask)
    assert [told["guide_ready", (("part", part),)] for part in PARTS] == [0, 0, 0]
