"""Was a reply right? Counts, shares and goals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from guide.evaluation.questions import Expected, Question

SHOWS = frozenset({"answer", "several", "more"})
NAMES_ANSWERS = frozenset({"answer", "several", "did_you_mean"})
URGENT = frozenset({"urgent", "emergency", "crisis"})


@dataclass(frozen=True)
class Goal:
    """A figure the project wants to reach; `least` False means at most."""

    name: str
    target: float
    least: bool = True


GOALS = (
    Goal("right at once or proposed", 0.97),
    Goal("right at once", 0.95),
    Goal("wrong answers, of all messages", 0.02, least=False),
    Goal("near-misses refused", 0.97),
    Goal("unrelated refused", 0.995),
    Goal("urgent found", 0.99),
    Goal("urgent found by patterns alone", 0.90),
    Goal("false alarms on look-alikes", 0.02, least=False),
    Goal("dialogues passed", 0.95),
    Goal("personal details removed", 0.98),
    Goal("words wrongly removed", 0.01, least=False),
)


def verdict(question: Question, reply: Mapping[str, Any]) -> str:
    """right, wrong, proposed, proposed_other, urgent, handled or refused.

    A reply with two answers is right when one of them is accepted: it answers the question.
    """
    kind, answers = reply["kind"], set(reply["answers"])
    if kind in URGENT:
        return "right" if kind in question.accept else "urgent"
    if kind in SHOWS:
        return "right" if answers & set(question.accept) else "wrong"
    if kind == "did_you_mean":
        return "proposed" if answers & set(question.accept) else "proposed_other"
    if kind in {"fallback", "personal_advice", "error"}:
        return "refused"
    return "handled"


def passes(expected: Expected, reply: Mapping[str, Any]) -> bool:
    """Whether a turn of a dialogue went as expected.

    The answers named for a turn are those of a reply that answers or proposes; where a refusal or
    "more" is accepted too, such a reply need not name them.
    """
    if reply["kind"] not in NAMES_ANSWERS:
        return reply["kind"] in expected.kinds
    shown = set(reply["answers"])
    return (
        reply["kind"] in expected.kinds
        and (not expected.any_of or bool(shown & set(expected.any_of)))
        and set(expected.all_of) <= shown
    )


@dataclass
class Tally:
    """Verdicts of one set, and by label."""

    total: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    by_label: dict[str, Counter[str]] = field(default_factory=dict)

    def add(self, question: Question, verdict: str) -> None:
        """Count one message under its first label."""
        self.total += 1
        self.verdicts[verdict] += 1
        self.by_label.setdefault(question.accept[0], Counter())[verdict] += 1

    def share(self, *verdicts: str) -> float:
        """Share of messages with one of these verdicts, 0 for an empty set."""
        return sum(self.verdicts[v] for v in verdicts) / self.total if self.total else 0.0


def summary(tallies: Mapping[str, Tally], urgent: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """The figures by name; `urgent` are the replies to the urgent set."""
    inside, near = tallies["in_scope"], tallies["near_misses"]
    unrelated, alike = tallies["unrelated"], tallies["look_alikes"]
    messages = sum(tally.total for tally in tallies.values())
    wrong = sum(tally.verdicts["wrong"] for tally in tallies.values())
    not_refused = ("wrong", "proposed", "proposed_other")
    found = [reply for reply in urgent if reply["kind"] in URGENT]
    by_patterns = [reply for reply in found if reply["by"] == "patterns"]
    return {
        "right at once": inside.share("right"),
        "right at once or proposed": inside.share("right", "proposed"),
        "wrong answers, in scope": inside.share("wrong"),
        "did-you-mean without the right one": inside.share("proposed_other"),
        "refused though answerable": inside.share("refused", "handled", "urgent"),
        "wrong answers, of all messages": wrong / max(1, messages),
        "near-misses refused": 1 - near.share(*not_refused),
        "near-misses answered": near.share("wrong"),
        "unrelated refused": 1 - unrelated.share(*not_refused),
        "urgent found": len(found) / len(urgent) if urgent else 0.0,
        "urgent found, right level": tallies["urgent"].share("right"),
        "urgent found by patterns alone": len(by_patterns) / len(urgent) if urgent else 0.0,
        "false alarms on look-alikes": alike.share("urgent"),
        "false alarms on other messages": _false_alarms(tallies),
    }


def _false_alarms(tallies: Mapping[str, Tally]) -> float:
    calm = [tallies[name] for name in ("in_scope", "near_misses", "unrelated")]
    return sum(t.verdicts["urgent"] for t in calm) / max(1, sum(t.total for t in calm))
