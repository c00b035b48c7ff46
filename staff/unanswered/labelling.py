"""Saying what messages should have been answered with, and taking it back."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from staff.audit.models import record
from staff.records.knowledge import Known
from staff.records.models import Label, Turn
from staff.records.words import say

WITH_TARGET = ("answer", "out_of_scope")
VERDICTS = (*WITH_TARGET, "new_answer", "ignore")
MAX_SENTENCE = 500  # characters


@dataclass(frozen=True)
class Verdict:
    """What a message should have been answered with; `target` is an answer or an oos_ intent."""

    verdict: str
    target: str = ""


class Unclear(Exception):
    """What was sent is no verdict, in words for who sent it."""


def read_verdict(posted: Any, known: Known) -> Verdict:
    """Of the fields `verdict` and `target`; a verdict may carry its target: "answer:cost".

    Raises:
        Unclear: an unknown verdict, or no target where it needs one.
    """
    verdict, _, carried = posted.get("verdict", "").partition(":")
    if verdict not in VERDICTS:
        raise Unclear(say("teaching", "no_verdict"))
    if verdict not in WITH_TARGET:
        return Verdict(verdict)
    fields = ("target", "kind") if verdict == "out_of_scope" else ("target",)
    typed = [carried, *(posted.get(field, "") for field in fields)]
    target = next(filter(None, (known.target(verdict, text.strip()) for text in typed)), "")
    if not target:
        raise Unclear(say("teaching", "no_answer" if verdict == "answer" else "no_kind"))
    return Verdict(verdict, target)


def label(user: Any, turns: Sequence[int], verdict: Verdict, sentence: str = "") -> int:
    """Label turns, over what they were labelled before; how many of them are still there.

    What is to be learned from each waits for approval anew. `sentence`, which has no personal
    details any more, is proposed in place of the message itself.
    """
    proposed = sentence if verdict.verdict in WITH_TARGET else ""
    with transaction.atomic():
        found = Turn.objects.select_for_update(of=("self",)).filter(pk__in=turns)
        keys = dict(found.values_list("pk", "conversation__key"))
        Label.objects.filter(turn__in=keys).delete()
        Label.objects.bulk_create(
            Label(
                turn_id=turn, time=time.time(), by=user.get_username(), verdict=verdict.verdict,
                target=verdict.target, sentence=proposed,
            )
            for turn in keys
        )  # fmt: skip
        for turn, key in keys.items():
            record(
                user, "labelled", key or "", turn=turn, verdict=verdict.verdict,
                target=verdict.target,
            )  # fmt: skip
    return len(keys)


def take_back(user: Any, turn: int) -> bool:
    """Remove a label; False where there is none (any more)."""
    with transaction.atomic():
        found = Label.objects.filter(pk=turn).select_related("turn__conversation").first()
        if found is None:
            return False
        key = found.turn.conversation.key or ""
        record(user, "took back a label", key, turn=turn, verdict=found.verdict)
        found.delete()
    return True
