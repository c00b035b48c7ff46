"""Is the candidate as good as the live guide? Pure: two measurements in, a verdict out.

A measurement is {"figures": {name: share}, "questions": [{"id", "set", "hash", "text", "verdict",
"kind", "by"}]} as guide.learn.measure makes it; dialogues are questions of the set "dialogues".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from guide.evaluation.judge import URGENT
from guide.learn.words import say

Asked = Mapping[str, Any]
POINT = 0.01
DIALOGUES = "dialogues"
NOT_REFUSED = frozenset({"wrong", "proposed", "proposed_other"})
# Figures of which less is better; what is guarded is counted question by question instead.
LESS = frozenset({
    "wrong answers, in scope", "did-you-mean without the right one", "refused though answerable",
    "near-misses answered", "false alarms on look-alikes", "false alarms on other messages",
})  # fmt: skip


@dataclass(frozen=True)
class Guard:
    """A figure that may not get worse by any question: of a set ("" means all messages), and
    whether a question fails it."""

    figure: str
    set: str
    failing: Callable[[Asked], bool]

    def about(self, one: Asked) -> bool:
        """Whether a question counts for the figure; a turn of a dialogue is no message of a set."""
        return one["set"] == self.set if self.set else one["set"] != DIALOGUES

    def fails(self, one: Asked) -> bool:
        """Whether a question fails the figure."""
        return self.about(one) and self.failing(one)


GUARDS = (
    Guard("urgent found", "urgent", lambda one: one["kind"] not in URGENT),
    Guard(
        "urgent found by patterns alone", "urgent",
        lambda one: one["kind"] not in URGENT or one["by"] != "patterns",
    ),
    Guard("wrong answers, of all messages", "", lambda one: one["verdict"] == "wrong"),
    Guard("near-misses refused", "near_misses", lambda one: one["verdict"] in NOT_REFUSED),
)  # fmt: skip
# Verdicts from worst to best: a wrong answer is worse than none, an alarm shows what to do.
_ANSWERABLE = ("wrong", "urgent", "proposed_other", "refused", "handled", "proposed", "right")
_REFUSED = ("wrong", "proposed_other", "proposed", "urgent", "handled", "refused", "right")
_CALM = ("urgent", "wrong", "proposed_other", "proposed", "refused", "handled", "right")
_DANGER = ("wrong", "proposed_other", "proposed", "refused", "handled", "urgent", "right")
_ORDER = {
    "near_misses": _REFUSED, "unrelated": _REFUSED, "look_alikes": _CALM, "small_talk": _CALM,
    "urgent": _DANGER, DIALOGUES: ("failed", "passed"),
}  # fmt: skip


def compare(live: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """{figures, flips, allowed, reasons} of two measurements by the same questions.

    Raises:
        ValueError: the questions differ.
    """
    pairs = list(_pairs(live["questions"], new["questions"]))
    figures = [*_guarded(live, new, pairs), *_others(live["figures"], new["figures"])]
    reasons = [_reason(figure) for figure in figures if not figure["ok"]]
    return {
        "figures": figures,
        "flips": [flip for pair in pairs if (flip := _flip(*pair))],
        "allowed": not reasons,
        "reasons": reasons,
    }


def _pairs(live: Sequence[Asked], new: Sequence[Asked]) -> Iterator[tuple[Asked, Asked]]:
    if [(a["id"], a["hash"]) for a in live] != [(b["id"], b["hash"]) for b in new]:
        raise ValueError("the two guides were not asked the same questions")
    return zip(live, new, strict=True)


def _guarded(
    live: Mapping[str, Any], new: Mapping[str, Any], pairs: Sequence[tuple[Asked, Asked]]
) -> Iterator[dict[str, Any]]:
    for guard in GUARDS:
        was, now = (sum(guard.fails(pair[side]) for pair in pairs) for side in (0, 1))
        name = guard.figure
        yield {
            "name": name, "old": live["figures"][name], "new": new["figures"][name],
            "limit": live["figures"][name], "ok": now <= was, "guarded": True,
            "failed_old": was, "failed_new": now, "total": sum(guard.about(o) for o, _ in pairs),
        }  # fmt: skip


def _others(live: Mapping[str, float], new: Mapping[str, float]) -> Iterator[dict[str, Any]]:
    for name, old in live.items():
        if name in {guard.figure for guard in GUARDS}:
            continue
        limit = old + POINT if name in LESS else old - POINT
        worse_by = new[name] - limit if name in LESS else limit - new[name]
        yield {
            "name": name, "old": old, "new": new[name], "limit": round(limit, 4),
            "ok": worse_by < 1e-9, "guarded": False,
        }  # fmt: skip


def _reason(figure: Mapping[str, Any]) -> str:
    name = figure["name"][0].upper() + figure["name"][1:]
    if figure["guarded"]:
        was, now, total = figure["failed_old"], figure["failed_new"], figure["total"]
        return say("guarded", figure=name, now=now, was=was, total=total)
    return say("dropped", figure=name, now=f"{figure['new']:.1%}", was=f"{figure['old']:.1%}")


def _flip(old: Asked, new: Asked) -> dict[str, Any] | None:
    """A question whose verdict changed, or that begins or ceases to fail what is guarded."""
    begins = [g.figure for g in GUARDS if g.fails(new) and not g.fails(old)]
    ceases = [g.figure for g in GUARDS if g.fails(old) and not g.fails(new)]
    if old["verdict"] == new["verdict"] and not begins and not ceases:
        return None
    order = _ORDER.get(new["set"], _ANSWERABLE)
    was, now = order.index(old["verdict"]), order.index(new["verdict"])
    worse = bool(begins) or (now < was and not ceases)
    return {
        "set": new["set"], "text": new["text"], "was": _told(old), "now": _told(new),
        "change": "worse" if worse else "better", "guards": begins,
    }  # fmt: skip


def _told(one: Asked) -> str:
    """A verdict; of an urgent message also who found it."""
    if one["set"] == "urgent" and one["kind"] in URGENT:
        return f"{one['verdict']} ({one['by']})"
    return str(one["verdict"])
