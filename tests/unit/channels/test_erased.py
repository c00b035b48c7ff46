"""A patient types "delete my conversation": the channel forgets it too, and says so once."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
import sqlalchemy as sa
from rasa.core.channels.channel import UserMessage

from tests.standins.slack_requests import command, message
from tests.unit.channels.kept import keep
from tests.unit.channels.slack_inbox import finished, rows
from tests.unit.channels.slack_server import SlackServer
from tests.unit.channels.telegram_server import CHATS, TelegramServer, play, until
from tests.unit.channels.test_web import ID, settings
from tests.unit.channels.web_server import Server
from tests.unit.channels.web_server import play as play_web

__all__ = ["settings"]

ERASE = "delete my conversation"
# As action_erase says it, in the form that Rasa gives to what the action server says.
ERASED = {"text": "It is gone.", "metadata": {"kind": "small_talk", "answers": [], "erased": True}}
FAILED = "I could not delete the conversation just now"


async def turn(said: UserMessage) -> None:
    """Erases when asked to, and echoes."""
    await keep(said, ERASED if said.text == ERASE else {"text": f"You said: {said.text}"})


async def web_turn(said: UserMessage) -> dict[str, Any]:
    """The same; this server puts what is said of a reply into its record, flat."""
    if said.text == ERASE:
        return {"text": ERASED["text"], **ERASED["metadata"]}
    return {"text": f"You said: {said.text}", "kind": "answer"}


@pytest.fixture
def unforgetting(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise sa.exc.OperationalError("DELETE", {}, OSError("disk"))

    monkeypatch.setattr("guide.store.writing.erase", fail)


def test_on_telegram_typed_or_by_command(telegram: TelegramServer, chat: int) -> None:
    other = next(CHATS)

    async def scenario(server: TelegramServer) -> None:
        server.agent.say = turn
        for number, asking in enumerate((ERASE, "/delete")):
            await server.ask(chat, "my name is Jane")
            await server.ask(other, "hello")
            update = server.api.text(chat, asking)
            assert await server.deliver(update) == 200
            assert (await server.told(chat, 2 * number + 2)).text == "It is gone."
            await until(lambda: all(row.done for row in rows()))
            left = [row for row in rows() if row.conversation == f"telegram:{chat}"]
            assert [(row.event_id, row.body) for row in left] == [(str(update["update_id"]), "")]
            assert await server.deliver(update) == 200  # sent again
            await server.worked()
            await server.told(chat, 2 * number + 2)
        assert len([row for row in rows() if row.conversation == f"telegram:{other}"]) == 2

    play(telegram, scenario)


def test_what_is_written_behind_it_is_answered(telegram: TelegramServer, chat: int) -> None:
    async def scenario(server: TelegramServer) -> None:
        server.agent.say = turn
        for text in ("my name is Jane", ERASE, "hello again"):
            await server.write(chat, text)
        assert (await server.told(chat, 3)).text == "You said: hello again"
        await until(lambda: all(row.done for row in rows()))
        assert [row.conversation for row in rows()] == ["", *2 * [f"telegram:{chat}"]]

    play(telegram, scenario)


def test_on_slack_typed_or_by_command(slack_server: SlackServer) -> None:
    async def scenario() -> None:
        slack = slack_server.slack
        slack_server.agent.say = turn
        await slack_server.event(message("my name is Jane"), "Ev1")
        await slack_server.seen(slack.posted)
        await slack_server.event(message(ERASE), "Ev2")
        *_, told = await slack_server.seen(slack.posted, 2)
        assert told["text"] == "It is gone."
        await finished(1)
        await slack_server.event(message("my name is Jane"), "Ev1")  # sent again
        assert [row.event_id for row in rows() if row.conversation] == ["T0TEAM:Ev2"]
        await slack_server.event(message(ERASE), "Ev2")  # sent again
        await slack_server.seen(slack.posted, 2)
        # Commands in a channel are another conversation, which has its own wish.
        for asked in ("my name is Jane", ERASE):
            answer = await slack_server.send(command(asked, slack.response_url()))
            await finished(2)
        assert json.loads(answer)["text"] == "It is gone."
        assert len([row for row in rows() if row.conversation]) == 2

    slack_server.run(scenario)


def test_on_the_web_history_and_rows_are_gone_and_the_session_goes_on() -> None:
    async def scenario() -> None:
        server = Server()
        server.agent.turn = web_turn
        patient, other = await server.patient(), await server.patient()
        for somebody in (patient, other):
            await somebody.say("my name is Jane")
        reply = await patient.say(ERASE, ID)
        assert reply["text"] == "It is gone."
        assert await patient.history() == []
        left = [row for row in rows() if row.conversation == patient.conversation]
        assert [(row.event_id, row.body) for row in left] == [(f"{patient.conversation}:{ID}", "")]
        assert await patient.say(ERASE, ID) == reply  # sent again
        assert server.agent.texts.count(ERASE) == 1
        assert len(await other.history()) == 2
        await patient.say("hello again")
        said, _ = await patient.history()
        assert said["text"] == "hello again"

    play_web(scenario)


@pytest.mark.usefixtures("unforgetting")
class TestItFails:
    """Nobody is told "deleted" while something is left."""

    def test_on_telegram(self, telegram: TelegramServer, chat: int) -> None:
        async def scenario(server: TelegramServer) -> None:
            server.agent.say = turn
            assert (await server.ask(chat, ERASE)).text.startswith(FAILED)

        play(telegram, scenario)

    def test_on_slack(self, slack_server: SlackServer) -> None:
        async def scenario() -> None:
            slack_server.agent.say = turn
            await slack_server.event(message(ERASE))
            (told,) = await slack_server.seen(slack_server.slack.posted)
            assert told["text"].startswith(FAILED)

        slack_server.run(scenario)

    def test_on_the_web(self) -> None:
        async def scenario() -> None:
            server = Server()
            server.agent.turn = web_turn
            assert (await (await server.patient()).say(ERASE))["text"].startswith(FAILED)

        play_web(scenario)


def test_a_database_that_hangs_holds_up_no_reply(
    telegram: TelegramServer, chat: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()
    monkeypatch.setattr("guide.store.writing.erase", lambda *_, **__: go_on.wait(20))
    monkeypatch.setattr("guide.store.patience.SECONDS", 0.2)

    async def scenario(server: TelegramServer) -> None:
        server.agent.say = turn
        assert (await server.ask(chat, ERASE)).text.startswith(FAILED)
        assert (await server.ask(next(CHATS), "hello")).text == "You said: hello"
        go_on.set()

    play(telegram, scenario)
