"""Measurements by hand: what guide.learn.measure would write of a few questions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from guide.evaluation.judge import Tally, summary
from guide.evaluation.questions import SETS, Question

# set and text -> verdict and, where it matters, kind and who found it
Verdicts = Mapping[tuple[str, str], tuple[str, ...]]
MADE_UP: Verdicts = {
    ("in_scope", "price?"): ("right",),
    ("in_scope", "what is the price of all"): ("refused",),
    ("near_misses", "my dose?"): ("refused",),
    ("near_misses", "another drug?"): ("proposed",),
    ("unrelated", "the weather"): ("refused",),
    ("urgent", "chest pain"): ("right", "emergency", "patterns"),
    ("urgent", "it hurts so much"): ("right", "urgent", "model"),
    ("look_alikes", "is chest pain common"): ("right",),
    ("small_talk", "hello"): ("handled",),
    ("dialogues", "cost, then more"): ("passed",),
}


def measurement(verdicts: Verdicts, **figures: float) -> dict[str, Any]:
    """Figures as guide.evaluation makes them, unless given."""
    tallies = {name: Tally() for name in SETS}
    questions, urgent = [], []
    for number, ((set_, text), (verdict, *more)) in enumerate(verdicts.items()):
        kind, by = more or ("", "")
        questions.append({
            "id": f"{set_}:{number}", "set": set_, "hash": text, "text": text,
            "verdict": verdict, "kind": kind, "by": by,
        })  # fmt: skip
        if set_ in tallies:
            tallies[set_].add(Question(text, ("x",)), verdict)
        if set_ == "urgent":
            urgent.append({"kind": kind, "by": by})
    return {"figures": {**summary(tallies, urgent), **figures}, "questions": questions}
