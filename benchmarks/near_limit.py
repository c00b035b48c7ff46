"""How near a turn is to its limit: the encoder's own inference, without which nothing is read.

    python -m benchmarks.near_limit [--questions 300]

Plays questions of the development set, five in each conversation: over HTTP, and in this process
with a clock around each part of a turn. Prints what the parts take and what they are for, and how
many times the encoder's inference a turn is; writes results/near_limit.json.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from benchmarks import results
from benchmarks.as_served import after_rasa, before_rasa
from benchmarks.patients import conversation, plain_questions
from benchmarks.profiled import CHANNEL, DATABASE, INFERENCE, Profiled, Turn, rows
from benchmarks.stock.models import trained
from benchmarks.stock.servers import running
from benchmarks.stock.sides import WHOLE, Side, guide
from guide.content import DATA
from guide.settings import prepare_environment, quiet_rasa, var_folder

GOAL = 3.0  # a plain turn without HTTP and database, in times of the encoder's inference
WARM = 20  # messages that are not counted
HTTP = "HTTP"
T = TypeVar("T")
# What each part is for: the profile in words.
WORDS = {
    INFERENCE: "the network that turns a message into its meaning",
    "encoder: the rest": "word pieces before it, the mean of their meanings after it",
    "spaCy": "the words of a message, and which of them are names",
    "spaCy's tokens for Rasa": "the same words once more, as objects of Rasa",
    "spelling": "runs of two to four letters, counted",
    "classifier": "how likely each intent is, and the decision",
    "neighbours": "the nearest in meaning of all training messages",
    "urgent patterns": "words of danger, sought before anything else",
    "personal details": "names, dates, addresses and numbers, found and taken out",
    "rules": "which reply follows, and that the guide listens then",
    "Rasa's graph": "the order of the components, worked out for each message",
    "Rasa's turn": "events, slots and the lock of the conversation",
    "words of the reply": "the answer, its source, its buttons",
    CHANNEL: "rate limit, signed buttons",
    "question splitter": "several questions of one message",
    "follow-ups": "what goes on from the reply before",
    "known messages": "titles and buttons, word for word",
    DATABASE: "reading the conversation, writing the turn",
    HTTP: "server, network of this machine and client",
}


def inner(values: Iterable[T], key: Callable[[T], float]) -> list[T]:
    """The middle half: its mean is as steady as a median, and the means of parts add up."""
    ordered = sorted(values, key=key)
    quarter = len(ordered) // 4
    return ordered[quarter : len(ordered) - quarter]


def mean(times: Iterable[float]) -> float:
    """Of the middle half, to a microsecond where milliseconds are given."""
    return round(statistics.mean(inner(times, float)), 3)


def parts_of(turns: Sequence[Turn]) -> dict[str, float]:
    """Mean milliseconds of each part in the middle half of the turns, most first."""
    kept = inner(turns, lambda turn: turn.whole)
    names = {name for turn in kept for name in turn.parts}
    found = {n: round(statistics.mean(turn.parts.get(n, 0.0) for turn in kept), 3) for n in names}
    return dict(sorted(found.items(), key=lambda part: -part[1]))


def figures(turns: Sequence[Turn], alone: Sequence[float], over_http: float) -> dict[str, Any]:
    """What results/near_limit.json holds; times in milliseconds.

    Args:
        turns: of all messages, in process.
        alone: the inference of plain turns, where nothing else is done.
        over_http: a turn as a client of REST sees it, of all messages.
    """
    plain = [turn for turn in turns if turn.texts == 1]
    http = max(0.0, over_http - mean(turn.whole for turn in turns))
    return {
        "messages": len(turns),
        "plain": {"turns": len(plain), "parts": {**parts_of(plain), HTTP: round(http, 3)}},
        "all": {"turns": len(turns), "parts": {**parts_of(turns), HTTP: round(http, 3)}},
        "alone": mean(alone),
    }


def ratios(found: Mapping[str, Any]) -> dict[str, float]:
    """A plain turn in times of the encoder's inference alone, with more and more around it."""
    parts = found["plain"]["parts"]
    turn = sum(ms for name, ms in parts.items() if name not in (DATABASE, HTTP))
    wholes = {
        "a plain turn without database and HTTP": turn,
        "with the database": turn + parts[DATABASE],
        "with database and HTTP": turn + parts[DATABASE] + parts[HTTP],
    }
    return {name: ms / found["alone"] for name, ms in wholes.items()}


