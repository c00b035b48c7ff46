"""Which servers Kubernetes sends patients to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from deploy import serves
from guide.settings import PORTS


@pytest.fixture
def says(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """A server; what it says at /health is what a test puts in: status, body."""
    answer: dict[str, Any] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(answer["status"] if self.path == "/health" else 404)
            self.end_headers()
            self.wfile.write(answer["body"])

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr(serves, "HEALTH", f"http://127.0.0.1:{server.server_port}/health")
    yield answer
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("status", "not_ready", "code"),
    [
        (200, [], 0),
        (503, ["store"], 0),  # urgent words and answers need no database
        (503, ["model", "answers"], 1),
        (503, ["store", "model", "answers"], 1),
        (503, ["server"], 1),  # it is about to end
        (503, ["store", "server"], 1),
    ],
)
def test_a_server_that_answers_patients_gets_them(
    says: dict[str, Any], status: int, not_ready: list[str], code: int
) -> None:
    says |= {"status": status, "body": json.dumps({"not_ready": not_ready}).encode()}
    assert serves.main() == code


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{}", b'{"not_ready": null}'])
def test_what_cannot_be_read_is_no_readiness(says: dict[str, Any], body: bytes) -> None:
    says |= {"status": 200, "body": body}
    assert serves.main() == 1


def test_a_server_that_is_away_gets_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    assert f":{PORTS['GUIDE_PORT']}/" in serves.HEALTH
    monkeypatch.setattr(serves, "HEALTH", "http://127.0.0.1:1/health")
    assert serves.main() == 1
