"""What a message costs late in a long conversation: the store's part and a whole turn.

    python -m benchmarks.turn_cost [--database sqlite:///... | postgresql://...] [--turns 300]

Plays conversations of so many turns, alone and with a second process that writes meanwhile, and
prints the median milliseconds of a turn around the 5th and the last one, and their ratio: the
store alone (read and save), and the whole turn with Rasa's own rules and the guide's replies, but
without the reading of the message, which does not know how long a conversation is.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from guide.settings import ROOT, prepare_environment, quiet_rasa

EARLY = 5
AROUND = 4  # turns on both sides of the 5th and before the last, whose median counts
CONVERSATIONS = 5
ANSWERS = ("cost", "cure", "approved")


class Timed:
    """A store that notes how long it took within a turn."""

    def __init__(self, store: Any) -> None:
        self.store = store
        self.seconds = 0.0
        for name in ("retrieve", "save"):
            setattr(store, name, self._timed(getattr(store, name)))

    def _timed(self, call: Any) -> Any:
        async def timed(*arguments: Any) -> Any:
            began = time.perf_counter()
            try:
                return await call(*arguments)
            finally:
                self.seconds += time.perf_counter() - began

        return timed


class Guide:
    """Rasa with a model of its rules and the guide's replies."""

    def __init__(self, model: Path) -> None:
        from rasa.core.agent import load_agent
        from rasa.core.utils import AvailableEndpoints

        quiet_rasa()
        endpoints = AvailableEndpoints.read_endpoints(str(ROOT / "endpoints.yml"))
        self.agent = asyncio.run(load_agent(model_path=str(model), endpoints=endpoints))
        self.store = Timed(self.agent.tracker_store._tracker_store)

    async def turn(self, conversation: str, number: int) -> tuple[float, float]:
        """(milliseconds of the whole turn, of the store in it)."""
        from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

        intent = ANSWERS[number % len(ANSWERS)]
        text = f"question {number} about this"
        ranking = [{"name": name, "confidence": 0.3} for name in ANSWERS]
        read = {
            "text": text, "intent": {"name": intent, "confidence": 0.9}, "entities": [],
            "intent_ranking": ranking, "personal": [],
        }  # fmt: skip
        said = UserMessage(text, CollectingOutputChannel(), conversation, parse_data=read)
        self.store.seconds = 0.0
        began = time.perf_counter()
        await self.agent.handle_message(said)
        return (time.perf_counter() - began) * 1000, self.store.seconds * 1000

    async def conversation(self, turns: int) -> list[tuple[float, float]]:
        """The times of all turns of a new conversation."""
        conversation = f"rest:{uuid.uuid4().hex}"
        return [await self.turn(conversation, number) for number in range(turns)]


def train(folder: Path) -> Path:
    """The rules and answers without a pipeline: messages come read."""
    from rasa.model_training import train as train_rasa

    config = folder / "config.yml"
    config.write_text(
        "recipe: default.v1\nassistant_id: car-t-guide\nlanguage: en\n"
        "importers: [{name: guide.importer.GuideImporter}]\n"
        "pipeline: []\npolicies: [{name: RulePolicy}]\n"
    )
    made = train_rasa(str(ROOT / "domain.yml"), str(config), [str(ROOT / "data")], str(folder))
    return Path(made.model)


def writes(model: Path, until: Any) -> None:
    """A second server: it talks until it is told to stop."""
    guide = Guide(model)

    async def talk() -> None:
        number = 0
        while not until.is_set():
            await guide.turn("rest:another", number)
            number += 1

    asyncio.run(talk())


@contextmanager
def second_server(model: Path) -> Iterator[None]:
    """Writing meanwhile; entered when it has begun."""
    spawned = multiprocessing.get_context("spawn")
    until = spawned.Event()
    process = spawned.Process(target=writes, args=(model, until))
    process.start()
    time.sleep(20)  # it loads Rasa
    try:
        yield
    finally:
        until.set()
        process.join()


def figures(guide: Guide, turns: int) -> dict[str, float]:
    """Medians early and late, and their ratios."""
    early: list[tuple[float, float]] = []
    late: list[tuple[float, float]] = []
    for _ in range(CONVERSATIONS):
        times = asyncio.run(guide.conversation(turns))
        early += times[EARLY - AROUND : EARLY + AROUND]
        late += times[-2 * AROUND :]
    found: dict[str, float] = {}
    for index, name in enumerate(("turn", "store")):
        one = statistics.median(pair[index] for pair in early)
        other = statistics.median(pair[index] for pair in late)
        found |= {f"{name} {EARLY}": one, f"{name} {turns}": other, f"{name} ratio": other / one}
    return {name: round(value, 2) for name, value in found.items()}


def main() -> int:
    """Print the figures as JSON, one line alone and one beside a second server."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", help="an empty one; by default a temporary SQLite file")
    parser.add_argument("--turns", type=int, default=300)
    options = parser.parse_args()
    prepare_environment()
    quiet_rasa()  # for the training, too
    with tempfile.TemporaryDirectory() as name:
        os.environ["DATABASE_URL"] = options.database or f"sqlite:///{name}/guide.db"
        model = train(Path(name))
        guide = Guide(model)
        asyncio.run(guide.conversation(10))  # warm
        print(json.dumps({"servers": 1, **figures(guide, options.turns)}))
        with second_server(model):
            print(json.dumps({"servers": 2, **figures(guide, options.turns)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
