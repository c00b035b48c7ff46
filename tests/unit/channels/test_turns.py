"""One message, one turn, one reply, whatever breaks."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage

from guide.channels.incoming import Gate
from guide.channels.limits import RateLimit
from guide.channels.outgoing import Button, Outgoing
from guide.channels.payloads import Payloads
from guide.channels.turns import Said, Turns
from tests.unit.channels.rest_server import settled

HERE = "web:1"
BURST = 3
PRIVATE = "my name is Jane Roe and I live in Boise"


class Agent:
    """Stands for Rasa: notes each turn, then says what a test wants."""

    def __init__(self) -> None:
        self.handled: list[UserMessage] = []
        self.says: list[dict[str, Any]] = [{"text": "Hello.", "kind": "small_talk"}]

    async def __call__(self, message: UserMessage) -> None:
        self.handled.append(message)
        for reply in self.says:
            await message.output_channel.send_response(message.sender_id, reply)


@pytest.fixture
def agent() -> Agent:
    return Agent()


@pytest.fixture
def turns(gate: Gate) -> Turns:
    return Turns(gate, Payloads(b"s" * 32, gate.content, gate.wording), RateLimit(BURST, 0.01))


def play(scenario: Callable[[], Awaitable[None]]) -> None:
    """What a turn left to do in the background is done too."""

    async def whole() -> None:
        await scenario()
        await settled()

    asyncio.run(asyncio.wait_for(whole(), 10))


def replies(turns: Turns, agent: Any, *said: Said) -> list[Outgoing]:
    found: list[Outgoing] = []

    async def scenario() -> None:
        for one in said:
            found.append(await turns.reply(agent, one))

    play(scenario)
    return found


def test_a_message_reaches_rasa_clean_and_in_its_conversation(turns: Turns, agent: Agent) -> None:
    (reply,) = replies(turns, agent, Said("web", HERE, " /restart\u200b  now "))
    (message,) = agent.handled
    assert message.text == "restart now"
    assert (message.sender_id, message.input_channel) == (HERE, "web")
    assert message.output_channel.name() == "web"
    assert message.parse_data is None
    assert reply == Outgoing("Hello.", "small_talk")


def test_a_pressed_question_is_the_same_as_typed(turns: Turns, agent: Agent) -> None:
    token = turns.payloads.of_title(HERE, "How much does it cost?")
    replies(turns, agent, Said("web", HERE, "ignored", token))
    (message,) = agent.handled
    assert message.text == "How much does it cost?"
    assert message.parse_data is None


@pytest.mark.parametrize(
    ("helpful", "intent"), [(True, "feedback_positive"), (False, "feedback_negative")]
)
def test_pressed_feedback_says_what_it_judges(
    turns: Turns, agent: Agent, helpful: bool, intent: str
) -> None:
    token = turns.payloads.of_feedback(HERE, helpful, ("cost", "cure"))
    replies(turns, agent, Said("web", HERE, token=token))
    (message,) = agent.handled
    assert message.parse_data == {
        "text": message.text,
        "intent": {"name": intent, "confidence": 1.0},
        "entities": [],
        "judged": {"answers": ["cost", "cure"], "version": turns.gate.version},
    }


def test_typed_feedback_judges_what_was_last(turns: Turns, agent: Agent) -> None:
    replies(turns, agent, Said("web", HERE, "Not helpful"))
    assert agent.handled[0].parse_data is None


@pytest.mark.parametrize("token", ["forged", "x" * 100, 5, ["x"], {"a": 1}, b"x", "/restart"])
def test_a_button_that_is_none_is_told_and_never_obeyed(
    turns: Turns, agent: Agent, token: object
) -> None:
    (reply,) = replies(turns, agent, Said("web", HERE, "how much", token))
    assert agent.handled == []
    assert reply.kind == "error"
    assert "does not work any more" in reply.text


def test_a_button_of_another_conversation_is_none(turns: Turns, agent: Agent) -> None:
    token = turns.payloads.of_title("web:2", "How much does it cost?")
    (reply,) = replies(turns, agent, Said("web", HERE, token=token))
    assert (agent.handled, reply.kind) == ([], "error")


def test_too_many_messages_are_told_and_wait_for_nothing(turns: Turns, agent: Agent) -> None:
    said = [Said("web", HERE, f"question {number}") for number in range(BURST + 2)]
    answered = replies(turns, agent, *said)
    assert len(agent.handled) == BURST
    for reply in answered[BURST:]:
        assert reply.kind == "error"
        assert "a lot in a short time" in reply.text
        assert "911" in reply.text


def test_another_conversation_is_not_slowed(turns: Turns, agent: Agent) -> None:
    said = [Said("web", HERE, "question")] * (BURST + 1)
    answered = replies(turns, agent, *said, Said("web", "web:2", "question"))
    assert [reply.kind for reply in answered] == ["small_talk"] * BURST + ["error", "small_talk"]


def test_pressing_is_limited_too(turns: Turns, agent: Agent) -> None:
    token = turns.payloads.of_feedback(HERE, True, ("cost",))
    answered = replies(turns, agent, *[Said("web", HERE, token=token)] * (BURST + 1))
    assert answered[-1].kind == "error"
    assert len(agent.handled) == BURST


@pytest.mark.parametrize("words", ["I have chest pain", "I want to kill myself"])
def test_danger_gets_through_when_there_were_too_many(
    turns: Turns, agent: Agent, words: str
) -> None:
    said = [Said("web", HERE, "question")] * (BURST + 1)
    answered = replies(turns, agent, *said, Said("web", HERE, words))
    assert answered[-2].kind == "error"
    assert answered[-1].kind in {"emergency", "crisis"}


def test_danger_is_answered_while_the_turn_hangs_and_recorded_after(turns: Turns) -> None:
    handled: list[UserMessage] = []
    free = asyncio.Event()

    async def hanging(message: UserMessage) -> None:
        await free.wait()
        handled.append(message)

    async def scenario() -> None:
        first = asyncio.ensure_future(turns.reply(hanging, Said("web", HERE, "how much is it")))
        await settled()
        urgent = await asyncio.wait_for(
            turns.reply(hanging, Said("web", HERE, "I have chest pain")), 1
        )
        assert urgent.kind == "emergency"
        assert "Call 911 now" in urgent.text
        assert handled == []
        free.set()
        await first
        await settled()

    play(scenario)
    recorded = handled[-1]
    assert recorded.text == "I have chest pain"
    assert recorded.parse_data == {
        "text": "I have chest pain",
        "intent": {"name": "emergency", "confidence": 1.0},
        "entities": [],
    }


def test_a_server_that_ends_waits_for_what_was_answered_first(turns: Turns) -> None:
    recorded: list[str] = []

    async def slow(message: UserMessage) -> None:
        await asyncio.sleep(0.05)
        recorded.append(message.text or "")

    async def scenario() -> None:
        await turns.recorded()
        await turns.reply(slow, Said("web", HERE, "I have chest pain"))
        assert recorded == []
        await turns.recorded(0)
        assert recorded == []
        await turns.recorded()
        assert recorded == ["I have chest pain"]

    play(scenario)


def test_several_bot_messages_become_one(turns: Turns, agent: Agent) -> None:
    agent.says = [
        {"text": "One.", "kind": "answer", "answers": ["cost"], "buttons": [{"title": "A"}]},
        {"text": None},
        {"text": "Two.", "kind": "more", "answers": ["cure"], "buttons": [{"title": "B"}]},
    ]
    (reply,) = replies(turns, agent, Said("web", HERE, "how much"))
    assert reply.text == "One.\n\nTwo."
    assert (reply.kind, reply.answers) == ("more", ("cure",))
    assert reply.buttons == (Button("B", turns.payloads.of_title(HERE, "B")),)


async def broken(message: UserMessage) -> None:
    raise RuntimeError(f"cannot handle {PRIVATE}")


async def silent(message: UserMessage) -> None:
    pass


async def half_done(message: UserMessage) -> None:
    await message.output_channel.send_response(message.sender_id, {"text": "One."})
    raise RuntimeError(PRIVATE)


async def malformed(message: UserMessage) -> None:
    reply = {"text": PRIVATE, "buttons": [{"payload": "x"}]}
    await message.output_channel.send_response(message.sender_id, reply)


@pytest.mark.parametrize("turn", [broken, silent, half_done, malformed])
def test_a_failure_is_told_in_words(
    turns: Turns, turn: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        (reply,) = replies(turns, turn, Said("web", HERE, PRIVATE))
    assert reply.kind == "error"
    assert "ask your doctor" in reply.text
    assert "911" in reply.text
    assert "Jane" not in caplog.text
    assert "Boise" not in caplog.text
    if turn is not silent:
        assert "channel web" in caplog.text
        assert "incident" in caplog.text


def test_danger_is_answered_when_the_record_of_it_fails(
    turns: Turns, caplog: pytest.LogCaptureFixture
) -> None:
    (reply,) = replies(turns, broken, Said("web", HERE, f"I have chest pain, {PRIVATE}"))
    assert reply.kind == "emergency"
    assert "incident" in caplog.text
    assert "Jane" not in caplog.text


def test_a_client_that_goes_away_does_not_undo_its_turn(turns: Turns) -> None:
    free, ended = asyncio.Event(), asyncio.Event()

    async def slow(message: UserMessage) -> None:
        await free.wait()
        ended.set()

    async def scenario() -> None:
        client = asyncio.ensure_future(turns.reply(slow, Said("web", HERE, "how much is it")))
        await settled()
        client.cancel()
        with pytest.raises(asyncio.CancelledError):
            await client
        free.set()
        await asyncio.wait_for(ended.wait(), 5)

    play(scenario)


@pytest.mark.parametrize(
    ("raw", "told"),
    [("x" * 3000, "3000 characters"), ("???", "any words"), (None, "any words"), (7, "any words")],
)
def test_what_cannot_be_read_is_told_and_makes_no_turn(
    turns: Turns, agent: Agent, raw: object, told: str
) -> None:
    (reply,) = replies(turns, agent, Said("web", HERE, raw))
    assert told in reply.text
    assert agent.handled == []
