"""`make run` says "ready" once all servers are, and not before."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from guide import launch
from guide.settings import PORTS


class Servers:
    """One server that stands for all; it is ready after some questions."""

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
    for name in PORTS:
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
    assert set(servers.asked) == {"/health", "/account/log-in/"}


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


@pytest.fixture
def staff(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A staff site that answers with a status."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(request.param)
            self.send_header("Location", "https://staff.example.org/")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        monkeypatch.setenv("STAFF_PORT", str(running.server_address[1]))
        yield
        running.shutdown()


@pytest.mark.parametrize("staff", [200, 301, 400], indirect=True)
@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0", "localhost"])
def test_the_staff_site_is_up_also_where_it_wants_https_or_another_name(
    staff: None, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("STAFF_HOST", address)
    assert launch.staff_answers()


@pytest.mark.parametrize("staff", [500, 503], indirect=True)
def test_the_staff_site_is_not_up_while_it_fails(staff: None) -> None:
    assert not launch.staff_answers()


def test_the_staff_site_is_not_up_while_nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAFF_PORT", "9")
    assert not launch.staff_answers()
