"""The Telegram channel when things come twice, hang, break or are refused."""

from __future__ import annotations

import asyncio
import logging
import threading
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage
from sqlalchemy.exc import OperationalError

from guide.store.database import database_url, engine_of
from guide.store.inbox import Inbox
from tests.standins.telegram import BotApi
from tests.unit.channels.telegram_server import (
    CHATS,
    TelegramServer,
    play,
    rows,
    until,
)


def test_a_redelivery_does_nothing_also_after_a_restart(bot_api: BotApi, chat: int) -> None:
    update = bot_api.text(chat, "hello")

    async def twice(server: TelegramServer) -> None:
        assert await server.deliver(update) == 200
        assert await server.deliver(update) == 200
        await server.told(chat)
        await server.worked()
        assert len(bot_api.messages(chat)) == 1

    play(TelegramServer(bot_api), twice)
    play(TelegramServer(bot_api), twice)


def test_redeliveries_at_the_same_time_make_one_turn(telegram: TelegramServer, chat: int) -> None:
    async def scenario(server: TelegramServer) -> None:
        for text in ("hello", "I have chest pain"):
            update = server.api.text(chat, text)
            statuses = await asyncio.gather(*[server.deliver(update) for _ in range(8)])
            assert statuses == [200] * 8
        await server.worked()
        assert len(server.api.messages(chat)) == 2

    play(telegram, scenario)