def block(found: dict[str, Any]) -> str:
    """Markdown of what `results.read` returns: ratios, and the profile in words and figures."""
    figures = found["figures"]
    plain, every = figures["plain"]["parts"], figures["all"]["parts"]
    lines = ["| a turn | in times of the inference alone | goal |", "| --- | ---: | --- |"]
    for number, (name, ratio) in enumerate(ratios(figures).items()):
        goal = f"at most {GOAL:g}: {'met' if ratio <= GOAL else 'missed'}" if number == 0 else ""
        lines.append(f"| {name} | {ratio:.1f} | {goal} |")
    lines += [
        "", "| part | what for | plain turn, ms | share | any turn, ms |",
        "| --- | --- | ---: | ---: | ---: |",
    ]  # fmt: skip
    for name in dict.fromkeys((*plain, *every)):
        own, share = plain.get(name, 0.0), plain.get(name, 0.0) / sum(plain.values())
        cells = f"{own:.2f} | {share:.1%} | {every.get(name, 0.0):.2f}"
        lines.append(f"| {name} | {WORDS.get(name, '')} | {cells} |")
    whole = f"{sum(plain.values()):.2f} | {1:.0%} | {sum(every.values()):.2f}"
    lines += [f"| the whole | | {whole} |", "", _told(figures), results.told(found)]
    return "\n".join(lines)


def _told(figures: Mapping[str, Any]) -> str:
    plain, every = figures["plain"], figures["all"]
    share = plain["parts"][INFERENCE] / sum(plain["parts"].values())
    return (
        f"In {plain['turns']} of {every['turns']} turns the encoder reads one text (plain turns); "
        "in the others also the parts of the message, or what it follows. Its inference is "
        f"{share:.0%} of a plain turn: {plain['parts'][INFERENCE]:.2f} ms there, "
        f"{figures['alone']:.2f} ms where nothing else is done and the caches hold all of it."
    )


async def measured(side: Side, url: str, texts: Sequence[str]) -> dict[str, Any]:
    """`figures` of these messages, by turns over HTTP and in this process: what else the machine
    does meanwhile bears on both."""
    from guide.evaluation.agent import local_guide
    from guide.ports import free_port

    local = await local_guide(side.model, free_port())  # no question needs an action
    after_rasa()
    guide = Profiled(local)
    turns: list[Turn] = []
    over_http: list[float] = []
    await conversation(url, texts[:WARM], WARM)
    await guide.play(texts[:WARM])
    for row in rows(texts):
        over_http += await conversation(url, row, len(row))
        turns += await guide.play(row)
    return figures(turns, guide.alone(), mean(over_http))


def main() -> int:
    """Exit code 0, whatever the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.near_limit")
    parser.add_argument("--questions", type=int, default=300)
    options = parser.parse_args()
    before_rasa()
    prepare_environment()
    quiet_rasa()
    every = plain_questions()
    texts = every[:: max(1, len(every) // options.questions)][: options.questions]
    folder = var_folder() / "bench"
    folder.mkdir(exist_ok=True)
    side = guide(folder, DATA, WHOLE)
    trained(side)
    with running(side) as server:
        results.write("near_limit", asyncio.run(measured(side, server.url, texts)))
    print(block(results.read("near_limit")))
    return 0


if __name__ == "__main__":
    sys.exit(main())
