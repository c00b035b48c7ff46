"""Held-out questions through a side, judged by the same judge.

    python -m benchmarks.stock.quality [--stock MODEL]

prints the figures as JSON: those of `make evaluate` without dialogues and personal details. A
process of its own for each side, as the guide mends parts of Rasa that stock Rasa keeps.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.stock.models import BenchmarkError
from benchmarks.stock.sides import HERE, STOCK, Side
from guide.content import load
from guide.evaluation.questions import read_questions
from guide.evaluation.servers import action_server
from guide.ports import free_port
from guide.settings import ROOT, data_folder, prepare_environment, questions_folder, quiet_rasa


def reply_of(messages: Sequence[Mapping[str, Any]], answers: Collection[str]) -> dict[str, Any]:
    """What stock Rasa said in a turn, as the judge reads it: {text, kind, answers, by}.

    An answer is its response `utter_<answer>`; other responses tell their kind (domain.yml). Kind
    error: it said nothing.
    """
    text = "\n\n".join(str(message.get("text") or "") for message in messages)
    said = [str(message.get("utter_action") or "").removeprefix("utter_") for message in messages]
    given = [name for name in said if name in answers]
    told = [(message.get("metadata") or {}).get("kind") for message in messages]
    kind = "answer" if given else next(filter(None, reversed(told)), "other")
    return {
        "text": text, "kind": kind if messages else "error", "answers": given, "by": "model",
    }  # fmt: skip


class StockRasa:
    """Takes messages as `guide.evaluation.agent.LocalGuide` does."""

    def __init__(self, agent: Any, answers: Collection[str]) -> None:
        self._agent = agent
        self._answers = answers

    async def say(self, sender: str, text: str) -> dict[str, Any]:
        """One turn, as `reply_of` tells it."""
        from rasa.core.channels.channel import UserMessage

        from guide.channels.turns import Collector

        collector = Collector("rest")
        await self._agent.handle_message(UserMessage(text, collector, sender))
        return reply_of(collector.messages, self._answers)


@asynccontextmanager
async def running_stock(model: Path) -> AsyncIterator[StockRasa]:
    """Stock Rasa with a database of its own, and the action server beside it."""
    from rasa.core.agent import load_agent
    from rasa.core.utils import AvailableEndpoints

    port = free_port()
    with (
        TemporaryDirectory(prefix="stock-") as folder,
        # The registry is out of reach on purpose: figures must not depend on it.
        action_server(port, CTGOV_API_URL=f"http://127.0.0.1:{free_port()}"),
    ):
        os.environ |= {"STOCK_DATABASE": f"{folder}/stock.db", "ACTIONS_PORT": str(port)}
        endpoints = AvailableEndpoints.read_endpoints(str(HERE / "endpoints.yml"))
        agent = await load_agent(model_path=str(model), endpoints=endpoints)
        yield StockRasa(agent, set(load(data_folder()).answers))


def of(side: Side) -> dict[str, float]:
    """The figures of a side, measured in a process of its own.

    Raises:
        BenchmarkError: it failed.
    """
    stock = ("--stock", str(side.model)) if side.name == STOCK else ()
    log = side.model.with_name(f"{side.name}-questions.log")
    with log.open("wb") as told:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.stock.quality", *stock],
            cwd=ROOT, env={**os.environ, **side.settings}, stdout=subprocess.PIPE, stderr=told,
        )  # fmt: skip
    if done.returncode:
        raise BenchmarkError(f"{side.name} could not be asked: see {log}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


async def _figures(stock: Path | None) -> dict[str, float]:
    from guide.evaluation.agent import running_guide
    from guide.evaluation.run import run_questions

    sets = read_questions(questions_folder())
    async with running_stock(stock) if stock else running_guide() as side:
        found = await run_questions(side, sets, lambda _: None)
    return dict(found["figures"])


def main() -> int:
    """Print the figures of a side as one line of JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.stock.quality")
    parser.add_argument("--stock", type=Path, help="its model; without it the guide of GUIDE_DATA")
    options = parser.parse_args()
    prepare_environment()
    quiet_rasa()
    logging.disable(logging.WARNING)
    print(json.dumps(asyncio.run(_figures(options.stock))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
