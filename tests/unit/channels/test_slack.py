"""Slack: what people see there, whatever they do."""

from __future__ import annotations

import asyncio
import json
import logging
import time

import pytest
from rasa.core.channels.channel import UserMessage

from guide.channels.incoming import Gate
from guide.store.database import database_url, engine_of
from guide.store.tables import WITHDRAWN, make_tables
from tests.standins.slack import BOT, TEAM
from tests.standins.slack_requests import (
    ANN,
    BOB,
    command,
    event,
    mention,
    message,
    opened,
    press_at_home,
    press_unseen,
    signed,
    titles,
)
from tests.unit.channels.slack_server import SlackServer

THREAD = "1699999999.000200"


def test_a_direct_message_is_answered_in_place(slack_server: SlackServer) -> None:
    slack = slack_server.slack

    async def scenario() -> None:
        await slack_server.event(message("How much is it?"))
        (posted,) = await slack_server.seen(slack.posted)
        assert posted["channel"] == "D0ANN"
        assert "thread_ts" not in posted
        assert posted["text"].startswith("You said: *How much is it?*")
        assert posted["blocks"][0]["text"]["text"] == "You said: *How much is it?*"
        assert titles(posted["blocks"]) == [
            "Is it safe?", "What is CAR T?", "Helpful", "Not helpful",
        ]  # fmt: skip
        for title in ("Is it safe?", "What is CAR T?"):  # screen readers read the text only
            assert title in posted["text"]
        (handled,) = slack_server.agent.handled
        assert (handled.sender_id, handled.input_channel) == (f"slack:{TEAM}:{ANN}", "slack")

    slack_server.run(scenario)
    assert slack.errors == []


def test_a_mention_is_answered_in_its_thread(slack_server: SlackServer) -> None:
    async def scenario() -> None:
        await slack_server.event(mention("is it safe?"))
        (posted,) = await slack_server.seen(slack_server.slack.posted)
        assert (posted["channel"], posted["thread_ts"]) == ("C0LUPUS", THREAD)
        assert slack_server.agent.texts == ["is it safe?"]
        await slack_server.event(mention("and why?", ts="1700000001.1", thread_ts="1690000000.5"))
        posted = (await slack_server.seen(slack_server.slack.posted, 2))[1]
        assert posted["thread_ts"] == "1690000000.5"

    slack_server.run(scenario)


def test_no_direct_talk_reaches_a_channel(slack_server: SlackServer) -> None:
    """Rasa knows a conversation by its id alone: each place and each person has its own."""

    async def scenario() -> None:
        await slack_server.event(message("one"))
        await slack_server.event(mention("two"))
        await slack_server.event(mention("three", ts="1700000001.1"))
        await slack_server.event(mention("four", user=BOB))
        await slack_server.send(command("five", slack_server.slack.response_url()))
        await slack_server.seen(slack_server.slack.posted, 4)
        assert len({one.sender_id for one in slack_server.agent.handled}) == 5

    slack_server.run(scenario)


def test_a_command_is_answered_to_the_asker_at_once(slack_server: SlackServer) -> None:
    slack = slack_server.slack

    async def scenario() -> None:
        answer = json.loads(await slack_server.send(command("is it safe?", slack.response_url())))
        assert answer["response_type"] == "ephemeral"
        assert answer["text"].startswith("You said: *is it safe?*")
        # A press there is answered there: Slack lets nobody change that message.
        url = slack.response_url("press")
        await slack_server.send(press_unseen(answer["blocks"], "What is CAR T?", url))
        (more,) = await slack_server.seen(slack.responses)
        assert (more["response_type"], more["replace_original"]) == ("ephemeral", False)
        assert more["text"].startswith("*What is CAR T?*\n\nYou said: *What is CAR T?*")
        assert slack.posted == []

    slack_server.run(scenario)
    assert slack.errors == []


def test_a_slow_command_gets_one_moment_which_is_replaced(slack_server: SlackServer) -> None:
    slack = slack_server.slack

    async def scenario() -> None:
        go_on = asyncio.Event()

        async def slow(turn: UserMessage) -> None:
            await go_on.wait()
            await slack_server.answer(turn)

        slack_server.agent.say = slow
        began = time.monotonic()
        answer = json.loads(await slack_server.send(command("is it safe?", slack.response_url())))
        assert time.monotonic() - began < 3
        assert answer == {"response_type": "ephemeral", "text": "One moment, please."}
        go_on.set()
        (late,) = await slack_server.seen(slack.responses)
        assert (late["response_type"], late["replace_original"]) == ("ephemeral", True)
        assert late["text"].startswith("You said: *is it safe?*")
        assert slack_server.agent.texts == ["is it safe?"]

    slack_server.run(scenario)


def test_the_home_offers_no_withdrawn_answer(slack_server: SlackServer, gate: Gate) -> None:
    first, *others = gate.wording.lists["starter_questions"]
    engine = engine_of(database_url())
    make_tables(engine)
    row = {"answer": first, "time": 1.0, "by": "ann", "reason": "is being checked"}
    with engine.begin() as connection:
        connection.execute(WITHDRAWN.insert().values(**row))

    async def scenario() -> None:
        await slack_server.event(opened())
        (home,) = await slack_server.seen(slack_server.slack.homes)
        offered = titles(home["view"]["blocks"])
        assert offered == [gate.content.answers[id_].title for id_ in others]

    slack_server.run(scenario)


