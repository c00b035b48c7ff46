"""One message, one turn: resends, restarts, other servers, and a database that fails."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest

from guide.channels import once
from guide.channels.records import Records
from guide.store import failures
from guide.store.erase import erase
from guide.store.inbox import Event, Inbox
from tests.unit.channels.test_web import ID, SECRET, Slow, settings
from tests.unit.channels.web_server import Patient, Server, play

__all__ = ["settings"]


def same(*replies: dict[str, Any]) -> bool:
    return all(reply == replies[0] for reply in replies)


def on(server: Server, patient: Patient) -> Patient:
    """The same patient at another server, or after a restart."""
    return Patient(server, patient.token, patient.greeting)


async def rows(act: Any) -> Any:
    return await Records().inbox(act)


def test_a_resend_gets_the_same_reply_and_makes_no_second_turn() -> None:
    async def scenario() -> None:
        server = Server()
        patient = await server.patient()
        first = await patient.say("what does it cost", ID)
        assert same(first, await patient.say("what does it cost", ID), await patient.say("x", ID))
        assert server.agent.texts == ["what does it cost"]
        # Another message, and another patient's message of that id, are others.
        await patient.say("what does it cost", "message-0002")
        await (await server.patient()).say("hello", ID)
        assert server.agent.texts == ["what does it cost", "what does it cost", "hello"]

    play(scenario)


def test_a_resend_of_what_is_worked_on_waits_for_that_reply() -> None:
    async def scenario() -> None:
        server = Server()
        slow = Slow()
        server.agent.turn = slow
        patient = await server.patient()
        sends = [asyncio.ensure_future(patient.say("what does it cost", ID)) for _ in range(3)]
        await slow.begun.wait()
        await asyncio.sleep(0.1)
        slow.go_on.set()
        replies = await asyncio.gather(*sends)
        assert same(*replies)
        assert replies[0]["text"] == "Slowly: what does it cost"
        assert server.agent.texts == ["what does it cost"]

    play(scenario)


def test_a_client_that_goes_away_finds_its_reply_later() -> None:
    async def scenario() -> None:
        server = Server()
        slow = Slow()
        server.agent.turn = slow
        patient = await server.patient()
        sending = asyncio.ensure_future(patient.say("what does it cost", ID))
        await slow.begun.wait()
        sending.cancel()
        await asyncio.sleep(0)
        slow.go_on.set()
        assert (await patient.say("what does it cost", ID))["text"] == "Slowly: what does it cost"
        assert server.agent.texts == ["what does it cost"]

    play(scenario)


def test_after_a_restart_the_reply_is_still_there() -> None:
    async def scenario() -> None:
        patient = await Server().patient()
        first = await patient.say("what does it cost", ID)
        restarted = Server()
        assert same(first, await on(restarted, patient).say("what does it cost", ID))
        assert restarted.agent.handled == []

    play(scenario)


def test_another_server_waits_for_the_one_that_works() -> None:
    async def scenario() -> None:
        one, two = Server(), Server()
        slow = Slow()
        one.agent.turn = slow
        patient = await one.patient()
        first = asyncio.ensure_future(patient.say("what does it cost", ID))
        await slow.begun.wait()
        second = asyncio.ensure_future(on(two, patient).say("what does it cost", ID))
        await asyncio.sleep(0.5)
        assert not second.done()
        slow.go_on.set()
        assert same(await first, await second)
        assert two.agent.handled == []

    play(scenario)


def test_a_wait_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(once, "WAIT_SECONDS", 0.5)

    async def scenario() -> None:
        server = Server()
        patient = await server.patient()
        conversation = patient.conversation
        event = Event("web", f"{conversation}:{ID}", conversation, '{"text": "hello"}')
        await rows(lambda inbox: inbox.accept(event))  # by a server that died
        answer = await patient.send("hello", ID)
        assert (answer.status, answer.error) == (503, "busy")
        assert int(answer.headers["retry-after"]) >= 1

        monkeypatch.setattr(once, "WAIT_SECONDS", 10)
        waiting = asyncio.ensure_future(patient.send("hello", ID))
        await asyncio.sleep(0.5)
        # Erased by another server.
        await Records().conversations(lambda c: erase(c, conversation, "patient"))
        assert (await waiting).error == "no_session"
        assert server.agent.handled == []

    play(scenario)


def test_what_a_dead_server_left_is_done_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> None:
        server = Server()
        patient = await server.patient()
        conversation = patient.conversation

        def left(inbox: Inbox) -> None:
            inbox.accept(Event("web", f"{conversation}:{ID}", conversation, '{"text": "hello"}'))

        await rows(left)
        monkeypatch.setattr("guide.store.inbox.LEASE_SECONDS", -1)
        await server.started()
        assert (await patient.say("hello", ID))["text"] == "You said: hello"
        await server.stopped()
        assert server.agent.texts == ["hello"]
        said, _ = await patient.history()
        assert said["text"] == "hello"

    play(scenario)


def test_the_text_goes_from_the_inbox_once_it_is_answered(tmp_path: Path) -> None:
    async def scenario() -> None:
        patient = await Server().patient()
        await patient.say(SECRET, ID)

    play(scenario)
    with sqlite3.connect(tmp_path / "guide.db") as database:
        ((body,),) = database.execute("select body from inbox").fetchall()
    assert body == ""


class TestUrgent:
    """An emergency waits for nothing."""

    def test_it_is_recorded_once(self) -> None:
        async def scenario() -> None:
            server = Server()
            patient = await server.patient()
            for where in (server, server, Server()):
                reply = await on(where, patient).say("i have chest pain", ID)
                assert reply["kind"] == "emergency"
                await asyncio.sleep(0.3)
            said, told = await patient.history()
            assert said["text"] == "i have chest pain"
            assert told["from"] == "guide"

        play(scenario)

    def test_a_hanging_turn_and_a_hanging_database_do_not_hold_it_up(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def scenario() -> None:
            server = Server()
            slow = Slow()
            server.agent.turn = slow
            patient = await server.patient()
            sending = asyncio.ensure_future(patient.say("what does it cost"))
            await slow.begun.wait()
            never = asyncio.Event()

            async def hangs(*_: object) -> None:
                await never.wait()

            monkeypatch.setattr(Records, "inbox", hangs)
            monkeypatch.setattr(Records, "revoked", hangs)
            for _ in range(2):
                saying = patient.say("i have chest pain", ID)
                assert (await asyncio.wait_for(saying, 1))["kind"] == "emergency"
            assert not sending.done()
            sending.cancel()

        play(scenario)


class TestDatabaseFails:
    """A patient is answered all the same; whoever runs the guide is told."""

    @pytest.fixture(autouse=True)
    def no_database(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'nowhere' / 'guide.db'}")

    def test_messages_are_answered(self, caplog: pytest.LogCaptureFixture) -> None:
        async def scenario() -> None:
            patient = await Server().patient()
            reply = await patient.say(SECRET)
            assert (reply["text"], reply["stored"]) == (f"You said: {SECRET}", False)
            assert (await patient.say("i have chest pain"))["kind"] == "emergency"
            assert await patient.history() == []  # and the widget goes on

        before = failures.count()
        with caplog.at_level(logging.DEBUG, logger="guide"):
            play(scenario)
        told = [r.getMessage() for r in caplog.records if "store failed" in r.getMessage()]
        assert failures.count() - before == len(told) > 2
        assert "Jane" not in caplog.text

    def test_erase_says_that_it_could_not(self) -> None:
        async def scenario() -> None:
            server = Server()
            patient = await server.patient()
            await patient.say("hello")
            answer = await patient.ask("DELETE", "conversation")
            assert (answer.status, answer.error) == (503, "not_erased")
            assert (await patient.send("hello")).status == 200  # and can be asked again

        play(scenario)

    def test_one_that_comes_back_is_used(self, tmp_path: Path) -> None:
        async def scenario() -> None:
            server = Server()
            patient = await server.patient()
            await patient.say("hello")
            (tmp_path / "nowhere").mkdir()
            first = await patient.say("what does it cost", ID)
            assert same(first, await on(Server(), patient).say("what does it cost", ID))

        play(scenario)

    def test_one_that_hangs_is_given_up_on(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("guide.channels.records.PATIENCE_SECONDS", 0.2)
        monkeypatch.setattr(Records, "_open", lambda _: time.sleep(1.5))

        async def scenario() -> None:
            patient = await Server().patient()
            assert (await patient.say("hello"))["text"] == "You said: hello"

        play(scenario)
