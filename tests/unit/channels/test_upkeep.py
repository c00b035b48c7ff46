"""What lasts long is not done twice, and what is old goes, on every channel."""

from __future__ import annotations

import asyncio
import time

import pytest
from rasa.core.channels.channel import UserMessage

from guide.store.database import database_url, engine_of
from guide.store.inbox import Event, Inbox
from tests.standins.slack_requests import message
from tests.standins.telegram import BotApi
from tests.unit.channels.slack_inbox import rows
from tests.unit.channels.slack_server import SlackServer
from tests.unit.channels.telegram_server import TelegramServer, play, until
from tests.unit.channels.test_web import ID, Slow, settings
from tests.unit.channels.web_server import Patient, Server
from tests.unit.channels.web_server import play as play_web

__all__ = ["settings"]

LONG_SECONDS = 2.5  # several leases


@pytest.fixture
def short_lease(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guide.store.inbox.LEASE_SECONDS", 0.8)
    monkeypatch.setattr("guide.channels.upkeep.EVERY_SECONDS", 0.1)


@pytest.mark.usefixtures("short_lease")
class TestLongWork:
    """Another server on the same database looks for what a dead one left."""

    def test_on_telegram(self, bot_api: BotApi, chat: int) -> None:
        other = TelegramServer(bot_api)

        async def scenario(server: TelegramServer) -> None:
            async def slow(said: UserMessage) -> None:
                await asyncio.sleep(LONG_SECONDS)
                await server.agent.echo(said)

            server.agent.say = slow
            async with other.running():
                await server.ask(chat, "hello")
                await until(lambda: all(row.done for row in rows()))
                await server.told(chat, 1)
            assert other.agent.handled == []

        play(TelegramServer(bot_api), scenario)

    def test_on_slack(self, slack_server: SlackServer) -> None:
        other = SlackServer(slack_server.slack, slack_server.notice)

        async def slow(said: UserMessage) -> None:
            await asyncio.sleep(LONG_SECONDS)
            await slack_server.answer(said)

        async def scenario() -> None:
            slack_server.agent.say = slow
            await other.app._startup()
            await other.app._server_event("init", "after", asyncio.get_running_loop())
            await slack_server.event(message("one"))
            await slack_server.seen(slack_server.slack.posted)
            await other.app._server_event("shutdown", "before", asyncio.get_running_loop())
            assert other.agent.handled == []

        slack_server.run(scenario, look_after=True)

    def test_on_the_web(self) -> None:
        async def scenario() -> None:
            one, two = Server(), Server()
            slow = Slow()
            one.agent.turn = slow
            patient = await one.patient()
            await two.patient()
            await one.started()
            await two.started()
            sending = asyncio.ensure_future(patient.say("hello", ID))
            await slow.begun.wait()
            await asyncio.sleep(LONG_SECONDS)
            slow.go_on.set()
            reply = await sending
            assert await Patient(two, patient.token, {}).say("hello", ID) == reply
            assert two.agent.handled == []
            await one.stopped()
            await two.stopped()

        play_web(scenario)

    def test_one_who_asks_again_does_not_keep_a_dead_servers_work_from_being_done(self) -> None:
        async def scenario() -> None:
            server = Server()
            patient = await server.patient()
            whose = patient.conversation
            left = Event("web", f"{whose}:{ID}", whose, '{"text": "hello"}')
            Inbox(engine_of(database_url())).accept(left)
            asking = asyncio.ensure_future(patient.say("hello", ID))
            await asyncio.sleep(0.1)
            await server.started()
            assert (await asking)["text"] == "You said: hello"
            assert server.agent.texts == ["hello"]
            await server.stopped()

        play_web(scenario)


def old_and_new(day: str) -> None:
    """Rows of another channel, done, of 25 and 23 hours ago; and an open one of long ago."""
    for hours, done in ((25, True), (23, True), (30, False)):
        inbox = Inbox(engine_of(database_url()), lambda hours=hours: time.time() - hours * 3600)
        inbox.accept(Event("gone", f"{day} {hours}", "gone:1", "x"))
        if done:
            inbox.finish("gone", f"{day} {hours}")


def left() -> list[str]:
    return sorted(row.event_id for row in rows() if row.channel == "gone")


async def drops() -> None:
    """Old rows go at the start and again later."""
    await until(lambda: left() == ["one 23", "one 30"])
    old_and_new("two")
    await until(lambda: left() == ["one 23", "one 30", "two 23", "two 30"])


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guide.channels.upkeep.EVERY_SECONDS", 0.1)
    monkeypatch.setattr("guide.channels.upkeep.PURGE_SECONDS", 0.2)


@pytest.mark.usefixtures("hasty")
class TestOldRows:
    """Any one channel sees to those of all."""

    def test_on_telegram(self, telegram: TelegramServer) -> None:
        old_and_new("one")
        play(telegram, lambda _: drops())

    def test_on_slack(self, slack_server: SlackServer) -> None:
        old_and_new("one")
        slack_server.run(drops, look_after=True)

    def test_on_the_web(self) -> None:
        async def scenario() -> None:
            server = Server()
            await server.patient()
            await server.started()
            await drops()
            await server.stopped()

        old_and_new("one")
        play_web(scenario)


def test_a_purge_is_not_made_at_every_look(
    telegram: TelegramServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guide.channels.upkeep.EVERY_SECONDS", 0.05)

    async def scenario(_: TelegramServer) -> None:
        await until(lambda: left() == ["one 23", "one 30"])
        old_and_new("two")
        await asyncio.sleep(0.5)
        assert "two 25" in left()

    old_and_new("one")
    play(telegram, scenario)
