"""`make run` says "ready" once both servers are, and not before."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from guide import launch


class Servers:
    """One server that stands for both; it is ready after some questions."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.ready_after = 3
        servers = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                servers.asked.append(self.path)
                self.send_response(200 if len(servers.asked) > servers.ready_after else 503)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.http = HTTPServer(("127.0.0.1", 0), Handler)


@pytest.fixture
def servers(monkeypatch: pytest.MonkeyPatch) -> Iterator[Servers]:
    made = Servers()
    for name in ("GUIDE_PORT", "ACTIONS_PORT"):
        monkeypatch.setenv(name, str(made.http.server_port))
    threading.Thread(target=made.http.serve_forever, daemon=True).start()
    yield made
    made.http.shutdown()
    made.http.server_close()


@pytest.fixture
def honcho() -> Iterator[subprocess.Popen[bytes]]:
    """A runner that runs."""
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    yield process
    process.kill()
    process.wait()


def test_it_waits_for_health(servers: Servers, honcho: subprocess.Popen[bytes]) -> None:
    assert launch.wait_until_ready(honcho)
    assert len(servers.asked) > servers.ready_after
    assert set(servers.asked) == {"/health"}


def test_a_server_that_does_not_get_ready_is_no_success(
    servers: Servers, honcho: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launch, "START_SECONDS", 1)
    servers.ready_after = 1000
    assert not launch.wait_until_ready(honcho)


def test_a_runner_that_ended_is_no_success(
    servers: Servers, honcho: subprocess.Popen[bytes]
) -> None:
    servers.ready_after = 1000
    honcho.kill()
    honcho.wait()
    assert not launch.wait_until_ready(honcho)
