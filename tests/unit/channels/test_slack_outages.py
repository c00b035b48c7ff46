"""Slack's Web API busy, away or refusing: answers arrive all the same, or the log says so."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest
import sqlalchemy as sa

import guide.channels.slack_work
import guide.channels.upkeep
from guide.store.inbox import Inbox
from tests.standins.slack import Slack
from tests.standins.slack_requests import message
from tests.unit.channels.slack_inbox import finished, make_stale, rows
from tests.unit.channels.slack_server import SlackServer


@pytest.mark.parametrize(
    "modes",
    [["ratelimited"], ["server_error"], ["html"], ["internal_error"], ["drop"], ["drop", "html"]],
)
def test_slack_is_asked_again_while_it_is_busy(slack_server: SlackServer, modes: list[str]) -> None:
    async def scenario() -> None:
        slack_server.slack.modes = list(modes)
        await slack_server.event(message("one"))
        await slack_server.seen(slack_server.slack.posted)
        await finished(1)

    slack_server.run(scenario)


def test_slack_is_left_alone_for_as_long_as_it_says(slack_server: SlackServer) -> None:
    async def scenario() -> None:
        slack_server.slack.modes = ["ratelimited"]
        slack_server.slack.retry_after = "2"
        began = time.monotonic()
        await slack_server.event(message("one"))
        await slack_server.seen(slack_server.slack.posted)
        assert 2 <= time.monotonic() - began < 5

    slack_server.run(scenario)


def test_an_answer_outlives_an_outage_of_slack_without_a_second_turn(
    slack_server: SlackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guide.channels.upkeep, "EVERY_SECONDS", 0.1)

    async def scenario() -> None:
        slack_server.slack.mode, slack_server.slack.retry_after = "ratelimited", "3600"
        await slack_server.event(message("one"))
        await asyncio.sleep(0.5)
        assert [row.done for row in rows()] == [False]
        slack_server.slack.mode = "ok"
        make_stale()
        await slack_server.seen(slack_server.slack.posted)
        await finished(1)
        assert slack_server.agent.texts == ["one"]

    slack_server.run(scenario, look_after=True)


def test_an_outage_is_not_sat_out_for_ever(
    slack_server: SlackServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(guide.channels.upkeep, "EVERY_SECONDS", 0.1)
    monkeypatch.setattr(guide.channels.slack_work, "GIVE_UP_SECONDS", 0.0)

    async def scenario() -> None:
        slack_server.slack.mode, slack_server.slack.retry_after = "ratelimited", "3600"
        await slack_server.event(message("one"))
        await asyncio.sleep(0.5)
        make_stale()
        await finished(1)

    slack_server.run(scenario, look_after=True)
    assert "UnreachableError" in caplog.text


def test_blocks_that_slack_refuses_are_sent_as_text(slack_server: SlackServer) -> None:
    async def scenario() -> None:
        slack_server.slack.mode = "refuse_blocks"
        await slack_server.event(message("one"))
        (posted,) = await slack_server.seen(slack_server.slack.posted)
        assert posted["text"].startswith("You said: *one*")
        assert "blocks" not in posted

    slack_server.run(scenario)


def test_an_answer_that_slack_refuses_is_told_and_done(
    slack_server: SlackServer, slack: Slack, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario() -> None:
        slack.channels.clear()
        await slack_server.event(message("one"))
        await finished(1)
        assert slack.errors == ["channel_not_found"]

    slack_server.run(scenario)
    assert "Slack refused an answer: channel_not_found" in caplog.text


def test_channels_that_open_the_inbox_together_do_not_hinder_each_other(
    slack_server: SlackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[int] = []
    begin = Inbox.__init__

    def first_fails(inbox: Inbox, *arguments: Any) -> None:
        opened.append(1)
        if len(opened) == 1:
            raise sa.exc.OperationalError("CREATE", {}, OSError("table inbox already exists"))
        begin(inbox, *arguments)

    monkeypatch.setattr(Inbox, "__init__", first_fails)

    async def scenario() -> None:
        await slack_server.event(message("one"))
        await slack_server.seen(slack_server.slack.posted)

    slack_server.run(scenario)
