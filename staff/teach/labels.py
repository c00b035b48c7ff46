"""Labels on their way into training: waiting, approved, rejected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from staff.audit.models import record
from staff.records.knowledge import Known
from staff.records.models import Label
from staff.records.words import say
from staff.teach.sentences import Opinion, held_out, opinion
from staff.unanswered.labelling import MAX_SENTENCE, WITH_TARGET

AT_ONCE = 25  # waiting labels of a page
NEWEST = 50  # of those that are done with


class NotLearnable(Exception):
    """A sentence cannot be approved, and why, in words for the reviewer."""


@dataclass(frozen=True)
class Waiting:
    """A label whose sentence nobody has approved or rejected."""

    label: Label
    sentence: str
    target: str  # in words
    opinion: Opinion
    held_out: bool


def waiting(known: Known) -> tuple[list[Waiting], int]:
    """The oldest AT_ONCE, and how many there are in all."""
    queue = _teaching().filter(approved_by="", rejected_by="")
    labels = queue.select_related("turn__conversation").order_by("time", "turn")
    approved = approved_sentences()
    found = []
    for label in labels[:AT_ONCE]:
        sentence = proposed(label)
        said = opinion(sentence, label.target, known, approved)
        kept = held_out(sentence) and not said.copied
        found.append(Waiting(label, sentence, known.name(label.target), said, kept))
    return found, queue.count()


def proposed(label: Label) -> str:
    """The sentence that may be learned: what a member of staff wrote, else the message."""
    return label.sentence or " ".join(label.turn.text.split())[:MAX_SENTENCE]


def approved_sentences() -> dict[str, str]:
    """Sentence -> what it teaches."""
    chosen = _teaching().exclude(approved_by="")
    return dict(chosen.values_list("sentence", "target"))


def approved() -> QuerySet[Label]:
    """The newest that will be learned."""
    return _joined(_teaching().exclude(approved_by=""))


def rejected() -> QuerySet[Label]:
    """The newest of which nothing is learned."""
    return _joined(_teaching().exclude(rejected_by=""))


def new_answers() -> QuerySet[Label]:
    """The newest messages that need an answer that there is not yet."""
    return _joined(Label.objects.filter(verdict="new_answer"))


def _joined(labels: QuerySet[Label]) -> QuerySet[Label]:
    return labels.select_related("turn__conversation").order_by("-time", "-turn")[:NEWEST]


def _teaching() -> QuerySet[Label]:
    return Label.objects.filter(verdict__in=WITH_TARGET)


def rewrite(turn: int, sentence: str) -> None:
    """Keep what a reviewer wrote, without personal details; it waits for approval as before."""
    Label.objects.filter(pk=turn, approved_by="", rejected_by="").update(sentence=sentence)


def approve(user: Any, turn: int, sentence: str, known: Known) -> Label:
    """Let a sentence be learned, or measured by.

    Args:
        sentence: without personal details.

    Raises:
        NotLearnable: the label is gone or dealt with, or something speaks against the sentence.
    """
    with transaction.atomic():
        label = _waiting(turn)
        others: Mapping[str, str] = approved_sentences()
        said = opinion(sentence, label.target, known, others)
        if said.fault:
            raise NotLearnable(said.fault)
        label.sentence = sentence
        label.approved_by = user.get_username()
        label.held_out = held_out(sentence) and not said.copied
        label.save(update_fields=["sentence", "approved_by", "held_out"])
        record(user, "approved a sentence", _key(label), turn=turn, target=label.target,
               held_out=label.held_out)  # fmt: skip
    return label


def reject(user: Any, turn: int) -> None:
    """Nothing is learned from a label; it stands as what was said about the message.

    Raises:
        NotLearnable: the label is gone or dealt with.
    """
    with transaction.atomic():
        label = _waiting(turn)
        label.rejected_by = user.get_username()
        label.save(update_fields=["rejected_by"])
        record(user, "rejected a sentence", _key(label), turn=turn, target=label.target)


def reopen(user: Any, turn: int) -> bool:
    """An approved or rejected sentence waits again; False where there is no such label."""
    with transaction.atomic():
        label = _teaching().filter(pk=turn).select_related("turn__conversation").first()
        if label is None:
            return False
        label.approved_by = label.rejected_by = ""
        label.held_out = False
        label.save(update_fields=["approved_by", "rejected_by", "held_out"])
        record(user, "reopened a sentence", _key(label), turn=turn, target=label.target)
    return True


def _waiting(turn: int) -> Label:
    chosen = _teaching().filter(pk=turn, approved_by="", rejected_by="")
    label = chosen.select_related("turn__conversation").select_for_update(of=("self",)).first()
    if label is None:
        raise NotLearnable(say("teaching", "dealt_with"))
    return label


def _key(label: Label) -> str:
    return label.turn.conversation.key or ""