def test_an_event_is_accepted_when_it_is_committed(
    telegram: TelegramServer, chat: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OperationalError("INSERT hello Jane", {}, Exception("disk"))

    async def scenario(server: TelegramServer) -> None:
        update = server.api.text(chat, "hello")
        with monkeypatch.context() as broken:
            broken.setattr(Inbox, "accept", fail)
            assert await server.deliver(update) == 503
        assert await server.deliver(update) == 200  # sent again
        assert (await server.told(chat)).text == "You said: hello"
        await until(lambda: all(row.done for row in rows()))
        (row,) = rows()
        assert (row.body, row.conversation) == ("", f"telegram:{chat}")

    play(telegram, scenario)


def test_danger_is_answered_while_the_database_and_the_chat_hang(
    telegram: TelegramServer, chat: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    accept, hanging = Inbox.accept, threading.Event()

    def slow(inbox: Inbox, event: Any) -> Any:
        hanging.wait(20)
        return accept(inbox, event)

    async def scenario(server: TelegramServer) -> None:
        go_on = asyncio.Event()

        async def turn(message: UserMessage) -> None:
            if message.text == "find trials":
                await go_on.wait()
            await server.agent.echo(message)

        server.agent.say = turn
        await server.write(chat, "find trials")
        monkeypatch.setattr(Inbox, "accept", slow)
        waiting = [asyncio.ensure_future(server.write(next(CHATS), f"hello {n}")) for n in range(9)]
        began = asyncio.get_running_loop().time()
        update = server.api.text(chat, "I have chest pain")
        assert await server.deliver(update) == 200
        assert (await server.told(chat)).text.startswith("Call 911 now")
        assert asyncio.get_running_loop().time() - began < 1
        assert await server.deliver(update) == 200
        hanging.set()
        await asyncio.gather(*waiting)
        go_on.set()
        assert (await server.told(chat, 2)).text == "You said: find trials"
        await until(lambda: len(rows()) == 11 and all(row.done for row in rows()))

    play(telegram, scenario)


def test_danger_is_answered_though_the_database_is_gone(
    telegram: TelegramServer, chat: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OperationalError("INSERT", {}, Exception("disk"))

    async def scenario(server: TelegramServer) -> None:
        monkeypatch.setattr(Inbox, "accept", fail)
        monkeypatch.setattr(Inbox, "finish", fail)
        assert (await server.ask(chat, "I have chest pain")).text.startswith("Call 911 now")

    play(telegram, scenario)


def test_what_was_begun_is_ended_before_the_server_stops(
    telegram: TelegramServer, chat: int
) -> None:
    async def scenario(server: TelegramServer) -> None:
        async def turn(message: UserMessage) -> None:
            await asyncio.sleep(0.5)
            await server.agent.echo(message)

        server.agent.say = turn
        await server.write(chat, "hello")

    play(telegram, scenario)
    assert [message.text for message in telegram.api.messages(chat)] == ["You said: hello"]
    assert all(row.done for row in rows())


def test_work_that_a_server_left_is_taken_up(
    bot_api: BotApi, chat: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def dies(server: TelegramServer) -> None:
        async def turn(message: UserMessage) -> None:
            await asyncio.Event().wait()

        server.agent.say = turn
        await server.write(chat, "how much is it")

    monkeypatch.setattr("guide.channels.worklist.CLOSING_SECONDS", 0.1)
    play(TelegramServer(bot_api), dies)
    with engine_of(database_url()).begin() as connection:
        connection.execute("UPDATE inbox SET claimed = claimed - 100")

    async def goes_on(server: TelegramServer) -> None:
        assert (await server.told(chat)).text == "You said: how much is it"
        await until(lambda: all(row.done for row in rows()))

    play(TelegramServer(bot_api), goes_on)


def test_messages_of_a_chat_are_answered_in_order(telegram: TelegramServer, chat: int) -> None:
    async def scenario(server: TelegramServer) -> None:
        server.api.flooded["sendMessage"] = [1]
        for text in ("one", "two", "three"):
            await server.write(chat, text)
        await server.told(chat, 3)
        told = [message.text for message in server.api.messages(chat)]
        assert told == ["You said: one", "You said: two", "You said: three"]

    play(telegram, scenario)


def test_a_flood_is_waited_for_as_long_as_telegram_says(
    telegram: TelegramServer, chat: int
) -> None:
    async def scenario(server: TelegramServer) -> None:
        server.api.flooded["sendMessage"] = [2]
        began = asyncio.get_running_loop().time()
        assert (await server.ask(chat, "hello")).text == "You said: hello"
        assert 2 <= asyncio.get_running_loop().time() - began < 5

    play(telegram, scenario)


def test_an_answer_gets_through_when_telegram_is_back(telegram: TelegramServer, chat: int) -> None:
    async def scenario(server: TelegramServer) -> None:
        server.api.broken["sendMessage"] = 1
        assert (await server.ask(chat, "hello")).text == "You said: hello"
        assert len(server.agent.handled) == 1

    play(telegram, scenario)


def test_somebody_who_blocked_the_bot_is_no_error(
    telegram: TelegramServer, chat: int, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario(server: TelegramServer) -> None:
        server.api.blocked.add(chat)
        await server.write(chat, "hello")
        await until(lambda: rows() and all(row.done for row in rows()))

    with caplog.at_level(logging.WARNING):
        play(telegram, scenario)
    assert [r for r in caplog.records if r.name.startswith("guide")] == []


def test_words_come_through_where_their_form_is_refused(
    telegram: TelegramServer, chat: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    import guide.channels.telegram_chats as chats

    wrong = {"text": "<b>An <x>answer", "parse_mode": "HTML"}
    monkeypatch.setattr(chats, "render", lambda *_: [wrong])

    async def scenario(server: TelegramServer) -> None:
        assert (await server.ask(chat, "hello")).text == "An answer"

    play(telegram, scenario)


def test_typing_is_shown_while_an_answer_takes_time(telegram: TelegramServer, chat: int) -> None:
    async def scenario(server: TelegramServer) -> None:
        async def turn(message: UserMessage) -> None:
            await until(lambda: server.api.called("sendChatAction"))
            await server.agent.echo(message)

        server.agent.say = turn
        await server.ask(chat, "hello")
        assert server.api.called("sendChatAction")[0] == {"chat_id": str(chat), "action": "typing"}

    play(telegram, scenario)


def test_a_failing_turn_is_told_in_words(telegram: TelegramServer, chat: int) -> None:
    async def scenario(server: TelegramServer) -> None:
        async def turn(message: UserMessage) -> None:
            raise RuntimeError(message.text)

        server.agent.say = turn
        assert "Something went wrong on my side" in (await server.ask(chat, "hello")).text
        await until(lambda: all(row.done for row in rows()))

    play(telegram, scenario)
