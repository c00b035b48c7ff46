"""Patients who write to a running guide over REST: one after the other, or many at once.

    python -m benchmarks.patients http://127.0.0.1:5005 --patients 16 --seconds 10

plays patients who write for so long, each the next message once the last one is answered, and
prints what they saw as JSON (`Heard.figures`). It is a process of its own, so that what measures
takes no time of the server's.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import numpy as np

from guide.evaluation.questions import read_questions
from guide.settings import ROOT

QUESTIONS = ROOT / "tests" / "questions" / "development"
# A patient goes on in a new conversation then: the guide slows down who writes more at once.
IN_A_ROW = 10
TIMEOUT = aiohttp.ClientTimeout(total=60)


@dataclass
class Heard:
    """What patients saw: milliseconds of each message answered in time, and how many failed."""

    patients: int
    seconds: float
    milliseconds: list[float] = field(default_factory=list)
    errors: int = 0

    def figures(self) -> dict[str, float]:
        """{patients, messages, errors, per_second, p50, p99}; milliseconds, 0 without a message."""
        answered = len(self.milliseconds)
        return {
            "patients": self.patients,
            "messages": answered,
            "errors": self.errors,
            "per_second": round(answered / self.seconds, 2),
            "p50": percentile(self.milliseconds, 50),
            "p99": percentile(self.milliseconds, 99),
        }


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` per cent lie, to two digits; 0 without values."""
    return round(float(np.percentile(values, share)), 2) if len(values) else 0.0


def plain_questions() -> list[str]:
    """What the patients ask: development questions that the guide can answer."""
    return [question.text for question in read_questions(QUESTIONS)["in_scope"]]


async def say(session: aiohttp.ClientSession, url: str, sender: str, text: str) -> bool:
    """Send a message of REST; whether it was answered in words that tell of no failure."""
    try:
        async with session.post(
            f"{url}/webhooks/rest/webhook", json={"sender": sender, "message": text}
        ) as response:
            return response.status == 200 and answers(await response.json())
    except (aiohttp.ClientError, asyncio.TimeoutError, ValueError):
        return False


def answers(replies: Any) -> bool:
    """Whether a body of REST is a reply: stock Rasa sends an empty list when a turn fails, the
    guide a worded reply of kind error."""
    if not isinstance(replies, list) or not replies:
        return False
    kinds = {(reply.get("metadata") or {}).get("kind") for reply in replies}
    return "error" not in kinds and any(reply.get("text") for reply in replies)


async def conversation(url: str, texts: Sequence[str], turns: int) -> list[float]:
    """The milliseconds of each turn of a new conversation of so many turns.

    Raises:
        RuntimeError: a turn failed; its time would say nothing.
    """
    sender, times = uuid.uuid4().hex, []
    async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
        for number in range(turns):
            began = time.perf_counter()
            if not await say(session, url, sender, texts[number % len(texts)]):
                raise RuntimeError(f"{url}: turn {number + 1} was not answered")
            times.append((time.perf_counter() - began) * 1000)
    return times


async def load(url: str, patients: int, seconds: float, texts: Sequence[str]) -> Heard:
    """Patients who write at once; what is answered after the end is waited for and not counted."""
    heard = Heard(patients, seconds)
    end = time.perf_counter() + seconds
    async with aiohttp.ClientSession(
        timeout=TIMEOUT, connector=aiohttp.TCPConnector(limit=0)
    ) as session:
        await asyncio.gather(
            *(_patient(session, url, number, texts, end, heard) for number in range(patients))
        )
    return heard


async def _patient(
    session: aiohttp.ClientSession, url: str, number: int, texts: Sequence[str], end: float,
    heard: Heard,
) -> None:  # fmt: skip
    said, sender = 0, ""
    while (began := time.perf_counter()) < end:
        if said % IN_A_ROW == 0:
            sender = uuid.uuid4().hex
        good = await say(session, url, sender, texts[(number * 7 + said) % len(texts)])
        said += 1
        done = time.perf_counter()
        if not good:
            heard.errors += 1
        elif done <= end:
            heard.milliseconds.append((done - began) * 1000)


def in_own_process(url: str, patients: int, seconds: float) -> dict[str, float]:
    """`Heard.figures` of patients played by another process."""
    arguments = ["--patients", str(patients), "--seconds", str(seconds)]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.patients", url, *arguments],
        cwd=ROOT, capture_output=True, text=True, check=True, timeout=seconds + 180,
    )  # fmt: skip
    return dict(json.loads(done.stdout))


def main() -> int:
    """Print the figures of one load as JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.patients")
    parser.add_argument("url")
    parser.add_argument("--patients", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--texts", type=Path, help="a file with one message a line")
    options = parser.parse_args()
    given = options.texts and options.texts.read_text(encoding="utf-8").splitlines()
    texts = given or plain_questions()
    heard = asyncio.run(load(options.url, options.patients, options.seconds, texts))
    print(json.dumps(heard.figures()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
