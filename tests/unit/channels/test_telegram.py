"""The Telegram channel from update to answer, over ASGI, with a stand-in of the Bot API."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage
from sqlalchemy.exc import OperationalError

from guide.channels.telegram import TelegramChannel
from guide.channels.telegram_chats import TelegramChats
from guide.channels.telegram_client import PATH
from guide.channels.telegram_sender import HEADER, is_from_telegram
from guide.store.database import database_url, engine_of
from guide.store.inbox import Inbox
from tests.standins.telegram import TOKEN, BotApi
from tests.unit.channels.telegram_server import (
    CHATS,
    SECRET,
    TelegramServer,
    answering,
    play,
    until,
)

ANSWER = {
    "text": "An **answer**.", "kind": "answer", "answers": ["cost"], "version": "v1",
    "buttons": [{"title": "Is it safe?", "payload": "x"}, {"title": "x" * 90, "payload": "x"}],
}  # fmt: skip


@pytest.fixture(autouse=True)
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An inbox of its own for each test."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'guide.db'}")


@pytest.fixture
def api() -> Iterator[BotApi]:
    with BotApi() as running:
        yield running


@pytest.fixture
def server(api: BotApi) -> TelegramServer:
    return TelegramServer(api)


@pytest.fixture
def chat() -> int:
    return next(CHATS)


def rows() -> list[Any]:
    """The inbox's table."""
    with engine_of(database_url()).connect() as connection:
        return list(connection.execute("SELECT * FROM inbox"))


@pytest.mark.parametrize(
    ("given", "secret"),
    [
        (None, SECRET), ("", SECRET), ("", ""), (None, ""), (SECRET, ""), (SECRET[:-1], SECRET),
        (SECRET + "a", SECRET), (SECRET.upper(), SECRET), ("\u00e9", SECRET), (b"x", SECRET),
    ],
)  # fmt: skip
def test_only_the_whole_secret_is_right(given: object, secret: str) -> None:
    assert is_from_telegram(given, secret) is False
    assert is_from_telegram(SECRET, SECRET) is True


def test_an_update_of_a_stranger_is_refused(server: TelegramServer, chat: int) -> None:
    async def scenario(server: TelegramServer) -> None:
        body = json.dumps(server.api.text(chat, "hello")).encode()
        for headers in ({}, {HEADER: ""}, {HEADER: SECRET + "x"}):
            assert await server.post(body, headers) == 401
        await server.worked()
        assert server.agent.handled == []
        assert await server.post(body, {HEADER: SECRET}) == 200

    play(server, scenario)


def test_a_message_makes_one_turn_and_one_answer(server: TelegramServer, chat: int) -> None:
    async def scenario(server: TelegramServer) -> None:
        server.agent.say = answering(**ANSWER)
        sent = await server.ask(chat, "/restart what does it cost")
        assert sent.text == "An answer."
        assert sent.entities == [{"type": "bold", "offset": 3, "length": 6}]
        assert sent.titles == ["Is it safe?", "Helpful", "Not helpful"]
        assert all(len(row) == 1 for row in sent.buttons)
        (call,) = server.api.called("sendMessage")
        assert call["link_preview_options"] == {"is_disabled": True}
        await until(lambda: server.agent.handled)
        (message,) = server.agent.handled
        assert message.text == "restart what does it cost"
        assert (message.sender_id, message.input_channel) == (f"telegram:{chat}", "telegram")

    play(server, scenario)


def test_the_first_contact_says_what_telegram_sees(server: TelegramServer, chat: int) -> None:
    async def scenario(server: TelegramServer) -> None:
        sent = await server.ask(chat, "/start from_the_site")
        assert "Telegram, the company, can read" in sent.text
        assert "911" in sent.text
        assert sent.text.endswith("You said: Hello")

    play(server, scenario)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("/help", "What can I ask you about?"),
        ("/privacy", "privacy policy"),
        ("/delete", "delete my conversation"),
        ("/trials", "find trials"),
        ("/unknown", "unknown"),
    ],
)
def test_commands_are_plain_sentences(
    server: TelegramServer, chat: int, text: str, said: str
) -> None:
    async def scenario(server: TelegramServer) -> None:
        assert (await server.ask(chat, text)).text == f"You said: {said}"

    play(server, scenario)


