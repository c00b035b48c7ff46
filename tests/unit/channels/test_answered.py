"""A server dies between the commit of a turn and its reply: the next one gives that reply."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import sqlalchemy as sa
from rasa.core.channels.channel import UserMessage

from guide.store.database import database_url, engine_of
from guide.store.erase import erase
from tests.standins.slack_requests import command, message
from tests.unit.channels.kept import keep
from tests.unit.channels.slack_inbox import finished, make_stale, rows
from tests.unit.channels.slack_server import SlackServer
from tests.unit.channels.telegram_server import TelegramServer, play, until
from tests.unit.channels.test_web import ID, settings
from tests.unit.channels.test_web_once import on
from tests.unit.channels.web_server import Server
from tests.unit.channels.web_server import play as play_web

__all__ = ["settings"]

ASKED = "my name is Jane Roe, how much is it"
REPLY = {
    "text": "It costs **much**.", "kind": "answer", "answers": ["cost"], "version": "v1",
    "buttons": [{"title": "Is it approved?", "payload": "Is it approved?"}],
}  # fmt: skip


def dying(committed: asyncio.Event) -> Callable[[UserMessage], Awaitable[None]]:
    """A turn whose server dies when it is stored, and before anybody heard of it."""

    async def turn(said: UserMessage) -> None:
        await keep(said, REPLY)
        committed.set()
        await asyncio.Event().wait()

    return turn


def turns() -> list[Any]:
    with engine_of(database_url()).connect() as connection:
        return connection.execute(sa.text("SELECT * FROM turns")).all()


def one_turn() -> None:
    (turn,) = turns()
    assert turn.text == "my name is <NAME>, how much is it"


def test_what_waits_in_the_inbox_names_nobody(slack_server: SlackServer) -> None:
    async def scenario() -> None:
        committed = asyncio.Event()
        slack_server.agent.say = dying(committed)
        await slack_server.event(message(ASKED), "Ev1")
        await committed.wait()
        (row,) = rows()
        assert "my name is <NAME>, how much is it" in row.body
        assert "Jane" not in str(row)

    slack_server.run(scenario)


def test_on_slack(slack_server: SlackServer) -> None:
    async def dies() -> None:
        for kind in ("event", "command"):
            committed = asyncio.Event()
            slack_server.agent.say = dying(committed)
            if kind == "event":
                await slack_server.event(message(ASKED), "Ev1")
            else:
                await slack_server.send(command(ASKED, slack_server.slack.response_url()))
            await committed.wait()

    slack_server.run(dies)
    assert [row.done for row in rows()] == [False, False]
    assert all(row.turn for row in rows())
    make_stale()
    restarted = SlackServer(slack_server.slack, slack_server.notice)

    async def goes_on() -> None:
        (posted,) = await restarted.seen(restarted.slack.posted)
        assert posted["text"].startswith("It costs *much*.")
        assert "Is it approved?" in str(posted["blocks"])
        (late,) = await restarted.seen(restarted.slack.responses)
        assert late["text"].startswith("It costs *much*.")
        await finished(2)
        await restarted.event(message(ASKED), "Ev1")  # sent again
        await restarted.seen(restarted.slack.posted)

    restarted.run(goes_on, look_after=True)
    assert restarted.agent.handled == []
    assert len(turns()) == 2


def test_on_telegram(telegram: TelegramServer, chat: int) -> None:
    async def dies(server: TelegramServer) -> None:
        committed = asyncio.Event()
        server.agent.say = dying(committed)
        await server.write(chat, ASKED)
        await committed.wait()

    play(telegram, dies)
    make_stale()
    assert telegram.api.messages(chat) == []
    restarted = TelegramServer(telegram.api)

    async def goes_on(server: TelegramServer) -> None:
        told = await server.told(chat)
        assert told.text.startswith("It costs much.")
        await until(lambda: all(row.done for row in rows()))
        assert server.agent.handled == []
        one_turn()

    play(restarted, goes_on)


@pytest.mark.parametrize("how", ["the patient sends it again", "it is taken up"])
def test_on_the_web(how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> None:
        server = Server()
        committed = asyncio.Event()
        monkeypatch.setattr(server.agent, "handle_message", dying(committed))
        patient = await server.patient()
        lost = asyncio.ensure_future(patient.say(ASKED, ID))
        await committed.wait()
        restarted = Server()
        again = on(restarted, patient)
        if how == "it is taken up":
            make_stale()
            assert len(await again.history()) == 2
            await restarted.started()
            await until(lambda: all(row.done for row in rows()))
            await restarted.stopped()
        reply = await again.say(ASKED, ID)
        assert (reply["text"], reply["kind"]) == ("It costs much.", "answer")
        assert (reply["answers"], reply["stored"]) == (["cost"], True)
        (button,) = reply["buttons"]
        assert restarted.agent.handled == []
        one_turn()
        assert (await again.press(button["payload"]))["text"] == "You said: Is it approved?"
        lost.cancel()

    play_web(scenario)


def test_a_turn_in_which_nothing_was_said_is_told_as_it_was(
    telegram: TelegramServer, chat: int
) -> None:
    async def dies(server: TelegramServer) -> None:
        committed = asyncio.Event()

        async def silent(said: UserMessage) -> None:
            await keep(said, {"text": ""})
            committed.set()
            await asyncio.Event().wait()

        server.agent.say = silent
        await server.write(chat, ASKED)
        await committed.wait()

    play(telegram, dies)
    with engine_of(database_url()).begin() as connection:
        connection.execute(sa.text("DELETE FROM events WHERE type_name = 'bot'"))
    make_stale()

    async def goes_on(server: TelegramServer) -> None:
        assert "went wrong" in (await server.told(chat)).text
        assert server.agent.handled == []
        one_turn()

    play(TelegramServer(telegram.api), goes_on)


def test_what_was_erased_meanwhile_is_not_answered_any_more(
    telegram: TelegramServer, chat: int
) -> None:
    async def dies(server: TelegramServer) -> None:
        committed = asyncio.Event()
        server.agent.say = dying(committed)
        await server.write(chat, ASKED)
        await committed.wait()

    play(telegram, dies)
    with engine_of(database_url()).begin() as connection:
        erase(connection, f"telegram:{chat}", "staff")
    make_stale()

    async def goes_on(server: TelegramServer) -> None:
        await server.worked()
        assert server.api.messages(chat) == []
        assert server.agent.handled == []
        assert turns() == []

    play(TelegramServer(telegram.api), goes_on)
