"""A local stand-in of the web API below /chat, with the demo page and the built widget.

Its contract is that of guide/channels/openapi.yaml. In tests, use `WebApi` as a context manager
and set `api.mode`; `api.posts` holds what patients sent, `api.turns` how many turns that made.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import secrets
import threading
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.standins.replies import GREETING, reply_to

MODES = (
    "ok",
    "down",  # closes the connection without a word
    "failing",  # 500
    "busy",  # 429 with Retry-After: 1
    "refusing",  # 413, which the same again would get again
    "lost",  # works on the message, then closes the connection
    "slow",  # answers once `released` is set
)
WIDGET = Path(__file__).parents[2] / "widget"
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
NONE = "'none'"
Message = dict[str, Any]


def policy(html: str) -> str:
    """The strictest Content-Security-Policy that the page works with."""
    digests = (hashlib.sha256(style.encode()).digest() for style in _STYLE.findall(html))
    styles = " ".join(f"'sha256-{base64.b64encode(one).decode()}'" for one in digests)
    return (
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        f"script-src 'self'; connect-src 'self'; img-src data:; style-src {styles or NONE}"
    )


def now() -> str:
    """ISO 8601, UTC."""
    return datetime.now(timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z")


class WebApi:
    """Serves on a free port; forgets all when stopped."""

    def __init__(self) -> None:
        self.mode = "ok"
        self.posts: list[dict[str, str]] = []
        self.turns = 0
        self.sessions: dict[str, list[Message]] = {}
        self.released = threading.Event()
        self._replies: dict[tuple[str, str], Message] = {}
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True

    @property
    def url(self) -> str:
        """Without /chat."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> WebApi:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()

    def begin(self) -> Message:
        """A new session."""
        token = secrets.token_urlsafe(16)
        self.sessions[token] = []
        return {"token": token, "expires_in": 3600, "greeting": {**GREETING, "time": now()}}

    def expire(self) -> None:
        """All tokens are worth nothing from now on."""
        self.sessions.clear()

    def say(self, token: str, sent: dict[str, str]) -> Message:
        """The reply; the same id again makes no second turn."""
        with self._lock:
            self.posts.append(sent)
            known = self._replies.get((token, sent["id"]))
            if known:
                return known
            self.turns += 1
            text = sent.get("text") or sent["payload"].partition(".")[2]
            message = {**reply_to(text), "time": now()}
            self._replies[token, sent["id"]] = message
            past = {"from": "patient", "time": now(), "text": text}
            self.sessions[token] += [past, {"from": "guide", **message}]
            return message


def _handler(api: WebApi) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """Routes one request."""

        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if self.path == "/chat/":
                html = (WIDGET / "demo.html").read_text()
                headers = {"Content-Security-Policy": policy(html)}
                return self._send(200, "text/html; charset=utf-8", html.encode(), headers)
            if self.path == "/chat/widget.js":
                script = (WIDGET / "dist" / "guide-widget.js").read_bytes()
                return self._send(200, "text/javascript; charset=utf-8", script)
            if self.path == "/chat/history":
                return self._guarded(lambda token, _: {"messages": api.sessions[token]})
            return self._told(404, "not_found")

        def do_POST(self) -> None:
            if self.path == "/chat/session":
                self._body()
                return None if self._misbehaving() else self._json(201, api.begin())
            return self._guarded(lambda token, body: self._reply(token, body))

        def do_DELETE(self) -> None:
            return self._guarded(lambda token, _: api.sessions.pop(token) and None)

        def _reply(self, token: str, body: dict[str, str]) -> Message:
            return {"id": body["id"], "reply": api.say(token, body)}

        def _guarded(self, work: Any) -> None:
            body = self._body()
            token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
            if self._misbehaving():
                return None
            if token not in api.sessions:
                return self._told(401, "no_session")
            result = work(token, body)
            if api.mode == "lost" and self.command == "POST":
                return self._hang_up()
            return self._json(200, result) if result is not None else self._send(204)

        def _body(self) -> dict[str, str]:
            length = int(self.headers.get("Content-Length") or 0)
            return json.loads(self.rfile.read(length) or b"{}")

        def _misbehaving(self) -> bool:
            mode = api.mode
            if mode == "slow":
                api.released.wait(60)
            if mode == "down":
                self._hang_up()
            elif mode == "failing":
                self._send(500, "text/html", b"<h1>Internal Server Error</h1>")
            elif mode == "busy":
                self._told(429, "too_many", {"Retry-After": "1"})
            elif mode == "refusing":
                self._told(413, "too_large")
            return mode in {"down", "failing", "busy", "refusing"}

        def _hang_up(self) -> None:
            self.close_connection = True
            self.connection.close()

        def _told(self, status: int, code: str, headers: dict[str, str] | None = None) -> None:
            self._json(status, {"error": code, "message": f"Kind words about {code}."}, headers)

        def _json(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
            self._send(status, "application/json", json.dumps(body).encode(), headers)

        def _send(
            self,
            status: int,
            kind: str = "text/plain",
            body: bytes = b"",
            headers: dict[str, str] | None = None,
        ) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            if status != 204:
                self.send_header("Content-Length", str(len(body)))
            self.send_header("X-Content-Type-Options", "nosniff")
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    return Handler
