"""The web channel as a widget meets it: sessions, messages, history, erase."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

from guide.channels import once
from guide.channels.outgoing import Button, Outgoing
from guide.channels.turns import shared_turns
from guide.channels.web import read, render
from guide.store import withdrawn
from guide.store.database import database_url, engine_of
from guide.store.window import recent
from tests.unit.channels.web_server import Patient, Server, play

SECRET = "my name is Jane Roe and I live in Boise"
ID = "message-0001"


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A database of its own, and no settings but the test's."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'guide.db'}")
    for name in ("GUIDE_ORIGINS", "GUIDE_PROXIES", "GUIDE_SESSION_HOURS"):
        monkeypatch.delenv(name, raising=False)


def kept_of(conversation: str) -> list[Any]:
    """What the database holds of a conversation."""
    with engine_of(database_url()).connect() as connection:
        return recent(connection, conversation, 10)


class Slow:
    """A turn that waits until it is let go."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.go_on = asyncio.Event()

    async def __call__(self, message: UserMessage) -> dict[str, Any]:
        self.begun.set()
        await self.go_on.wait()
        return {"text": f"Slowly: {message.text}", "kind": "answer", "answers": ["cost"]}


@pytest.mark.parametrize(
    ("payload", "sent"),
    [
        ({"id": "a-B_0123", "text": "hi"}, once.Sent("a-B_0123", text="hi")),
        ({"id": "0" * 64, "text": ""}, once.Sent("0" * 64)),
        ({"id": "a-B_0123", "payload": "x.y.z"}, once.Sent("a-B_0123", token="x.y.z")),
        # Almost.
        ({"id": "0" * 7, "text": "hi"}, None),
        ({"id": "0" * 65, "text": "hi"}, None),
        ({"id": "a-B_0123\n", "text": "hi"}, None),
        ({"id": "a:B_0123", "text": "hi"}, None),
        ({"id": 12345678, "text": "hi"}, None),
        ({"id": "a-B_0123", "text": None}, None),
        ({"id": "a-B_0123", "text": ["hi"]}, None),
        ({"id": "a-B_0123", "payload": ""}, None),
        ({"id": "a-B_0123", "payload": 5}, None),
        ({"id": "a-B_0123", "text": "hi", "payload": "x.y.z"}, None),
        ({"id": "a-B_0123", "text": "hi", "sender": "ann"}, None),
        ({"id": "a-B_0123"}, None),
        ({"text": "hi"}, None),
        ([], None),
        (None, None),
        ("hi", None),
    ],
)
def test_what_is_a_message(payload: object, sent: once.Sent | None) -> None:
    assert read(payload) == sent


def test_a_reply_is_rendered_as_text_and_spans() -> None:
    reply = Outgoing(
        "**Yes.** <b>See</b> [it](https://example.org)",
        "answer", ("cost",), "v1", True, (Button("Why?", "t"),), ("y", "x"),
    )  # fmt: skip
    message = render(reply, "2026-11-22T10:00:00Z")
    (block,) = message.pop("blocks")
    assert block["kind"] == "paragraph"
    (spans,) = block["items"]
    assert spans[0] == {"text": "Yes.", "bold": True}
    assert {"text": "it", "href": "https://example.org"} in spans
    assert "<b>See</b>" in message.pop("text")
    assert message == {
        "kind": "answer",
        "answers": ["cost"],
        "version": "v1",
        "stored": True,
        "buttons": [{"title": "Why?", "payload": "t"}],
        "feedback": ["y", "x"],
        "time": "2026-11-22T10:00:00Z",
    }


def test_the_greeting_does_not_offer_a_withdrawn_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> None:
        server = Server()
        offered = [button["title"] for button in (await server.patient()).greeting["buttons"]]
        answers = shared_turns().gate.content.by_title
        monkeypatch.setattr(withdrawn, "current", lambda: frozenset({answers[offered[0]]}))
        left = [button["title"] for button in (await server.patient()).greeting["buttons"]]
        assert left == offered[1:]

    play(scenario)


def test_a_session_begins_with_greeting_notice_and_questions_that_work() -> None:
    async def scenario() -> None:
        server = Server()
        patient = await server.patient()
        greeting = patient.greeting
        assert greeting["text"].startswith("Hello!")
        assert "not medical advice" in greeting["text"]
        assert (greeting["kind"], greeting["feedback"]) == ("small_talk", [])
        assert len(greeting["buttons"]) >= 3
        for button in greeting["buttons"]:
            reply = await patient.press(button["payload"])
            assert reply["text"] == f"You said: {button['title']}"
        # It is no part of the conversation.
        assert len(await patient.history()) == 2 * len(greeting["buttons"])

    play(scenario)


