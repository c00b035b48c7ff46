"""The Telegram channel in a real Sanic application over ASGI, with a bot of the stand-in's."""

from __future__ import annotations

import asyncio
import itertools
import json
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from rasa.core.channels.channel import register
from sanic import Sanic
from sanic.touchup import TouchUp

from guide.channels.rest import RestChannel
from guide.channels.telegram import TelegramChannel
from guide.channels.telegram_client import PATH, Settings
from guide.store.database import database_url, engine_of
from tests.standins.telegram import TOKEN, BotApi
from tests.standins.telegram_methods import Sent
from tests.unit.channels.rest_server import HANGS_SECONDS, Agent

SECRET = "a-secret-of-thirty-characters_"
# A chat of its own for each test: the rate is limited by conversation.
CHATS = itertools.count(7001)


class TelegramServer:
    """A running channel. `agent.say` is what a turn does, `api` what Telegram sees."""

    def __init__(self, api: BotApi, channel: TelegramChannel | None = None) -> None:
        self.api = api
        self.agent = Agent()
        self.app = Sanic(f"telegram-{uuid.uuid4().hex}", configure_logging=False)
        self.app.asgi = True
        self.app.ctx.agent = self.agent
        channels = [RestChannel(), channel or TelegramChannel(settings_for(api))]
        register(channels, self.app, route="/webhooks/")

    @asynccontextmanager
    async def running(self, ready: bool = True) -> AsyncIterator[TelegramServer]:
        """From start to stop; `ready` waits until the bot is set up."""
        self.app.signalize()
        self.app.finalize()
        # Sanic rewrites its own class when an application starts; in this mode it can do so again.
        Sanic.test_mode = True
        if not getattr(Sanic, "__touched__", False):
            TouchUp.run(self.app)
        await self.app._server_event("init", "after")
        try:
            if ready:
                await until(lambda: self.api.called("getMyShortDescription"))
            yield self
        finally:
            await self.app._server_event("shutdown", "before")
            await self.app._server_event("shutdown", "after")

    async def post(self, body: bytes, headers: dict[str, str], path: str = PATH) -> int:
        """The status of a request."""
        sent: list[dict[str, Any]] = []
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST",
            "path": path, "query_string": b"", "client": ("127.0.0.1", 1),
            "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
            "server": ("127.0.0.1", 5005), "scheme": "http",
        }  # fmt: skip

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(event: dict[str, Any]) -> None:
            sent.append(event)

        await self.app(scope, receive, send)
        return int(next(event["status"] for event in sent if "status" in event))

    async def deliver(self, update: object) -> int:
        """The status of an update that Telegram posts."""
        return await self.post(json.dumps(update).encode(), self.api.headers())

    async def write(self, chat: int, text: str, **more: Any) -> None:
        """Somebody types; accepted."""
        assert await self.deliver(self.api.text(chat, text, **more)) == 200

    async def told(self, chat: int, count: int = 1) -> Sent:
        """The newest message of a chat, once there are so many."""
        await until(lambda: len(self.api.messages(chat)) >= count)
        messages = self.api.messages(chat)
        assert len(messages) == count, [message.text for message in messages]
        return messages[-1]

    async def ask(self, chat: int, text: str) -> Sent:
        """The one message that answers a text."""
        count = len(self.api.messages(chat))
        await self.write(chat, text)
        return await self.told(chat, count + 1)

    async def press(self, message: Sent, title: str, accessible: bool = True) -> None:
        """Somebody presses a button; accepted."""
        assert await self.deliver(self.api.press(message, title, accessible)) == 200

    async def worked(self) -> None:
        """Until nothing is unfinished any more, for what must have no effect."""
        await asyncio.sleep(0.3)


def settings_for(api: BotApi) -> Settings:
    return Settings(TOKEN, SECRET, f"http://guide.test{PATH}", api.url)


def rows() -> list[Any]:
    """The inbox's table."""
    with engine_of(database_url()).connect() as connection:
        return list(connection.execute("SELECT * FROM inbox"))


async def until(true: Callable[[], object], seconds: float = 10) -> None:
    """Until something is true; fails when it does not become so."""
    end = asyncio.get_running_loop().time() + seconds
    while not true():
        assert asyncio.get_running_loop().time() < end, "did not happen"
        await asyncio.sleep(0.01)


def play(server: TelegramServer, scenario: Callable[[TelegramServer], Awaitable[None]]) -> None:
    """Run a scenario with the channel; one that hangs fails."""

    async def whole() -> None:
        async with server.running():
            await scenario(server)

    asyncio.run(asyncio.wait_for(whole(), HANGS_SECONDS))


def answering(**message: Any) -> Callable[[Any], Awaitable[None]]:
    """A turn that says this."""

    async def turn(said: Any) -> None:
        await said.output_channel.send_response(said.sender_id, dict(message))

    return turn
