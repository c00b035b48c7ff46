"""How far a Try is: progress.json of the candidate, for the staff site."""

from __future__ import annotations

import time
from typing import Any

from guide.learn.lock import running
from guide.learn.places import candidate, read_json, write_json
from guide.learn.words import say, words

# Percent at which a step begins; from there it moves to the next one's.
BEGINS = {
    "checking": 0, "training": 2, "evaluating candidate": 50, "evaluating live": 75,
    "done": 100, "failed": 100,
}  # fmt: skip
ENDED = ("done", "failed")
EVERY_SECONDS = 0.5


class Progress:
    """Writes where a Try is, not more often than anybody looks."""

    def __init__(self, by: str) -> None:
        self._state: dict[str, Any] = {"by": by, "started": time.time(), "message": ""}
        self._written = 0.0
        self._percent = 0

    def step(self, name: str, message: str = "") -> None:
        """The next step begins, or the Try has ended."""
        self._write(name, 0, 0, message or words()["steps"][name])

    def at(self, done: float, total: float) -> None:
        """So much of the present step is done."""
        if time.monotonic() - self._written > EVERY_SECONDS:
            self._write(self._state["step"], done, total, self._state["message"])

    def _write(self, step: str, done: float, total: float, message: str) -> None:
        names = list(BEGINS)
        if step == "failed":  # where it was when it failed
            percent = self._percent
        else:
            follower = names[min(names.index(step) + 1, names.index("done"))]
            share = min(1.0, done / total) if total else 0.0
            percent = round(BEGINS[step] + share * (BEGINS[follower] - BEGINS[step]))
            percent = max(percent, self._percent)  # two models may have to be trained
        self._percent = percent
        self._state |= {
            "step": step, "done": round(done), "total": round(total), "percent": percent,
            "message": message, "now": time.time(),
        }  # fmt: skip
        write_json(candidate() / "progress.json", self._state)
        self._written = time.monotonic()


def seen() -> dict[str, Any] | None:
    """progress.json, None before the first Try. A Try that was killed has failed."""
    state = read_json(candidate() / "progress.json")
    if state is None or state["step"] in ENDED:
        return state
    if (holder := running()) and holder["what"] == "try":
        return state
    state = read_json(candidate() / "progress.json") or state  # it may have ended just now
    if state["step"] in ENDED:
        return state
    return {**state, "step": "failed", "message": say("ended")}
