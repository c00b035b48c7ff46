"""What the chat server counts: every reply once, and nothing that a client can make up."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence
from typing import Any

import pytest
import yaml
from rasa.core.channels.channel import UserMessage

from guide.channels.incoming import Gate
from guide.channels.limits import RateLimit
from guide.channels.payloads import Payloads
from guide.channels.turns import Said, Turns
from guide.metrics.chat import CHANNELS, KINDS
from guide.settings import ROOT
from guide.store.outcome import current, recorded_by_another
from tests.unit.channels.rest_server import settled
from tests.unit.metrics.figures import series, value

Handler = Callable[[UserMessage], Any]


@pytest.fixture(scope="module")
def gate() -> Gate:
    return Gate()


def play(gate: Gate, turn: Handler, said: Sequence[Said], burst: int = 10_000) -> None:
    """Each message after the other, with all that goes on behind them."""

    async def whole() -> None:
        turns = Turns(gate, Payloads(b"s" * 32, gate.content, gate.wording), RateLimit(burst, 0.01))
        for one in said:
            await turns.reply(turn, one)
        await settled()

    asyncio.run(whole())


def saying(kind: str, stored: bool = True) -> Handler:
    """Stands for Rasa and the store."""

    async def turn(message: UserMessage) -> None:
        outcome = current()
        assert outcome is not None
        outcome.stored = stored
        reply = {"text": "Hello.", "kind": kind}
        await message.output_channel.send_response(message.sender_id, reply)

    return turn


async def broken(message: UserMessage) -> None:
    raise RuntimeError


def grown(before: dict[Any, float], name: str) -> dict[tuple[str, ...], float]:
    """Labels -> how much the series of a metric grew; those that did."""
    return {
        tuple(text for _, text in labels): now - before[one, labels]
        for (one, labels), now in series().items()
        if one == name and now != before[one, labels]
    }


def test_a_reply_is_counted_with_its_channel_and_kind(gate: Gate) -> None:
    before = series()
    play(gate, saying("answer"), [Said("slack", "slack:1", "how much"), Said("web", "web:1", "?!")])
    assert grown(before, "guide_turns_total") == {("slack", "answer"): 1, ("web", "error"): 1}
    assert grown(before, "guide_reply_seconds_count") == {("slack",): 1, ("web",): 1}
    assert grown(before, "guide_replies_not_stored_total") == {}


def test_what_is_not_in_the_record_is_counted(gate: Gate) -> None:
    before = series()
    play(gate, saying("answer", stored=False), [Said("web", "web:1", "how much")])
    play(gate, broken, [Said("rest", "rest:1", "how much")])
    assert grown(before, "guide_replies_not_stored_total") == {("web",): 1, ("rest",): 1}
    assert grown(before, "guide_failures_total") == {("rest",): 1}


@pytest.mark.parametrize(
    ("turn", "lost"),
    [(saying("crisis"), 0), (saying("crisis", stored=False), 1), (broken, 1)],
    ids=["recorded", "not recorded", "broken"],
)
def test_an_urgent_message_that_is_in_no_record_is_counted(
    gate: Gate, turn: Handler, lost: int
) -> None:
    before = value("guide_urgent_not_recorded_total", channel="telegram")
    emergencies = value("guide_turns_total", channel="telegram", kind="emergency")
    play(gate, turn, [Said("telegram", "telegram:1", "I have chest pain")])
    assert value("guide_urgent_not_recorded_total", channel="telegram") == before + lost
    assert value("guide_turns_total", channel="telegram", kind="emergency") == emergencies + 1


def test_an_urgent_message_that_came_twice_is_not_called_lost(gate: Gate) -> None:
    async def another_has_it(message: UserMessage) -> None:
        recorded_by_another()

    before = series()
    play(gate, another_has_it, [Said("web", "web:1", "I have chest pain")])
    assert grown(before, "guide_urgent_not_recorded_total") == {}


def test_what_is_refused_by_the_limit_is_counted(gate: Gate) -> None:
    before = series()
    play(gate, saying("answer"), [Said("web", "web:1", "how much")] * 5, burst=3)
    assert grown(before, "guide_limited_total") == {("web",): 2}


def test_nothing_that_a_client_sends_makes_a_label(gate: Gate) -> None:
    """Texts, senders, ids of messages and buttons; and channels and kinds that nobody knows."""
    odd = random.Random(7)
    before = set(series())

    def noise() -> str:
        return "".join(chr(odd.choice([*range(32, 127), 0xE9, 0x4E2D])) for _ in range(12))

    async def turn(message: UserMessage) -> None:
        await saying(noise())(message)

    said = [
        Said(noise() if number % 3 else "web", f"web:{noise()}", noise(), event_id=noise())
        for number in range(1000)
    ]
    tokens = [Said("web", "web:1", token=noise()) for _ in range(10)]
    urgent = [Said(noise(), "web:1", f"I have chest pain {noise()}") for _ in range(10)]
    play(gate, turn, [*said, *tokens, *urgent])
    assert set(series()) == before
    assert value("guide_turns_total", channel="other", kind="other") > 0


def test_the_kinds_and_channels_are_those_that_there_are() -> None:
    described = (ROOT / "guide/channels/openapi.yaml").read_text(encoding="utf-8")
    reply = yaml.safe_load(described)["components"]["schemas"]["MessageParts"]
    assert set(KINDS) == set(reply["properties"]["kind"]["enum"])
    credentials = yaml.safe_load((ROOT / "credentials.yml").read_text(encoding="utf-8"))
    assert set(CHANNELS) == {name.split(".")[-2] for name in credentials} - {"health"}
