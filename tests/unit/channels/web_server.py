"""The web channel in a real Sanic application, driven over ASGI without a socket."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rasa.core.channels.channel import UserMessage, register
from rasa.core.lock_store import InMemoryLockStore
from sanic import Sanic

from guide.channels.web import WebChannel
from tests.unit.channels.kept import keep

# Sanic rewrites its own methods when an application starts; so it does from the originals.
Sanic.test_mode = True
HANGS_SECONDS = 60
OWN = "guide.example.org"
Turn = Callable[[UserMessage], Awaitable[dict[str, Any]]]


@dataclass(frozen=True)
class Answer:
    """A response of the server; headers by small letters."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def error(self) -> str:
        """The code of an error, which always comes with a sentence."""
        assert set(self.json) == {"error", "message"}
        assert self.json["message"].strip()
        return str(self.json["error"])


class Agent:
    """Stands for Rasa's agent: its locks, the store, and turns that a test can set."""

    def __init__(self) -> None:
        self.handled: list[UserMessage] = []
        self.turn: Turn = self.echo
        self.lock_store = InMemoryLockStore()

    async def handle_message(self, message: UserMessage) -> None:
        async with self.lock_store.lock(message.sender_id, wait_time_in_seconds=0.01):
            reply = await self.turn(message)
            self.handled.append(message)
            await keep(message, reply)

    @staticmethod
    async def echo(message: UserMessage) -> dict[str, Any]:
        about = {"kind": "answer", "answers": ["cost"], "version": "v1"}
        return {"text": f"You said: **{message.text}**", **about}

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.handled]


class Server:
    """A chat server with the web channel only. Several can stand on one database."""

    def __init__(self) -> None:
        self._app = Sanic(f"web-{uuid.uuid4().hex}", configure_logging=False)
        self._app.asgi = True
        self.agent = Agent()
        self._app.ctx.agent = self.agent
        channel = WebChannel.from_credentials(None)
        register([channel], self._app, route="/webhooks/")
        self._started = False

    async def started(self) -> None:
        """What a server does once it listens."""
        await self._app._server_event("init", "after")

    async def stopped(self) -> None:
        """What it does before it ends."""
        await self._app._server_event("shutdown", "before")

    async def request(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        client: str = "192.0.2.1",
    ) -> Answer:
        """A request as a client sends it."""
        if not self._started:
            await self._app._startup()
            self._started = True
        sent: list[dict[str, Any]] = []
        received = [{"type": "http.request", "body": body, "more_body": False}]
        named = {"host": OWN, "content-type": "application/json", **(headers or {})}
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method,
            "path": path, "query_string": b"",
            "headers": [(name.encode(), value.encode()) for name, value in named.items()],
            "client": (client, 1), "server": ("127.0.0.1", 5005), "scheme": "http",
        }  # fmt: skip

        async def receive() -> dict[str, Any]:
            return received.pop(0)

        async def send(event: dict[str, Any]) -> None:
            sent.append(event)

        await self._app(scope, receive, send)
        start = next(event for event in sent if "status" in event)
        told = {n.decode().lower(): v.decode() for n, v in start["headers"]}
        return Answer(start["status"], told, b"".join(event.get("body", b"") for event in sent))

    async def patient(self, **headers: str) -> Patient:
        """Somebody with a new session."""
        answer = await self.request("POST", "/chat/session", b"{}", headers)
        assert answer.status == 201, answer
        return Patient(self, answer.json["token"], answer.json["greeting"])


@dataclass
class Patient:
    """A patient's widget: it knows its token and nothing else."""

    server: Server
    token: str
    greeting: dict[str, Any]

    @property
    def conversation(self) -> str:
        """As the server knows it."""
        return f"web:{self.token.partition('.')[0]}"

    async def ask(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        """A request with the token."""
        raw = (
            b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        )
        known = {"authorization": f"Bearer {self.token}", **headers}
        return await self.server.request(method, f"/chat/{path}", raw, known)

    async def send(self, text: str, id_: str = "") -> Answer:
        """Type a message."""
        return await self.ask("POST", "messages", {"id": id_ or uuid.uuid4().hex, "text": text})

    async def say(self, text: str, id_: str = "") -> dict[str, Any]:
        """The reply to a typed message."""
        answer = await self.send(text, id_)
        assert answer.status == 200, answer
        return dict(answer.json["reply"])

    async def press(self, payload: str) -> dict[str, Any]:
        """The reply to a pressed button."""
        body = {"id": uuid.uuid4().hex, "payload": payload}
        answer = await self.ask("POST", "messages", body)
        assert answer.status == 200, answer
        return dict(answer.json["reply"])

    async def history(self) -> list[dict[str, Any]]:
        """All that the server remembers."""
        answer = await self.ask("GET", "history")
        assert answer.status == 200, answer
        return list(answer.json["messages"])


def play(scenario: Callable[[], Awaitable[None]]) -> None:
    """Run a scenario; one that hangs fails."""
    asyncio.run(asyncio.wait_for(scenario(), HANGS_SECONDS))
