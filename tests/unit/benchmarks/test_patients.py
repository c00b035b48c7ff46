"""What the patients of a benchmark count: replies in words, and nothing else."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from benchmarks import patients
from benchmarks.patients import IN_A_ROW, Heard, answers, conversation, load

WORDS = [{"recipient_id": "a", "text": "Words."}]
TEXTS = ["one", "two", "three"]


def served(reply: Callable[[dict[str, Any]], Any], play: Callable[[str], Any]) -> Any:
    """What `play` gives for the address of a server that answers by `reply`."""

    async def answer(request: web.Request) -> web.Response:
        body = reply(await request.json())
        return web.json_response(body, status=500 if body is None else 200)

    async def run() -> Any:
        app = web.Application()
        app.router.add_post("/webhooks/rest/webhook", answer)
        async with TestServer(app) as server:
            return await play(str(server.make_url("")).rstrip("/"))

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("replies", "good"),
    [
        (WORDS, True),
        ([{"text": "Words.", "buttons": [], "metadata": {"kind": "answer"}}], True),
        ([{"text": "Too many messages.", "metadata": {"kind": "error"}}], False),
        ([], False),  # a turn of stock Rasa that failed
        ([{"recipient_id": "a", "text": ""}], False),
        ({"error": "the body must be JSON"}, False),
    ],
)
def test_what_is_an_answer(replies: Any, good: bool) -> None:
    assert answers(replies) is good


@pytest.mark.parametrize("body", [None, []], ids=["status 500", "nothing said"])
def test_a_reply_that_is_none_is_an_error_and_no_message(body: Any) -> None:
    heard = served(lambda _: body, lambda url: load(url, 2, 0.1, TEXTS))
    figures = heard.figures()
    assert figures["messages"] == figures["per_second"] == 0
    assert figures["errors"] > 0


def test_a_patient_goes_on_in_a_new_conversation_until_time_is_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ticks = count()  # a second passes whenever somebody looks at the clock
    clock = SimpleNamespace(perf_counter=lambda: float(next(ticks)))
    monkeypatch.setattr(patients, "time", clock)
    said: Counter[str] = Counter()

    def reply(body: dict[str, Any]) -> Any:
        said[body["sender"]] += 1
        return WORDS

    heard = served(reply, lambda url: load(url, 1, 50, TEXTS))
    assert list(said.values()) == [IN_A_ROW, IN_A_ROW, 5]
    assert heard.milliseconds == [1000.0] * 25
    assert heard.errors == 0


def test_what_is_answered_after_the_end_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter([0.0, 1.0, 9.0, 9.0, 11.0, 11.0])
    monkeypatch.setattr(patients, "time", SimpleNamespace(perf_counter=lambda: next(ticks)))
    heard = served(lambda _: WORDS, lambda url: load(url, 1, 10, TEXTS))
    assert heard.milliseconds == [8000.0]


def test_a_conversation_has_one_sender_and_a_time_for_each_turn() -> None:
    senders, texts = set(), []

    def reply(body: dict[str, Any]) -> Any:
        senders.add(body["sender"])
        texts.append(body["message"])
        return WORDS

    times = served(reply, lambda url: conversation(url, TEXTS, 4))
    assert (len(times), len(senders), texts) == (4, 1, [*TEXTS, "one"])


def test_a_turn_that_failed_has_no_time() -> None:
    with pytest.raises(RuntimeError, match="turn 1 was not answered"):
        served(lambda _: [], lambda url: conversation(url, TEXTS, 4))


def test_figures_of_a_load() -> None:
    heard = Heard(16, 5.0, [float(number) for number in range(1, 102)], errors=2)
    assert heard.figures() == {
        "patients": 16, "messages": 101, "errors": 2, "per_second": 20.2, "p50": 51.0, "p99": 100.0,
    }  # fmt: skip
