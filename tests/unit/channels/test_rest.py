"""The REST channel: what a client sends, what it gets, and what it can not break."""

from __future__ import annotations

import asyncio
import logging
import re
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage

from guide.channels.rest import MAX_SENDER, read
from tests.unit.channels.rest_server import Server, settled

SECRET = "my name is Jane Roe and I live in Boise"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "JSON object"),
        (b"null", "JSON object"),
        (b"[]", "JSON object"),
        (b'"hello"', "JSON object"),
        (b"5", "JSON object"),
        (b"{", "must be JSON"),
        (b"sender=ann&message=hi", "must be JSON"),
        (b'{"message": "hi"', "must be JSON"),
        (b"\xff\xfe\x00", "must be JSON"),
        (b'{"message": "\xff"}', "must be JSON"),
        pytest.param(b"[" * 100_000, "must be JSON", id="deep"),
        (b"{}", "message must be text"),
        (b'{"sender": "ann"}', "message must be text"),
        (b'{"message": null}', "message must be text"),
        (b'{"message": 5}', "message must be text"),
        (b'{"message": ["hi"]}', "message must be text"),
        (b'{"sender": "", "message": "hi"}', "sender must be"),
        (b'{"sender": null, "message": "hi"}', "sender must be"),
        (b'{"sender": 7, "message": "hi"}', "sender must be"),
        (b'{"sender": "a\\nb", "message": "hi"}', "sender must be"),
        (b'{"sender": "\\u0000", "message": "hi"}', "sender must be"),
        (b'{"sender": "\\ud83d", "message": "hi"}', "sender must be"),
        (b'{"sender": "\\u202eann", "message": "hi"}', "sender must be"),
        pytest.param(
            b'{"sender": "%s", "message": "hi"}' % (b"a" * (MAX_SENDER + 1)),
            "sender must be 1 to 200",
            id="long",
        ),
    ],
)
def test_bad_bodies_are_told_in_words(server: Server, body: bytes, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        read(body)

    async def scenario(server: Server) -> None:
        status, answer = await server.post(body)
        assert status == 400
        assert told in answer["error"]
        assert server.agent.handled == []

    server.run(scenario)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"sender": "ann", "message": "hi"}', ("rest:ann", "hi")),
        (b'{"message": "hi"}', ("rest:default", "hi")),
        (b'{"message": ""}', ("rest:default", "")),
        (b'{"sender": "ann", "message": "hi", "input_channel": "slack"}', ("rest:ann", "hi")),
        (b'{"sender": "web:1", "message": "hi"}', ("rest:web:1", "hi")),
        ('{"sender": "\u00c5sa", "message": "\u00e9"}'.encode(), ("rest:\u00c5sa", "\u00e9")),
        (b'\n {"sender": "a b", "message": "\\ud83d"} ', ("rest:a b", "\ud83d")),
        pytest.param(
            b'{"sender": "%s", "message": "hi"}' % (b"a" * MAX_SENDER),
            (f"rest:{'a' * MAX_SENDER}", "hi"),
            id="longest",
        ),
    ],
)
def test_good_bodies(body: bytes, expected: tuple[str, str]) -> None:
    assert read(body) == expected


def test_a_message_makes_one_turn_and_its_reply_comes_back(server: Server) -> None:
    async def scenario(server: Server) -> None:
        assert await server.request("GET", "/webhooks/rest/") == (200, {"status": "ok"})
        reply = await server.say("  /restart me ")
        assert reply["text"] == "You said: restart me"
        (message,) = server.agent.handled
        assert (message.sender_id, message.input_channel) == ("rest:ann", "rest")

    server.run(scenario)


FLAT = {"kind": "answer", "answers": ["cost"], "version": "v1"}
STORED = {"stored": False}  # this agent has no store
BUTTONS = [{"title": "A", "payload": "A"}]


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (FLAT, FLAT),
        ({"metadata": FLAT}, FLAT),
        ({"metadata": {**FLAT, "place": "Boston"}, "utter_action": "x"}, FLAT),
        ({}, {"kind": "small_talk", "answers": [], "version": ""}),
        ({"kind": "urgent", "answers": None}, {"kind": "urgent", "answers": [], "version": ""}),
    ],
)
def test_metadata_arrive_flat_or_nested(
    server: Server, sent: dict[str, Any], expected: dict[str, Any]
) -> None:
    async def turn(message: UserMessage) -> None:
        reply = {"text": "One.\n\nTwo.", "buttons": BUTTONS, **sent}
        await message.output_channel.send_response(message.sender_id, reply)

    async def scenario(server: Server) -> None:
        server.agent.say = turn
        reply = await server.say("hi")
        assert reply == {
            "text": "One.\n\nTwo.",
            "buttons": BUTTONS,
            "metadata": {**expected, **STORED},
        }

    server.run(scenario)


