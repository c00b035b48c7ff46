"""Slack: every message is answered once, whatever is sent twice, broken, slow or restarted."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Iterator
from threading import Event as Flag

import pytest
import sqlalchemy as sa
from rasa.core.channels.channel import UserMessage

from guide.store.database import database_url, engine_of
from guide.store.inbox import Event, Inbox
from tests.standins.slack_requests import (
    command,
    encoded,
    event,
    mention,
    message,
    press,
    signed,
)
from tests.unit.channels.slack_inbox import finished, make_stale, rows
from tests.unit.channels.slack_server import SlackServer

AGAIN = {"x-slack-retry-num": "1", "x-slack-retry-reason": "http_error"}
DANGER = "I have chest pain"


def another(server: SlackServer) -> SlackServer:
    """A second server, or the same one started again, on the same database."""
    return SlackServer(server.slack, server.notice)


@pytest.fixture
def stuck(monkeypatch: pytest.MonkeyPatch) -> Iterator[Flag]:
    """The database takes nothing in until the flag is set."""
    go_on = Flag()
    accept = Inbox.accept

    def late(inbox: Inbox, one: Event) -> Event | None:
        go_on.wait(20)
        return accept(inbox, one)

    monkeypatch.setattr(Inbox, "accept", late)
    yield go_on
    go_on.set()


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(inbox: Inbox, one: Event) -> None:
        raise sa.exc.OperationalError("INSERT", {"body": one.body}, OSError("disk full"))

    monkeypatch.setattr(Inbox, "accept", fail)


def test_a_redelivery_is_answered_once_by_all_servers(slack_server: SlackServer) -> None:
    slack = slack_server.slack

    async def first() -> None:
        await slack_server.event(message("one"), "Ev1")
        await slack_server.event(message("one"), "Ev1", **AGAIN)
        await slack_server.seen(slack.posted)
        await finished(1)

    slack_server.run(first)
    restarted = another(slack_server)

    async def second() -> None:
        await restarted.event(message("one"), "Ev1", **AGAIN)
        await restarted.event(message("two"), "Ev2")
        await restarted.seen(slack.posted, 2)
        assert restarted.agent.texts == ["two"]

    restarted.run(second)


def test_workspaces_do_not_hide_each_others_events(slack_server: SlackServer) -> None:
    async def scenario() -> None:
        for team in ("T0TEAM", "T0OTHER"):
            await slack_server.send(event(message("one"), "Ev1", team))
            await slack_server.send(event(message("one"), "Ev1", team), **AGAIN)
        await slack_server.seen(slack_server.slack.posted, 2)
        senders = {one.sender_id for one in slack_server.agent.handled}
        assert senders == {"slack:T0TEAM:U0ANN", "slack:T0OTHER:U0ANN"}

    slack_server.run(scenario)


def test_slack_has_its_200_before_the_turn_and_after_the_commit(slack_server: SlackServer) -> None:
    async def scenario() -> None:
        go_on = asyncio.Event()

        async def slow(turn: UserMessage) -> None:
            await go_on.wait()
            await slack_server.answer(turn)

        slack_server.agent.say = slow
        began = time.monotonic()
        await slack_server.event(message("one"), "Ev1")
        assert time.monotonic() - began < 2
        (row,) = rows()
        assert (row.event_id, row.done) == ("T0TEAM:Ev1", False)
        go_on.set()
        await slack_server.seen(slack_server.slack.posted)

    slack_server.run(scenario)


def test_what_a_dead_server_left_is_answered_by_the_next(slack_server: SlackServer) -> None:
    async def dies() -> None:
        async def never(turn: UserMessage) -> None:
            await asyncio.Event().wait()

        slack_server.agent.say = never
        await slack_server.event(message("how much"), "Ev1")
        await slack_server.event(mention("is it safe"), "Ev2")
        body = command("is it approved", slack_server.slack.response_url())
        await slack_server.send(body)

    slack_server.run(dies)
    assert [row.done for row in rows()] == [False, False, False]
    make_stale()
    restarted = another(slack_server)
    slack = restarted.slack

    async def goes_on() -> None:
        posted = await restarted.seen(slack.posted, 2)
        assert {one.get("thread_ts") for one in posted} == {None, "1699999999.000200"}
        (late,) = await restarted.seen(slack.responses)
        assert late["text"].startswith("You said: *is it approved*")
        await finished(3)

    restarted.run(goes_on, look_after=True)
    assert slack.errors == []


def test_a_row_of_another_version_does_not_stop_the_rest(slack_server: SlackServer) -> None:
    inbox = Inbox(engine_of(database_url()))
    for number, body in enumerate(('{"kind": "older"}', "no json", "[]"), 1):
        inbox.accept(Event("slack", f"T0TEAM:Ev{number}", "slack:T0TEAM:U0ANN", body))
    make_stale()

    async def goes_on() -> None:
        await finished(3)
        await slack_server.event(message("one"))
        await slack_server.seen(slack_server.slack.posted)

    slack_server.run(goes_on, look_after=True)


def test_danger_waits_for_no_database(slack_server: SlackServer, stuck: Flag) -> None:
    slack = slack_server.slack

    async def scenario() -> None:
        began = time.monotonic()
        await slack_server.event(message(DANGER), "Ev1")
        (posted,) = await slack_server.seen(slack.posted)
        assert time.monotonic() - began < 1.5
        assert posted["text"].startswith("*Call 911 now")
        await slack_server.event(message(DANGER), "Ev1", **AGAIN)
        stuck.set()
        await finished(1)
        await slack_server.event(message(DANGER), "Ev1", **AGAIN)
        await slack_server.seen(slack.posted, 1)

    slack_server.run(scenario)


def test_danger_is_answered_though_all_of_the_inbox_hangs(
    slack_server: SlackServer, stuck: Flag
) -> None:
    """The inbox's threads are its own: none is missing for what else needs one."""

    async def scenario() -> None:
        waiting = [
            asyncio.ensure_future(slack_server.event(message(f"question {n}"), f"Ev{n}"))
            for n in range(40)
        ]
        await asyncio.sleep(0.2)
        began = time.monotonic()
        await slack_server.event(message(DANGER))
        await slack_server.seen(slack_server.slack.posted)
        await asyncio.to_thread(time.monotonic)
        assert time.monotonic() - began < 2
        for one in waiting:
            one.cancel()
        stuck.set()

    slack_server.run(scenario)