def test_the_home_says_what_it_is_for_and_starts_a_talk(slack_server: SlackServer) -> None:
    slack = slack_server.slack

    async def scenario() -> None:
        await slack_server.event(opened())
        (home,) = await slack_server.seen(slack.homes)
        words = json.dumps(home["view"])
        for part in ("Kaleidoscope", "not medical advice", "911", "Privacy", "administrators"):
            assert part in words
        first = titles(home["view"]["blocks"])[0]
        await slack_server.send(press_at_home(home, first))
        (posted,) = await slack_server.seen(slack.posted)
        assert posted["channel"] == ANN
        assert posted["text"].startswith(f"*{first}*\n\nYou said: *{first}*")
        (handled,) = slack_server.agent.handled
        assert handled.sender_id == f"slack:{TEAM}:{ANN}"
        await slack_server.event(opened("messages"))
        await slack_server.seen(slack.homes, 1)

    slack_server.run(scenario)
    assert slack.errors == []


@pytest.mark.parametrize("place", [message, mention])
def test_first_contact_says_who_can_read_it(slack_server: SlackServer, place: object) -> None:
    async def first(turn: UserMessage) -> None:
        notice = slack_server.notice
        await turn.output_channel.send_response(turn.sender_id, {"text": f"Hello.\n\n{notice}"})

    async def scenario() -> None:
        slack_server.agent.say = first
        await slack_server.event(place("hello"))  # type: ignore[operator]
        (posted,) = await slack_server.seen(slack_server.slack.posted)
        assert "administrators of this workspace" in posted["text"]
        assert ("Everyone in this channel" in posted["text"]) == (place is mention)

    slack_server.run(scenario)


@pytest.mark.parametrize(
    "inner",
    [
        message("hello", user=BOT, bot_id="B0BOT"),
        message("hello", user="U0OTHER", bot_id="B0OTHER", subtype="bot_message"),
        message("", subtype="message_changed", message={"text": "new"}, hidden=True),
        message("", subtype="message_deleted", hidden=True),
        message("joined", subtype="channel_join"),
        message("hello", channel="C0LUPUS", channel_type="channel"),
        mention("hello", edited={"user": ANN, "ts": "1.1"}),
        {"type": "message", "channel": "D0ANN", "channel_type": "im"},
        {"type": "tokens_revoked", "tokens": {}},
        {"type": "reaction_added", "user": ANN, "item": {}},
        {"type": "whatever_comes_next"},
    ],
)
def test_what_nobody_said_to_the_guide_is_taken_and_ignored(
    slack_server: SlackServer, inner: dict[str, object]
) -> None:
    async def scenario() -> None:
        await slack_server.event(inner)
        await slack_server.event(message("now to you"))
        await slack_server.seen(slack_server.slack.posted)
        assert slack_server.agent.texts == ["now to you"]

    slack_server.run(scenario)


FILE = {"subtype": "file_share", "files": [{"id": "F1", "mimetype": "audio/mp4"}]}


@pytest.mark.parametrize(
    ("text", "turns", "said"),
    [
        ("", 0, ["I can only read text"]),
        ("what is this", 1, ["I can only read text", "You said: *what is this*"]),
    ],
)
def test_of_a_file_only_the_text_is_read_and_that_is_told(
    slack_server: SlackServer, text: str, turns: int, said: list[str]
) -> None:
    async def scenario() -> None:
        await slack_server.event(message(text, **FILE))
        (posted,) = await slack_server.seen(slack_server.slack.posted)
        for part in said:
            assert part in posted["text"]
        assert len(slack_server.agent.handled) == turns

    slack_server.run(scenario)


def test_danger_in_a_picture_is_answered_first_and_alone(slack_server: SlackServer) -> None:
    async def scenario() -> None:
        await slack_server.event(message("I have chest pain", **FILE))
        (posted,) = await slack_server.seen(slack_server.slack.posted)
        assert posted["text"].startswith("*Call 911 now")

    slack_server.run(scenario)


def test_slack_asks_whether_the_address_is_ours(slack_server: SlackServer) -> None:
    async def scenario() -> None:
        body = {"token": "t", "challenge": "3eZbrw1aB", "type": "url_verification"}
        assert b"3eZbrw1aB" in await slack_server.send(body)

    slack_server.run(scenario)


def test_logs_hold_no_words(slack_server: SlackServer, caplog: pytest.LogCaptureFixture) -> None:
    secret = "Zqxwmarker of Boise"

    async def broken(turn: UserMessage) -> None:
        raise RuntimeError(turn.text)

    async def scenario() -> None:
        await slack_server.event(message(secret))
        await slack_server.seen(slack_server.slack.posted)
        slack_server.agent.say = broken
        await slack_server.event(mention(secret))
        posted = await slack_server.seen(slack_server.slack.posted, 2)
        assert "Something went wrong on my side" in posted[1]["text"]
        raw = json.dumps(event(message(secret))).encode()
        assert (await slack_server.request(raw, signed(raw, secret="another")))[0] == 401
        slack_server.slack.channels.clear()
        await slack_server.event(message(secret))
        await asyncio.sleep(0.3)
        assert slack_server.slack.errors == ["channel_not_found"]

    with caplog.at_level(logging.DEBUG):
        slack_server.run(scenario)
    assert "channel_not_found" in caplog.text
    assert "Zqxw" not in caplog.text
    assert "Boise" not in caplog.text
