"""A local stand-in of Slack's Web API and of response addresses; it refuses what Slack refuses.

In tests, use `Slack` as a context manager, set `slack.mode`, and read what people would see in
`posted`, `updated`, `whispered`, `homes` and `responses`.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.standins.slack_rules import bad_blocks, refusal

TOKEN = "xoxb-stand-in-token"
TEAM, BOT = "T0TEAM", "U0BOT"
MODES = (
    "ok",
    "ratelimited",  # 429 with Retry-After
    "server_error",  # 500 with a page of a gateway
    "html",  # 200 with such a page
    "internal_error",  # Slack's own, with 200
    "drop",  # hangs up
    "slow",  # answers after `delay_s`
    "refuse_blocks",  # whatever they are
)
PAGE = b"<html><body>Slack is down for maintenance</body></html>"
RESPONSES = 5  # how often a response address works


class Slack:
    """The running stand-in. `modes` are used up first, one a request; then `mode` holds."""

    def __init__(self) -> None:
        self.mode = "ok"
        self.modes: list[str] = []
        self.retry_after = "1"
        self.delay_s = 0.5
        self.channels = {"D0ANN", "D0BOB", "C0LUPUS", "U0ANN", "U0BOB"}
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.errors: list[str] = []
        self.posted: list[dict[str, Any]] = []
        self.updated: list[dict[str, Any]] = []
        self.whispered: list[dict[str, Any]] = []
        self.homes: list[dict[str, Any]] = []
        self.responses: list[dict[str, Any]] = []
        self._used: dict[str, int] = {}
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True

    @property
    def origin(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def api_url(self) -> str:
        """For SLACK_API_URL."""
        return f"{self.origin}/api/"

    def response_url(self, name: str = "one") -> str:
        """An address as commands and presses bring it; each works five times."""
        return f"{self.origin}/response/{name}"

    def __enter__(self) -> Slack:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def wait_for(self, seen: Callable[[], Any], seconds: float = 10) -> Any:
        """What `seen` gives once that is something; fails when time is up."""
        end = time.monotonic() + seconds
        while not (found := seen()):
            assert time.monotonic() < end, f"Slack was not told; errors: {self.errors}"
            time.sleep(0.02)
        return found

    def answer(self, method: str, token: str, body: dict[str, Any]) -> dict[str, Any]:
        """The body of an answer of the Web API."""
        with self._lock:
            self.calls.append((method, body))
            answer = self._answer(method, token, body)
            if "error" in answer:
                self.errors.append(str(answer["error"]))
        return {"ok": "error" not in answer, **answer}

    def _answer(self, method: str, token: str, body: dict[str, Any]) -> dict[str, Any]:
        if token != f"Bearer {TOKEN}":
            return {"error": "invalid_auth" if token else "not_authed"}
        if method == "auth.test":
            return {"url": self.origin, "team_id": TEAM, "user_id": BOT, "bot_id": "B0BOT"}
        if method == "views.publish":
            return self._publish(body)
        if method not in {"chat.postMessage", "chat.postEphemeral", "chat.update"}:
            return {"error": "unknown_method"}
        if body.get("channel") not in self.channels:
            return {"error": "channel_not_found"}
        if self.mode == "refuse_blocks" and body.get("blocks"):
            return {"error": "invalid_blocks"}
        if refused := refusal(body):
            return refused
        return self._keep(method, body)

    def _keep(self, method: str, body: dict[str, Any]) -> dict[str, Any]:
        if method == "chat.postEphemeral":
            if not body.get("user"):
                return {"error": "invalid_arguments"}
            self.whispered.append(body)
            return {"message_ts": "1700000000.000900"}
        if method == "chat.update":
            if body.get("ts") not in {message["ts"] for message in self.posted}:
                return {"error": "message_not_found"}
            self.updated.append(body)
            return {"ts": body["ts"], "channel": body["channel"]}
        ts = f"1700000000.{len(self.posted) + 1:06}"
        self.posted.append({**body, "ts": ts})
        return {"ts": ts, "channel": body["channel"], "message": body}

    def _publish(self, body: dict[str, Any]) -> dict[str, Any]:
        view = body.get("view") or {}
        if body.get("user_id") not in self.channels:
            return {"error": "user_not_found"}
        if view.get("type") != "home" or bad_blocks(view.get("blocks"), "home"):
            return {"error": "invalid_arguments"}
        self.homes.append(body)
        return {"view": view}

    def respond(self, name: str, body: dict[str, Any]) -> tuple[int, str]:
        """(status, body) of a response address."""
        with self._lock:
            if self._used.get(name, 0) >= RESPONSES:
                self.errors.append("used_url")
                return 404, "used_url"
            if refused := refusal(body):
                self.errors.append(refused["error"])
                return 500, refused["error"]
            self._used[name] = self._used.get(name, 0) + 1
            self.responses.append(body)
        return 200, "ok"

    def next_mode(self) -> str:
        """How the next request is treated."""
        with self._lock:
            return self.modes.pop(0) if self.modes else self.mode


def _handler(slack: Slack) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            mode = slack.next_mode()
            if mode == "slow":
                time.sleep(slack.delay_s)
            if mode == "drop":
                self.close_connection = True
            elif mode in {"server_error", "html"}:
                self._send(500 if mode == "server_error" else 200, "text/html", PAGE)
            elif mode == "ratelimited":
                self._json({"ok": False, "error": "ratelimited"}, 429)
            elif mode == "internal_error":
                self._json({"ok": False, "error": "internal_error"})
            else:
                self._route(urlsplit(self.path).path, self._body(raw))

        def _body(self, raw: bytes) -> dict[str, Any]:
            if "json" in (self.headers.get("Content-Type") or ""):
                body: dict[str, Any] = json.loads(raw)
                return body
            return dict(parse_qsl(raw.decode()))

        def _route(self, path: str, body: dict[str, Any]) -> None:
            place, _, name = path.strip("/").partition("/")
            if place == "response":
                status, told = slack.respond(name, body)
                self._send(status, "text/plain", told.encode())
            else:
                self._json(slack.answer(name, self.headers.get("Authorization") or "", body))

        def _json(self, body: dict[str, Any], status: int = 200) -> None:
            self._send(status, "application/json; charset=utf-8", json.dumps(body).encode())

        def _send(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            if status == 429:
                self.send_header("Retry-After", slack.retry_after)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing: the tests read what was kept."""

    return Handler
