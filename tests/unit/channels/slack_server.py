"""The Slack channel in a real Sanic application, driven over ASGI, with an agent that echoes."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import UserMessage, register
from sanic import Sanic

from guide.channels.slack import SlackChannel
from tests.standins.slack import Slack
from tests.standins.slack_requests import Body, encoded, event, signed
from tests.unit.channels.rest_server import Agent

HANGS_SECONDS = 60
ROUTE = "/webhooks/slack/events"


class SlackServer:
    """A guide whose Slack is `slack`; `agent.say` is what a turn does."""

    def __init__(self, slack: Slack, notice: str) -> None:
        self.slack = slack
        self.notice = notice
        self.agent = Agent()
        self.agent.say = self.answer
        self.app = Sanic(f"slack-{uuid.uuid4().hex}", configure_logging=False)
        self.app.asgi = True
        register([SlackChannel.from_credentials(None)], self.app, route="/webhooks/")
        self.app.ctx.agent = self.agent

    @staticmethod
    async def answer(message: UserMessage) -> None:
        """An answer with buttons, as most replies are."""
        reply = {
            "text": f"You said: **{message.text}**",
            "kind": "answer",
            "answers": ["cost"],
            "buttons": [{"title": t, "payload": t} for t in ("Is it safe?", "What is CAR T?")],
        }
        await message.output_channel.send_response(message.sender_id, reply)

    def run(self, scenario: Callable[[], Awaitable[None]], look_after: bool = False) -> None:
        """Play a scenario with the server started, and all that it began ended."""

        async def whole() -> None:
            await self.app._startup()
            if look_after:
                await self.app._server_event("init", "after", asyncio.get_running_loop())
            await scenario()
            if look_after:
                await self.app._server_event("shutdown", "before", asyncio.get_running_loop())

        asyncio.run(asyncio.wait_for(whole(), HANGS_SECONDS))

    async def request(
        self, body: bytes, headers: dict[str, str], path: str = ROUTE
    ) -> tuple[int, bytes]:
        """(status, body) of a request to the channel's one address, or another."""
        sent: list[dict[str, Any]] = []
        received = [{"type": "http.request", "body": body, "more_body": False}]
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST",
            "path": path, "query_string": b"", "client": ("127.0.0.1", 1), "scheme": "http",
            "server": ("127.0.0.1", 5005),
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        }  # fmt: skip

        async def receive() -> dict[str, Any]:
            return received.pop(0)

        async def send(event: dict[str, Any]) -> None:
            sent.append(event)

        await self.app(scope, receive, send)
        status = next(event["status"] for event in sent if "status" in event)
        return status, b"".join(event.get("body", b"") for event in sent)

    async def send(self, body: Body, **headers: str) -> bytes:
        """What the guide answers to a good request, with 200."""
        raw, kind = encoded(body)
        status, answer = await self.request(raw, signed(raw, kind, **headers))
        assert status == 200, answer
        return answer

    async def event(self, inner: Body, event_id: str | None = None, **headers: str) -> None:
        """An event of the Events API."""
        assert await self.send(event(inner, event_id), **headers) == b""

    async def seen(self, kept: list[Body], number: int = 1) -> list[Body]:
        """What people see, once there are `number` of it and no more came."""
        end = asyncio.get_running_loop().time() + 15
        while len(kept) < number:
            assert asyncio.get_running_loop().time() < end, (kept, self.slack.errors)
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)
        assert len(kept) == number, kept
        return kept
