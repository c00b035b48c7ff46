"""Time of a message, training and size of the model against the answers that the guide has."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from benchmarks.clinc150 import DATA as CLINC150
from benchmarks.patients import conversation
from benchmarks.sample import make_sample
from benchmarks.stock.models import trained
from benchmarks.stock.servers import running
from benchmarks.stock.sides import guide
from guide.content.examples import words_of
from guide.content.reader import Reader

SIZES = (50, 200, 1_000)
# Examples of each intent: as few as let CLINC150 (150 sentences an intent) fill 1,000 answers.
EACH = 21
ROUNDS, IN_A_ROW = 5, 8


def measure(
    folder: Path, texts: Sequence[str], sizes: Sequence[int] = SIZES, rounds: int = ROUNDS, *,
    clinc150: Path = CLINC150,
) -> tuple[list[list[dict[str, float]]], list[dict[str, float]]]:  # fmt: skip
    """For each round and size what a message takes over REST; for each size what training took.

    Models are kept in `folder`, one folder a size, and are not trained again.
    """
    times: list[list[dict[str, float]]] = [[] for _ in range(rounds)]
    costs = []
    for size in sizes:
        place = folder / f"answers-{size}"
        shutil.rmtree(place / "data", ignore_errors=True)
        place.mkdir(parents=True, exist_ok=True)
        side = guide(place, make_content(place / "data", size, clinc150))
        cost = trained(side)
        costs.append(
            {
                "training, s": cost.seconds,
                "training, s of processors": cost.cpu_seconds,
                "model, MB": side.model.stat().st_size / 1e6,
            }
        )
        with running(side) as server:
            asyncio.run(conversation(server.url, texts, IN_A_ROW))
            for one in times:
                took = sorted(asyncio.run(conversation(server.url, texts, IN_A_ROW)))
                one.append({"a message over REST, ms": took[len(took) // 2]})
    return times, costs


def make_content(folder: Path, answers: int, clinc150: Path = CLINC150) -> Path:
    """The project's content with so many answers: its own, then intents of CLINC150, then these
    again with other sentences. No more than there are sentences for."""
    make_sample(folder, EACH)
    given = Reader(folder)
    known = {words_of(text) for texts in given.examples().values() for text in texts}
    for path in (folder / "faq").glob("*.yml"):
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        known |= {words_of(text) for text in (raw["title"], *raw["questions"])}
    made = _intents(json.loads(clinc150.read_text(encoding="utf-8")), known)
    fact = next(iter(given.article().facts))
    for number in range(len(list((folder / "faq").glob("*.yml"))), answers):
        name, questions = next(made)
        text = json.dumps(_answer(f"made answer {number}", fact, questions))
        (folder / "faq" / f"{name}.yml").write_text(text, encoding="utf-8")
    return folder


def _intents(
    data: dict[str, list[list[str]]], known: set[tuple[str, ...]]
) -> Iterator[tuple[str, list[str]]]:
    """(name, sentences) of one intent after the other, and round again; none stands twice."""
    sentences: dict[str, list[str]] = {}
    for part in ("train", "val", "test"):
        for text, intent in data[part]:
            if words_of(text) not in known:
                known.add(words_of(text))
                sentences.setdefault(intent, []).append(text)
    for start in range(0, max(map(len, sentences.values())), EACH):
        for intent, texts in sentences.items():
            if start + EACH <= len(texts):
                yield f"{intent}_{start}", texts[start : start + EACH]


def _answer(title: str, fact: str, questions: list[str]) -> dict[str, Any]:
    return {
        "title": title, "answer": "This is no answer. It fills the guide.", "facts": [fact],
        "related": [], "review_due": "2100-01-01", "questions": questions,
    }  # fmt: skip
