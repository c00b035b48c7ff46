"""Runs sets of questions and dialogues through a guide."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from guide.evaluation.agent import LocalGuide
from guide.evaluation.judge import Tally, passes, summary, verdict
from guide.evaluation.questions import read_dialogues, read_questions


async def run_questions(guide: LocalGuide, folder: Path, show: str = "") -> dict[str, Any]:
    """Each message in a conversation of its own; figures by name, verdicts by label."""
    sets = read_questions(folder)
    tallies = {name: Tally() for name in sets}
    urgent = []
    for name, questions in sets.items():
        for number, question in enumerate(questions):
            if number % 100 == 0:
                print(f"\r{name} {number}/{len(questions)}   ", end="", file=sys.stderr, flush=True)
            reply = await guide.say(f"evaluate:{name}:{number}", question.text)
            found = verdict(question, reply)
            tallies[name].add(question, found)
            if name == "urgent":
                urgent.append(reply)
            if show == name and found != "right":
                print(
                    json.dumps(
                        [found, question.text, question.accept, reply["kind"], reply["answers"]]
                    )
                )
    print("\r", end="", file=sys.stderr)
    return {
        "figures": {k: round(v, 4) for k, v in summary(tallies, urgent).items()},
        "sets": {
            name: {
                "messages": tally.total,
                "verdicts": dict(tally.verdicts),
                "by_label": {label: dict(counts) for label, counts in tally.by_label.items()},
            }
            for name, tally in tallies.items()
        },
    }


async def run_dialogues(guide: LocalGuide, path: Path, show: bool = False) -> dict[str, Any]:
    """Each dialogue as one conversation; it passes when every turn does."""
    dialogues = read_dialogues(path)
    passed = 0
    for number, dialogue in enumerate(dialogues):
        failed = []
        for turn in dialogue.turns:
            reply = await guide.say(f"evaluate:dialogue:{number}", turn.text)
            if not passes(turn, reply):
                failed.append([turn.text, turn.kinds, reply["kind"], reply["answers"]])
        passed += not failed
        if show and failed:
            print(json.dumps([dialogue.name, failed]))
    return {"dialogues": {"total": len(dialogues), "passed": passed}}