def test_a_press_is_answered_and_used_up(server: TelegramServer, chat: int) -> None:
    async def scenario(server: TelegramServer) -> None:
        server.agent.say = answering(**ANSWER)
        first = await server.ask(chat, "what does it cost")
        server.agent.say = server.agent.echo
        await server.press(first, "Is it safe?")
        assert (await server.told(chat, 2)).text == "You said: Is it safe?"
        await until(lambda: first.edited)
        assert first.text == "An answer.\n\nYou chose: Is it safe?"
        assert first.entities[0] == {"type": "bold", "offset": 3, "length": 6}
        assert first.titles == ["Helpful", "Not helpful"]
        await server.press(first, "Not helpful")
        await server.told(chat, 3)
        await until(lambda: not first.titles)
        assert server.api.queries == set()
        await until(lambda: len(server.agent.handled) == 3)
        judged = server.agent.handled[2].parse_data
        assert judged["intent"] == {"name": "feedback_negative", "confidence": 1.0}
        assert judged["judged"]["answers"] == ["cost"]

    play(server, scenario)


def test_a_press_of_long_ago_works_after_a_restart(api: BotApi, chat: int) -> None:
    async def before(server: TelegramServer) -> None:
        server.agent.say = answering(**ANSWER)
        await server.ask(chat, "what does it cost")

    async def after(server: TelegramServer) -> None:
        (old,) = server.api.messages(chat)
        await server.press(old, "Is it safe?", accessible=False)
        assert (await server.told(chat, 2)).text == "You said: Is it safe?"
        await until(lambda: not old.titles)
        assert old.text == "An answer."

    play(TelegramServer(api), before)
    play(TelegramServer(api), after)


def test_a_button_of_another_chat_means_nothing(server: TelegramServer, chat: int) -> None:
    async def scenario(server: TelegramServer) -> None:
        server.agent.say = answering(**ANSWER)
        shown = await server.ask(chat, "what does it cost")
        other = next(CHATS)
        await server.write(other, "hello")
        await server.told(other)
        update = server.api.press(shown, "Is it safe?")
        update["callback_query"]["message"]["chat"]["id"] = other
        assert await server.deliver(update) == 200
        assert "does not work any more" in (await server.told(other, 2)).text
        await until(lambda: len(server.agent.handled) == 2)

    play(server, scenario)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ({"voice": {"file_id": "a", "file_unique_id": "b", "duration": 2}}, "I can only read text"),
        ({"photo": []  , "sticker": {
            "file_id": "a", "file_unique_id": "b", "type": "regular", "width": 1, "height": 1,
            "is_animated": False, "is_video": False}}, "I can only read text"),
        ({"location": {"latitude": 42.36, "longitude": -71.06}}, "type a city"),
    ],
)  # fmt: skip
def test_what_is_no_text_is_told_so_without_a_turn(
    server: TelegramServer, chat: int, content: dict[str, Any], told: str
) -> None:
    async def scenario(server: TelegramServer) -> None:
        for _ in range(5):  # an album
            assert await server.deliver(server.api.message(chat, **content)) == 200
        assert told in (await server.told(chat)).text
        await server.worked()
        assert len(server.api.messages(chat)) == 1
        assert server.agent.handled == []

    play(server, scenario)


def test_the_words_under_a_picture_are_read(server: TelegramServer, chat: int) -> None:
    async def scenario(server: TelegramServer) -> None:
        photo = [{"file_id": "a", "file_unique_id": "b", "width": 9, "height": 9}]
        await server.deliver(server.api.message(chat, photo=photo, caption="how much is it"))
        sent = await server.told(chat)
        assert sent.text.startswith("I can only read text")
        assert sent.text.endswith("You said: how much is it")
        await server.deliver(server.api.message(chat, photo=photo, caption="I have chest pain"))
        assert (await server.told(chat, 2)).text.startswith("Call 911 now")

    play(server, scenario)


def test_edits_are_ignored(server: TelegramServer, chat: int) -> None:
    async def scenario(server: TelegramServer) -> None:
        update = server.api.text(chat, "hello")
        assert await server.deliver({"update_id": 3, "edited_message": update["message"]}) == 200
        await server.worked()
        assert (server.agent.handled, server.api.messages(chat)) == ([], [])

    play(server, scenario)


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"{", b"\xff", b"[" * 100_000, b'{"a": 1}'])
def test_nothing_in_a_body_is_an_error(server: TelegramServer, body: bytes) -> None:
    async def scenario(server: TelegramServer) -> None:
        assert await server.post(body, {HEADER: SECRET}) == 200

    play(server, scenario)