def test_a_message_is_answered_and_remembered_as_typed() -> None:
    async def scenario() -> None:
        patient = await Server().patient()
        answer = await patient.send("what does it cost", ID)
        assert answer.status == 200
        assert answer.json["id"] == ID
        reply = answer.json["reply"]
        assert reply["text"] == "You said: what does it cost"
        assert (reply["kind"], reply["answers"], reply["version"]) == ("answer", ["cost"], "v1")
        said, told = await patient.history()
        assert (said["from"], said["text"]) == ("patient", "what does it cost")
        assert said["time"].endswith("Z")
        assert told.pop("from") == "guide"
        for message in (told, reply):
            message.pop("time")
        assert told == reply

    play(scenario)


def test_thumbs_judge_the_answer() -> None:
    async def scenario() -> None:
        server = Server()
        patient = await server.patient()
        helpful, _ = (await patient.say("what does it cost"))["feedback"]
        await patient.press(helpful)
        judged = server.agent.handled[-1].parse_data
        assert judged["intent"]["name"] == "feedback_positive"
        assert judged["judged"]["answers"] == ["cost"]

    play(scenario)


def test_buttons_of_the_history_work_and_those_of_others_do_not() -> None:
    async def scenario() -> None:
        server = Server()

        async def offer(message: UserMessage) -> dict[str, Any]:
            return {
                "text": f"You said: {message.text}",
                "kind": "did_you_mean",
                "buttons": [{"title": "Is it approved?", "payload": "Is it approved?"}],
            }

        server.agent.turn = offer
        ann, bob = await server.patient(), await server.patient()
        await ann.say("approved")
        (button,) = (await ann.history())[1]["buttons"]
        assert button["title"] == "Is it approved?"
        assert (await ann.press(button["payload"]))["text"] == "You said: Is it approved?"
        refused = await bob.press(button["payload"])
        assert refused["kind"] == "error"
        assert "button" in refused["text"]

    play(scenario)


def test_history_keeps_the_newest() -> None:
    async def scenario() -> None:
        server = Server()
        patient = await server.patient()
        for number in range(120):  # past the limits of the web
            said = UserMessage(f"m{number}", CollectingOutputChannel(), patient.conversation)
            await server.agent.handle_message(said)
        messages = await patient.history()
        assert len(messages) == 200
        assert messages[-1]["text"] == "You said: m119"

    play(scenario)


def test_erase_forgets_on_the_server_and_ends_the_session(tmp_path: Path) -> None:
    async def scenario() -> None:
        server = Server()
        patient, other = await server.patient(), await server.patient()
        await other.say("hello")
        await patient.say(SECRET, ID)
        await patient.say("i have chest pain")
        answer = await patient.ask("DELETE", "conversation")
        assert (answer.status, answer.body) == (204, b"")
        with sqlite3.connect(tmp_path / "guide.db") as database:
            for table, column in (("inbox", "conversation"), ("events", "sender_id")):
                kept = {row for (row,) in database.execute(f"select {column} from {table}")}
                assert kept - {""} == {other.conversation}
            words = database.execute("select * from inbox where conversation = ''").fetchall()
        assert "live in Boise" not in str(words)
        # The same server, and another one.
        for where in (server, Server()):
            again = Patient(where, patient.token, {})
            assert (await again.send("hello")).status == 401
            assert (await again.ask("GET", "history")).status == 401
            assert (await again.ask("DELETE", "conversation")).status == 401
        assert len(await other.history()) == 2

    play(scenario)


def test_erase_waits_for_the_message_in_work() -> None:
    async def scenario() -> None:
        server = Server()
        slow = Slow()
        server.agent.turn = slow
        patient = await server.patient()
        sending = asyncio.ensure_future(patient.send("what does it cost"))
        await slow.begun.wait()
        erasing = asyncio.ensure_future(patient.ask("DELETE", "conversation"))
        await asyncio.sleep(0.1)
        assert not erasing.done()
        assert (await patient.send("one more")).status == 401
        slow.go_on.set()
        assert (await sending).status == 200
        assert (await erasing).status == 204
        assert server.agent.texts == ["what does it cost"]
        assert kept_of(patient.conversation) == []

    play(scenario)
