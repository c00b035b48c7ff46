"""What was answered while the database could not note it is not answered again."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from guide.channels import records
from guide.channels.upkeep import Late, keep_up
from guide.store.database import database_url, engine_of
from guide.store.inbox import Event, Inbox
from tests.standins.slack_requests import message
from tests.standins.telegram import BotApi
from tests.unit.channels.slack_inbox import rows
from tests.unit.channels.slack_server import SlackServer
from tests.unit.channels.telegram_server import TelegramServer, play, until
from tests.unit.channels.test_web import ID, settings
from tests.unit.channels.web_server import Server
from tests.unit.channels.web_server import play as play_web

__all__ = ["settings"]

OUTAGE_SECONDS = 1.0  # more than a lease


@pytest.fixture(autouse=True)
def short_lease(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guide.store.inbox.LEASE_SECONDS", 0.3)
    monkeypatch.setattr("guide.channels.upkeep.EVERY_SECONDS", 0.1)


@pytest.fixture
def outage(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """The inbox takes no word that an event is done, until it is called."""
    finish = Inbox.finish

    def fails(*_: Any, **__: Any) -> None:
        raise sa.exc.OperationalError("UPDATE", {}, OSError("database is locked"))

    monkeypatch.setattr(Inbox, "finish", fails)
    return lambda: monkeypatch.setattr(Inbox, "finish", finish)


async def over(outage: Callable[[], None]) -> None:
    """It ends, after which the events are done."""
    await asyncio.sleep(OUTAGE_SECONDS)
    assert [row.done for row in rows()] == [False]
    outage()
    await until(lambda: [row.done for row in rows()] == [True])


def test_on_slack(slack_server: SlackServer, outage: Callable[[], None]) -> None:
    async def scenario() -> None:
        await slack_server.event(message("one"))
        await slack_server.seen(slack_server.slack.posted)
        await over(outage)
        assert len(slack_server.slack.posted) == 1
        assert slack_server.agent.texts == ["one"]

    slack_server.run(scenario, look_after=True)


def test_on_telegram(bot_api: BotApi, chat: int, outage: Callable[[], None]) -> None:
    async def scenario(server: TelegramServer) -> None:
        await server.ask(chat, "hello")
        await over(outage)
        assert len(bot_api.messages(chat)) == 1
        assert len(server.agent.handled) == 1

    play(TelegramServer(bot_api), scenario)


def test_on_the_web(outage: Callable[[], None]) -> None:
    """And who sends it again meanwhile, or later, gets the same reply."""

    async def scenario() -> None:
        server = Server()
        patient = await server.patient()
        await server.started()
        reply = await patient.say("hello", ID)
        assert await patient.say("hello", ID) == reply
        await over(outage)
        assert await patient.say("hello", ID) == reply
        assert server.agent.texts == ["hello"]
        await server.stopped()

    play_web(scenario)


def test_on_the_web_where_a_message_is_accepted_after_its_reply(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The database was given up on, and did what it was asked all the same."""
    accept, slow = Inbox.accept, threading.Event()

    def late(inbox: Inbox, event: Event) -> Event | None:
        if not slow.is_set():
            slow.set()
            time.sleep(OUTAGE_SECONDS)
        return accept(inbox, event)

    monkeypatch.setattr(Inbox, "accept", late)
    monkeypatch.setattr(records, "PATIENCE_SECONDS", 0.2)

    async def scenario() -> None:
        server = Server()
        patient = await server.patient()
        await server.started()
        await patient.say("hello", ID)
        await asyncio.sleep(OUTAGE_SECONDS + 1)
        assert [row.done for row in rows()] == [True]
        assert server.agent.texts == ["hello"]
        await server.stopped()

    play_web(scenario)


def test_after_an_outage_nobody_takes_what_another_server_works_on() -> None:
    """The server that looks first finds a claim that could not be renewed."""
    taken: list[Event] = []
    away = time.monotonic() + OUTAGE_SECONDS
    inbox = Inbox(engine_of(database_url()))

    async def call(work: Callable[[Inbox], Any]) -> Any:
        if time.monotonic() < away:
            raise OSError
        return work(inbox)

    async def scenario() -> None:
        inbox.accept(Event("web", "event", "web:1", '{"text": "hello"}'))
        late = Late("web", call)
        first = keep_up("web", call, lambda: (), taken.append, late)
        second = keep_up("web", call, lambda: ("event",), taken.append, late)
        both = [asyncio.ensure_future(server) for server in (first, second)]
        await asyncio.sleep(OUTAGE_SECONDS + 1)
        for server in both:
            server.cancel()

    asyncio.run(scenario())
    assert taken == []
