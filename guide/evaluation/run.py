"""Runs sets of questions and dialogues through a guide."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from guide.evaluation.agent import LocalGuide
from guide.evaluation.judge import Tally, passes, summary, verdict
from guide.evaluation.questions import SETS, Dialogue, Question


@dataclass(frozen=True)
class Judged:
    """A message of a set, its place there, the reply to it and the verdict."""

    set: str
    number: int
    question: Question
    reply: Mapping[str, Any]
    verdict: str


@dataclass(frozen=True)
class Played:
    """A dialogue, its place, and each turn that failed: words, kinds wanted, kind, answers."""

    number: int
    dialogue: Dialogue
    failed: Sequence[Sequence[Any]]


async def run_questions(
    guide: LocalGuide,
    sets: Mapping[str, Sequence[Question]],
    judged: Callable[[Judged], None],
) -> dict[str, Any]:
    """Each message in a conversation of its own; figures by name, verdicts by label.

    `judged` gets every message once it is answered.
    """
    tallies = {name: Tally() for name in SETS}
    urgent = []
    for name, questions in sets.items():
        for number, question in enumerate(questions):
            reply = await guide.say(f"evaluate:{name}:{number}", question.text)
            found = verdict(question, reply)
            tallies[name].add(question, found)
            if name == "urgent":
                urgent.append(reply)
            judged(Judged(name, number, question, reply, found))
    return {
        "figures": {k: round(v, 4) for k, v in summary(tallies, urgent).items()},
        "sets": {
            name: {
                "messages": tallies[name].total,
                "verdicts": dict(tallies[name].verdicts),
                "by_label": {label: dict(c) for label, c in tallies[name].by_label.items()},
            }
            for name in sets
        },
    }


async def run_dialogues(
    guide: LocalGuide, dialogues: Sequence[Dialogue], played: Callable[[Played], None]
) -> dict[str, Any]:
    """Each dialogue as one conversation; it passes when every turn does. `played` gets each."""
    passed = 0
    for number, dialogue in enumerate(dialogues):
        failed = []
        for turn in dialogue.turns:
            reply = await guide.say(f"evaluate:dialogue:{number}", turn.text)
            if not passes(turn, reply):
                failed.append([turn.text, turn.kinds, reply["kind"], reply["answers"]])
        passed += not failed
        played(Played(number, dialogue, failed))
    return {"dialogues": {"total": len(dialogues), "passed": passed}}
