"""When `make run` says that the staff site is ready."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from guide.launch import staff_answers


@pytest.fixture
def server(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A staff site that answers with a status."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(request.param)
            self.send_header("Location", "https://staff.example.org/")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        monkeypatch.setenv("STAFF_PORT", str(running.server_address[1]))
        yield
        running.shutdown()


@pytest.mark.parametrize("server", [200, 301, 400], indirect=True)
@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0", "localhost"])
def test_it_is_up_also_where_it_wants_https_or_another_name(
    server: None, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("STAFF_HOST", address)
    assert staff_answers()


@pytest.mark.parametrize("server", [500, 503], indirect=True)
def test_it_is_not_up_while_it_fails(server: None) -> None:
    assert not staff_answers()


def test_it_is_not_up_while_nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAFF_PORT", "9")
    assert not staff_answers()