def test_danger_is_answered_though_the_database_is_broken(
    slack_server: SlackServer, broken: None
) -> None:
    async def scenario() -> None:
        await slack_server.event(message(DANGER), "Ev1")
        await slack_server.seen(slack_server.slack.posted)
        answer = await slack_server.send(command(DANGER, slack_server.slack.response_url()))
        assert json.loads(answer)["text"].startswith("*Call 911 now")

    slack_server.run(scenario)


def test_what_is_not_accepted_is_asked_for_again(
    slack_server: SlackServer, broken: None, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario() -> None:
        raw, kind = encoded(event(message("my name is Zqxw")))
        assert (await slack_server.request(raw, signed(raw, kind)))[0] == 503
        assert slack_server.agent.handled == []

    with caplog.at_level(logging.DEBUG):
        slack_server.run(scenario)
    assert "OperationalError" in caplog.text
    assert "Zqxw" not in caplog.text


def test_what_slack_sends_once_is_answered_though_the_database_is_broken(
    slack_server: SlackServer, broken: None
) -> None:
    async def scenario() -> None:
        slack = slack_server.slack
        answer = json.loads(await slack_server.send(command("is it safe", slack.response_url())))
        assert answer["text"].startswith("You said: *is it safe*")
        shown = {"channel": "D0ANN", "ts": "1.1", "text": "x", "blocks": answer["blocks"]}
        await slack_server.send(press(shown, "Is it safe?"))
        (posted,) = await slack_server.seen(slack.posted)
        assert "does not work any more" in posted["text"]  # a button of another conversation

    slack_server.run(scenario)


def test_a_client_that_goes_away_does_not_undo_its_message(slack_server: SlackServer) -> None:
    async def scenario() -> None:
        sending = asyncio.ensure_future(slack_server.event(message("one")))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        sending.cancel()
        await slack_server.seen(slack_server.slack.posted)

    slack_server.run(scenario)
