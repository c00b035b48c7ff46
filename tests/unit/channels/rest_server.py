"""The REST channel in a real Sanic application, driven over ASGI without a socket."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import UserMessage, register
from sanic import Sanic

from guide.channels.rest import RestChannel

HANGS_SECONDS = 30
Say = Callable[[UserMessage], Awaitable[None]]


class Agent:
    """Stands for Rasa's agent: one turn at a time in a conversation, as Rasa's locks have it."""

    def __init__(self) -> None:
        self.handled: list[UserMessage] = []
        self.say: Say = self.echo
        self._locks: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def handle_message(self, message: UserMessage) -> None:
        async with self._locks[message.sender_id]:
            await self.say(message)
            self.handled.append(message)

    @staticmethod
    async def echo(message: UserMessage) -> None:
        reply = {"text": f"You said: {message.text}", "kind": "answer"}
        await message.output_channel.send_response(message.sender_id, reply)

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.handled]


class Server:
    """`POST` as a client does it; `agent.say` is what a turn does.

    One a process: Sanic rewrites its own class when an application starts, and can do so once.
    """

    def __init__(self) -> None:
        self._app = Sanic(f"rest-{uuid.uuid4().hex}", configure_logging=False)
        self._app.asgi = True
        register([RestChannel()], self._app, route="/webhooks/")
        asyncio.run(self._app._startup())

    @property
    def agent(self) -> Agent:
        agent: Agent = self._app.ctx.agent
        return agent

    def run(self, scenario: Callable[[Server], Awaitable[None]]) -> None:
        """Play a scenario with an agent of its own; one that hangs fails."""
        self._app.ctx.agent = Agent()
        asyncio.run(asyncio.wait_for(scenario(self), HANGS_SECONDS))

    async def request(self, method: str, path: str, body: bytes = b"") -> tuple[int, Any]:
        """(status, JSON) of a request."""
        sent: list[dict[str, Any]] = []
        received = [{"type": "http.request", "body": body, "more_body": False}]
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method,
            "path": path, "query_string": b"", "headers": [(b"content-type", b"application/json")],
            "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 5005), "scheme": "http",
        }  # fmt: skip

        async def receive() -> dict[str, Any]:
            return received.pop(0)

        async def send(event: dict[str, Any]) -> None:
            sent.append(event)

        await self._app(scope, receive, send)
        status = next(event["status"] for event in sent if "status" in event)
        return status, json.loads(b"".join(event.get("body", b"") for event in sent))

    async def post(self, body: object) -> tuple[int, Any]:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return await self.request("POST", "/webhooks/rest/webhook", raw)

    async def say(self, message: str, sender: str = "ann") -> dict[str, Any]:
        """The one reply to a message."""
        status, replies = await self.post({"sender": sender, "message": message})
        assert status == 200, replies
        (reply,) = replies
        return reply


async def settled() -> None:
    """Until everything that can go on has gone on."""
    for _ in range(50):
        await asyncio.sleep(0)
