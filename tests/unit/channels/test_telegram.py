"""The Telegram channel from update to answer, over ASGI, with a stand-in of the Bot API."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

import pytest

from guide.channels.telegram import TelegramChannel
from guide.channels.telegram_client import PATH
from guide.channels.telegram_sender import HEADER, is_from_telegram
from tests.standins.telegram import TOKEN, BotApi
from tests.unit.channels.telegram_server import (
    CHATS,
    SECRET,
    TelegramServer,
    answering,
    play,
    rows,
    until,
)

ANSWER = {
    "text": "An **answer**.", "kind": "answer", "answers": ["cost"], "version": "v1",
    "buttons": [{"title": "Is it safe?", "payload": "x"}, {"title": "x" * 90, "payload": "x"}],
}  # fmt: skip


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


def test_an_update_of_a_stranger_is_refused(telegram: TelegramServer, chat: int) -> None:
    async def scenario(server: TelegramServer) -> None:
        body = json.dumps(server.api.text(chat, "hello")).encode()
        for headers in ({}, {HEADER: ""}, {HEADER: SECRET + "x"}):
            assert await server.post(body, headers) == 401
        await server.worked()
        assert server.agent.handled == []
        assert await server.post(body, {HEADER: SECRET}) == 200

    play(telegram, scenario)


def test_a_message_makes_one_turn_and_one_answer(telegram: TelegramServer, chat: int) -> None:
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

    play(telegram, scenario)


def test_the_first_contact_says_what_telegram_sees(telegram: TelegramServer, chat: int) -> None:
    async def scenario(server: TelegramServer) -> None:
        sent = await server.ask(chat, "/start from_the_site")
        assert "Telegram, the company, can read" in sent.text
        assert "911" in sent.text
        assert sent.text.endswith("You said: Hello")

    play(telegram, scenario)


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
    telegram: TelegramServer, chat: int, text: str, said: str
) -> None:
    async def scenario(server: TelegramServer) -> None:
        assert (await server.ask(chat, text)).text == f"You said: {said}"

    play(telegram, scenario)


def test_a_press_is_answered_and_used_up(telegram: TelegramServer, chat: int) -> None:
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

    play(telegram, scenario)


def test_a_press_of_long_ago_works_after_a_restart(bot_api: BotApi, chat: int) -> None:
    async def before(server: TelegramServer) -> None:
        server.agent.say = answering(**ANSWER)
        await server.ask(chat, "what does it cost")

    async def after(server: TelegramServer) -> None:
        (old,) = server.api.messages(chat)
        await server.press(old, "Is it safe?", accessible=False)
        assert (await server.told(chat, 2)).text == "You said: Is it safe?"
        await until(lambda: not old.titles)
        assert old.text == "An answer."

    play(TelegramServer(bot_api), before)
    play(TelegramServer(bot_api), after)


def test_a_button_of_another_chat_means_nothing(telegram: TelegramServer, chat: int) -> None:
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

    play(telegram, scenario)


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
    telegram: TelegramServer, chat: int, content: dict[str, Any], told: str
) -> None:
    async def scenario(server: TelegramServer) -> None:
        for _ in range(5):  # an album
            assert await server.deliver(server.api.message(chat, **content)) == 200
        assert told in (await server.told(chat)).text
        await server.worked()
        assert len(server.api.messages(chat)) == 1
        assert server.agent.handled == []

    play(telegram, scenario)


def test_the_words_under_a_picture_are_read(telegram: TelegramServer, chat: int) -> None:
    async def scenario(server: TelegramServer) -> None:
        photo = [{"file_id": "a", "file_unique_id": "b", "width": 9, "height": 9}]
        await server.deliver(server.api.message(chat, photo=photo, caption="how much is it"))
        sent = await server.told(chat)
        assert sent.text.startswith("I can only read text")
        assert sent.text.endswith("You said: how much is it")
        await server.deliver(server.api.message(chat, photo=photo, caption="I have chest pain"))
        assert (await server.told(chat, 2)).text.startswith("Call 911 now")

    play(telegram, scenario)


def test_edits_are_ignored(telegram: TelegramServer, chat: int) -> None:
    async def scenario(server: TelegramServer) -> None:
        update = server.api.text(chat, "hello")
        assert await server.deliver({"update_id": 3, "edited_message": update["message"]}) == 200
        await server.worked()
        assert (server.agent.handled, server.api.messages(chat)) == ([], [])

    play(telegram, scenario)


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"{", b"\xff", b"[" * 100_000, b'{"a": 1}'])
def test_nothing_in_a_body_is_an_error(telegram: TelegramServer, body: bytes) -> None:
    async def scenario(server: TelegramServer) -> None:
        assert await server.post(body, {HEADER: SECRET}) == 200

    play(telegram, scenario)


def test_a_group_is_asked_once_to_write_privately(
    telegram: TelegramServer, caplog: pytest.LogCaptureFixture
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
        play(telegram, scenario)
    assert "Jane" not in caplog.text


def test_logs_hold_neither_token_nor_words(
    telegram: TelegramServer, chat: int, caplog: pytest.LogCaptureFixture
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
        play(telegram, scenario)
    assert TOKEN.split(":")[1] not in caplog.text
    assert SECRET not in caplog.text
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
    environment: dict[str, str], level: str, told: str, bot_api: BotApi,
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    for name in ("BOT_TOKEN", "SECRET", "WEBHOOK_URL", "API_URL"):
        monkeypatch.delenv(f"TELEGRAM_{name}", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    server = TelegramServer(bot_api, TelegramChannel.from_credentials(None))

    async def scenario() -> None:
        async with server.running(ready=False):
            assert await server.post(b"{}", {HEADER: SECRET}) == 404

    asyncio.run(scenario())
    assert bot_api.calls == []
    records = [r for r in caplog.records if r.name == "guide.channels.telegram"]
    assert [r.levelname for r in records] == [level]
    assert told in records[0].getMessage()
    assert "nonsense" not in caplog.text