def test_one_reply_is_one_message(server: Server) -> None:
    async def turn(message: UserMessage) -> None:
        for text in ("first", None, "third"):
            await message.output_channel.send_response(message.sender_id, {"text": text})

    async def scenario(server: Server) -> None:
        server.agent.say = turn
        reply = await server.say("hi")
        assert (reply["text"], reply["buttons"]) == ("first\n\nthird", [])

    server.run(scenario)


@pytest.mark.parametrize("error", [RuntimeError(SECRET), KeyError(SECRET), TimeoutError(), None])
def test_a_turn_that_fails_or_says_nothing_is_told_in_words(
    server: Server, error: Exception | None, caplog: pytest.LogCaptureFixture
) -> None:
    async def turn(message: UserMessage) -> None:
        if error:
            raise error

    async def scenario(server: Server) -> None:
        server.agent.say = turn
        reply = await server.say(SECRET, sender="Jane Roe")
        assert "Something went wrong on my side" in reply["text"]
        assert "911" in reply["text"]
        assert reply["metadata"]["kind"] == "error"

    with caplog.at_level(logging.DEBUG):
        server.run(scenario)
    if error:
        assert re.search(r"incident [0-9a-f]{8}, channel rest", caplog.text)
        assert type(error).__name__ in caplog.text
    for word in ("Jane", "Boise"):
        assert word not in caplog.text


def test_a_client_that_goes_away_does_not_undo_its_turn(server: Server) -> None:
    async def scenario(server: Server) -> None:
        began, go_on = asyncio.Event(), asyncio.Event()

        async def turn(message: UserMessage) -> None:
            began.set()
            await go_on.wait()

        server.agent.say = turn
        request = asyncio.ensure_future(server.say("how much is it"))
        await began.wait()
        request.cancel()
        with pytest.raises(asyncio.CancelledError):
            await request
        assert server.agent.texts == []
        go_on.set()
        await settled()
        assert server.agent.texts == ["how much is it"]

    server.run(scenario)


def test_danger_is_answered_while_the_conversation_hangs_and_recorded_after(server: Server) -> None:
    async def scenario(server: Server) -> None:
        began, go_on = asyncio.Event(), asyncio.Event()

        async def turn(message: UserMessage) -> None:
            if message.text == "find trials":
                began.set()
                await go_on.wait()
            await server.agent.echo(message)

        server.agent.say = turn
        hanging = asyncio.ensure_future(server.say("find trials"))
        await began.wait()
        reply = await server.say("I have chest pain")
        assert "Call 911 now" in reply["text"]
        assert reply["metadata"]["kind"] == "emergency"
        assert server.agent.handled == []
        go_on.set()
        assert (await hanging)["text"] == "You said: find trials"
        await settled()
        assert server.agent.texts == ["find trials", "I have chest pain"]
        urgent = server.agent.handled[1]
        assert urgent.sender_id == "rest:ann"
        assert urgent.parse_data["intent"] == {"name": "emergency", "confidence": 1.0}

    server.run(scenario)


def test_danger_is_answered_though_it_cannot_be_recorded(
    server: Server,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def turn(message: UserMessage) -> None:
        raise RuntimeError(message.text)

    async def scenario(server: Server) -> None:
        server.agent.say = turn
        reply = await server.say("I have chest pain, I am Jane")
        await settled()
        assert "Call 911 now" in reply["text"]

    with caplog.at_level(logging.DEBUG):
        server.run(scenario)
    assert "RuntimeError" in caplog.text
    assert "Jane" not in caplog.text


@pytest.mark.parametrize("message", ["", "?!", "x " * 9000], ids=["empty", "no words", "too long"])
def test_what_needs_no_turn_makes_none(server: Server, message: str) -> None:
    async def scenario(server: Server) -> None:
        reply = await server.say(message)
        await settled()
        assert reply["metadata"]["kind"] == "error"
        assert reply["metadata"]["version"]
        assert server.agent.handled == []

    server.run(scenario)


def test_conversations_do_not_wait_for_each_other(server: Server) -> None:
    async def scenario(server: Server) -> None:
        go_on = asyncio.Event()

        async def turn(message: UserMessage) -> None:
            if message.sender_id == "rest:slow":
                await go_on.wait()
            await server.agent.echo(message)

        server.agent.say = turn
        slow = asyncio.ensure_future(server.say("one", sender="slow"))
        assert (await server.say("two", sender="fast"))["text"] == "You said: two"
        go_on.set()
        assert (await slow)["text"] == "You said: one"

    server.run(scenario)
