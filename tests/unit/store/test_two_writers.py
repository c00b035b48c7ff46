"""Two servers, one conversation, and locks that failed: nothing is lost, nothing doubled."""

from __future__ import annotations

import asyncio
import itertools
import json
import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import pytest

from tests.unit.store.talk import ERASED, Talk, bot, user

TURNS = 15


async def talking(who: str) -> None:
    """A server that plays its turns in Ann's conversation."""
    talk = Talk()
    for number in range(TURNS):
        outcome = await talk.play(user(f"{who} {number}"), bot(f"to {who} {number}"))
        assert outcome.stored


def serve(who: str, url: str) -> None:
    os.environ["DATABASE_URL"] = url
    asyncio.run(talking(who))


@pytest.fixture(scope="module")
def processes() -> Iterator[ProcessPoolExecutor]:
    """Two; that they load Rasa takes longer than all they do."""
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
        yield pool


def whole(talk: Talk) -> None:
    """Each server's turns are there once, in order, each with its events in one piece."""
    events = talk.rows("events", "id")
    said = [json.loads(row.data).get("text") for row in events if row.type_name in ("user", "bot")]
    for who in "ab":
        mine = [text for text in said if text.split()[-2] == who]
        assert mine == [t for n in range(TURNS) for t in (f"{who} {n}", f"to {who} {n}")]
    assert len(events) == 5 * 2 * TURNS
    turns = talk.rows("turns", "id")
    assert [turn.text for turn in turns] == said[::2]
    assert said[1::2] == [f"to {turn.text}" for turn in turns]
    spans = [(turn.first_event, turn.last_event) for turn in turns]
    assert all(first <= last for first, last in spans)
    assert all(one[1] < other[0] for one, other in itertools.pairwise(spans))
    assert talk.rows("conversations")[0].turns == 2 * TURNS


def test_in_two_processes(talk: Talk, any_database: str, processes: ProcessPoolExecutor) -> None:
    """Which make the tables, too, in the same moment."""
    list(processes.map(serve, "ab", [any_database] * 2, timeout=120))
    whole(talk)


def test_in_two_threads(talk: Talk, any_database: str) -> None:
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(serve, "ab", [any_database] * 2))
    whole(talk)


@pytest.mark.parametrize("number", range(5))
def test_one_erases_while_the_other_writes(talk: Talk, number: int) -> None:
    """Whichever comes first, nothing of before the erasing is left."""
    talk.say("before")

    def erase() -> None:
        Talk().turn(user("delete my conversation"), bot("It is gone.", erased=True), *ERASED)

    def write() -> None:
        Talk().say("meanwhile")

    work = [erase, write] if number % 2 else [write, erase]
    with ThreadPoolExecutor(2) as threads:
        for done in [threads.submit(one) for one in work]:
            done.result()
    assert "before" not in talk.everything()
    assert talk.texts() in ([], ["meanwhile", "Some thousand dollars."])
    assert len(talk.rows("turns")) == len(talk.texts()) // 2