def test_a_group_is_asked_once_to_write_privately(
    server: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    group = -next(CHATS)

    async def scenario(server: TelegramServer) -> None:
        for text in ("/start@guide_bot", "/help@guide_bot I am Jane and have chest pain"):
            entities = [{"type": "bot_command", "offset": 0, "length": 6}]
            update = server.api.message(group, "supergroup", text=text, entities=entities)
            assert await server.deliver(update) == 200
        sent = await server.told(group)
        assert "write to me privately" in sent.text
        assert sent.entities[0]["url"] == "https://t.me/guide_bot"
        await server.worked()
        assert len(server.api.messages(group)) == 1
        assert server.agent.handled == []
        assert rows() == []

    with caplog.at_level(logging.DEBUG):
        play(server, scenario)
    assert "Jane" not in caplog.text


def test_a_redelivery_does_nothing_also_after_a_restart(api: BotApi, chat: int) -> None:
    update = api.text(chat, "hello")

    async def twice(server: TelegramServer) -> None:
        assert await server.deliver(update) == 200
        assert await server.deliver(update) == 200
        await server.told(chat)
        await server.worked()
        assert len(api.messages(chat)) == 1

    play(TelegramServer(api), twice)
    play(TelegramServer(api), twice)


def test_redeliveries_at_the_same_time_make_one_turn(server: TelegramServer, chat: int) -> None:
    async def scenario(server: TelegramServer) -> None:
        for text in ("hello", "I have chest pain"):
            update = server.api.text(chat, text)
            statuses = await asyncio.gather(*[server.deliver(update) for _ in range(8)])
            assert statuses == [200] * 8
        await server.worked()
        assert len(server.api.messages(chat)) == 2

    play(server, scenario)


def test_an_event_is_accepted_when_it_is_committed(
    server: TelegramServer, chat: int, monkeypatch: pytest.MonkeyPatch
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

    play(server, scenario)


def test_danger_is_answered_while_the_database_and_the_chat_hang(
    server: TelegramServer, chat: int, monkeypatch: pytest.MonkeyPatch
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

    play(server, scenario)


def test_danger_is_answered_though_the_database_is_gone(
    server: TelegramServer, chat: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OperationalError("INSERT", {}, Exception("disk"))

    async def scenario(server: TelegramServer) -> None:
        monkeypatch.setattr(Inbox, "accept", fail)
        monkeypatch.setattr(Inbox, "finish", fail)
        assert (await server.ask(chat, "I have chest pain")).text.startswith("Call 911 now")

    play(server, scenario)


def test_what_was_begun_is_ended_before_the_server_stops(server: TelegramServer, chat: int) -> None:
    async def scenario(server: TelegramServer) -> None:
        async def turn(message: UserMessage) -> None:
            await asyncio.sleep(0.5)
            await server.agent.echo(message)

        server.agent.say = turn
        await server.write(chat, "hello")

    play(server, scenario)
    assert [message.text for message in server.api.messages(chat)] == ["You said: hello"]
    assert all(row.done for row in rows())


def test_work_that_a_server_left_is_taken_up(
    api: BotApi, chat: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def dies(server: TelegramServer) -> None:
        async def turn(message: UserMessage) -> None:
            await asyncio.Event().wait()

        server.agent.say = turn
        await server.write(chat, "how much is it")

    monkeypatch.setattr("guide.channels.telegram_chats.CLOSING_SECONDS", 0.1)
    play(TelegramServer(api), dies)
    with engine_of(database_url()).begin() as connection:
        connection.execute("UPDATE inbox SET claimed = claimed - 100")

    async def goes_on(server: TelegramServer) -> None:
        assert (await server.told(chat)).text == "You said: how much is it"
        await until(lambda: all(row.done for row in rows()))

    play(TelegramServer(api), goes_on)


def test_messages_of_a_chat_are_answered_in_order(server: TelegramServer, chat: int) -> None:
    async def scenario(server: TelegramServer) -> None:
        server.api.flooded["sendMessage"] = [1]
        for text in ("one", "two", "three"):
            await server.write(chat, text)
        await server.told(chat, 3)
        told = [message.text for message in server.api.messages(chat)]
        assert told == ["You said: one", "You said: two", "You said: three"]

    play(server, scenario)


def test_a_flood_is_waited_for_as_long_as_telegram_says(server: TelegramServer, chat: int) -> None:
    async def scenario(server: TelegramServer) -> None:
        server.api.flooded["sendMessage"] = [2]
        began = asyncio.get_running_loop().time()
        assert (await server.ask(chat, "hello")).text == "You said: hello"
        assert 2 <= asyncio.get_running_loop().time() - began < 5

    play(server, scenario)


def test_an_answer_gets_through_when_telegram_is_back(server: TelegramServer, chat: int) -> None:
    async def scenario(server: TelegramServer) -> None:
        server.api.broken["sendMessage"] = 1
        assert (await server.ask(chat, "hello")).text == "You said: hello"
        assert len(server.agent.handled) == 1

    play(server, scenario)


def test_somebody_who_blocked_the_bot_is_no_error(
    server: TelegramServer, chat: int, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario(server: TelegramServer) -> None:
        server.api.blocked.add(chat)
        await server.write(chat, "hello")
        await until(lambda: rows() and all(row.done for row in rows()))

    with caplog.at_level(logging.WARNING):
        play(server, scenario)
    assert [r for r in caplog.records if r.name.startswith("guide")] == []


def test_words_come_through_where_their_form_is_refused(
    server: TelegramServer, chat: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    import guide.channels.telegram_chats as chats

    wrong = {"text": "<b>An <x>answer", "parse_mode": "HTML"}
    monkeypatch.setattr(chats, "render", lambda *_: [wrong])

    async def scenario(server: TelegramServer) -> None:
        assert (await server.ask(chat, "hello")).text == "An answer"

    play(server, scenario)


def test_typing_is_shown_while_an_answer_takes_time(server: TelegramServer, chat: int) -> None:
    async def scenario(server: TelegramServer) -> None:
        async def turn(message: UserMessage) -> None:
            await until(lambda: server.api.called("sendChatAction"))
            await server.agent.echo(message)

        server.agent.say = turn
        await server.ask(chat, "hello")
        assert server.api.called("sendChatAction")[0] == {"chat_id": str(chat), "action": "typing"}

    play(server, scenario)


def test_a_failing_turn_is_told_in_words(server: TelegramServer, chat: int) -> None:
    async def scenario(server: TelegramServer) -> None:
        async def turn(message: UserMessage) -> None:
            raise RuntimeError(message.text)

        server.agent.say = turn
        assert "Something went wrong on my side" in (await server.ask(chat, "hello")).text
        await until(lambda: all(row.done for row in rows()))

    play(server, scenario)


def test_logs_hold_neither_token_nor_words(
    server: TelegramServer, chat: int, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario(server: TelegramServer) -> None:
        server.agent.say = answering(**{**ANSWER, "text": "Zqxw answer"})
        sent = await server.ask(chat, "my name is Zqxw")
        await server.press(sent, "Is it safe?")
        await server.told(chat, 2)
        server.api.broken["sendMessage"] = 1
        await server.write(chat, "Zqxw again")
        await server.told(chat, 3)

    with caplog.at_level(logging.DEBUG):
        play(server, scenario)
    assert TOKEN.split(":")[1] not in caplog.text
    assert SECRET not in caplog.text
    # The text of a turn is said by the echo agent alone.
    assert "zqxw" not in caplog.text.lower()


@pytest.mark.parametrize(
    ("environment", "level", "told"),
    [
        ({}, "WARNING", "telegram is off: TELEGRAM_BOT_TOKEN is not set"),
        ({"TELEGRAM_BOT_TOKEN": TOKEN}, "ERROR", "TELEGRAM_SECRET and TELEGRAM_WEBHOOK_URL must"),
        ({"TELEGRAM_BOT_TOKEN": "nonsense", "TELEGRAM_SECRET": SECRET,
          "TELEGRAM_WEBHOOK_URL": f"https://a.example{PATH}"}, "ERROR", "must look like 123456:"),
    ],
)  # fmt: skip
def test_a_channel_without_credentials_is_off_and_says_so_once(
    environment: dict[str, str], level: str, told: str, api: BotApi,
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    for name in ("BOT_TOKEN", "SECRET", "WEBHOOK_URL", "API_URL"):
        monkeypatch.delenv(f"TELEGRAM_{name}", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    channel = TelegramChannel.from_credentials(None)
    assert list(channel.blueprint(TelegramChats._work)._future_routes) == []
    records = [r for r in caplog.records if r.name == "guide.channels.telegram"]
    assert [r.levelname for r in records] == [level]
    assert told in records[0].getMessage()
    assert "nonsense" not in caplog.text
