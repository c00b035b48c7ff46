"""Slack's buttons: answered where they stand, by whom they were offered to, and once."""

from __future__ import annotations

import json

import pytest

from tests.standins.slack import TEAM
from tests.standins.slack_requests import (
    ANN,
    BOB,
    command,
    mention,
    message,
    press,
    press_unseen,
    titles,
)
from tests.unit.channels.slack_server import SlackServer

THREAD = "1699999999.000200"


def test_a_press_is_answered_and_its_buttons_are_replaced(slack_server: SlackServer) -> None:
    slack = slack_server.slack

    async def scenario() -> None:
        await slack_server.event(message("How much is it?"))
        (first,) = list(await slack_server.seen(slack.posted))
        await slack_server.send(press(first, "What is CAR T?"))
        second = (await slack_server.seen(slack.posted, 2))[1]
        assert second["text"].startswith("You said: *What is CAR T?*")
        (updated,) = await slack_server.seen(slack.updated)
        assert updated["ts"] == first["ts"]
        assert titles(updated["blocks"]) == ["Helpful", "Not helpful"]
        assert updated["blocks"][0] == first["blocks"][0]
        assert updated["text"].startswith(first["text"])
        assert updated["text"].endswith("You chose: What is CAR T?")
        assert "You chose: What is CAR T?" in json.dumps(updated["blocks"])
        # The judgement of the first answer is still open.
        await slack_server.send(press({**first, **updated}, "Helpful"))
        await slack_server.seen(slack.posted, 3)
        judged = slack_server.agent.handled[-1].parse_data
        assert judged["intent"]["name"] == "feedback_positive"
        assert judged["judged"]["answers"] == ["cost"]
        last = (await slack_server.seen(slack.updated, 2))[1]
        assert titles(last["blocks"]) == []
        assert "You chose: Helpful" in json.dumps(last["blocks"])
        assert {one.sender_id for one in slack_server.agent.handled} == {f"slack:{TEAM}:{ANN}"}

    slack_server.run(scenario)
    assert slack.errors == []


def test_a_press_in_a_thread_stays_there_and_a_double_one_counts_once(
    slack_server: SlackServer,
) -> None:
    async def scenario() -> None:
        await slack_server.event(mention("How much is it?"))
        (first,) = list(await slack_server.seen(slack_server.slack.posted))
        await slack_server.send(press(first, "Is it safe?"))
        await slack_server.send(press(first, "Is it safe?"))
        posted = await slack_server.seen(slack_server.slack.posted, 2)
        assert posted[1]["thread_ts"] == THREAD
        assert slack_server.agent.texts == ["How much is it?", "Is it safe?"]

    slack_server.run(scenario)


def test_a_button_in_a_channel_is_for_who_asked(slack_server: SlackServer) -> None:
    slack = slack_server.slack

    async def scenario() -> None:
        await slack_server.event(mention("How much is it?"))
        (first,) = list(await slack_server.seen(slack.posted))
        await slack_server.send(press(first, "Is it safe?", user=BOB))
        (told,) = await slack_server.seen(slack.whispered)
        assert (told["user"], told["thread_ts"]) == (BOB, THREAD)
        assert "belongs to the person who asked" in told["text"]
        assert len(slack_server.agent.handled) == 1
        assert slack.updated == []
        await slack_server.send(press(first, "Is it safe?"))  # which took nothing from Ann
        await slack_server.seen(slack.posted, 2)

    slack_server.run(scenario)


@pytest.mark.parametrize("value", ["", "x", "AAAAAAAAAAAA.000000.acost", "/restart", "a" * 65])
def test_a_forged_button_does_nothing(slack_server: SlackServer, value: str) -> None:
    async def scenario() -> None:
        await slack_server.event(message("How much is it?"))
        (first,) = list(await slack_server.seen(slack_server.slack.posted))
        body = press(first, "Is it safe?")
        body["actions"][0] |= {"value": value or "y.y.y", "text": {"text": "Is it safe?"}}
        await slack_server.send(body)
        posted = await slack_server.seen(slack_server.slack.posted, 2)
        assert "does not work any more" in posted[1]["text"]
        assert len(slack_server.agent.handled) == 1

    slack_server.run(scenario)


def test_what_one_person_asked_is_never_shown_to_the_channel(slack_server: SlackServer) -> None:
    """Not even if Slack leaves out the address that the answer should go to."""

    async def scenario() -> None:
        answer = json.loads(await slack_server.send(command("is it safe?", "")))
        await slack_server.send(press_unseen(answer["blocks"], "What is CAR T?", ""))
        (told,) = await slack_server.seen(slack_server.slack.whispered)
        assert (told["channel"], told["user"]) == ("C0LUPUS", ANN)
        assert slack_server.slack.posted == []

    slack_server.run(scenario)
