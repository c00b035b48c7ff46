"""Teach: what labels say, sentence by sentence, before it is learned."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from guide.content.held_out import FILE as HELD_OUT
from guide.content.reader import REVIEWED
from guide.learn import labels as learned
from guide.settings import data_folder
from staff.accounts.roles import REVIEWER, needs
from staff.audit.models import record
from staff.records.cleaning import cleaned, typed
from staff.records.engine import guide_engine
from staff.records.knowledge import Known, known
from staff.records.models import Label
from staff.records.words import say
from staff.teach import labels
from staff.unanswered.labelling import MAX_SENTENCE

FILES = {"examples": REVIEWED, "held_out": HELD_OUT}  # what is exported, under its name


@needs(REVIEWER)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Sentences that wait, were approved or rejected, and answers that are missing."""
    now = known()
    queue, count = labels.waiting(now)
    lists = {"approved": labels.approved(), "rejected": labels.rejected()}
    done = {name: [(label, now.name(label.target)) for label in list_] for name, list_ in
            lists.items()}  # fmt: skip
    context = {"queue": queue, "waiting": count, "new_answers": labels.new_answers(), **done}
    return render(request, "teach/index.html", {**context, "longest": MAX_SENTENCE})


@needs(REVIEWER)
@require_POST
def judge(request: HttpRequest) -> HttpResponse:
    """One form for the page: what was rewritten is kept whatever button was pressed.

    Fields: `sentence_<turn>`, `read` (turns), and of the button `approve` or `reject` (a turn),
    or `approve_read`.
    """
    now = known()
    sentences = _rewritten(request)
    if turn := _turn(request.POST.get("reject", "")):
        _reject(request, turn)
    elif turn := _turn(request.POST.get("approve", "")):
        _approve(request, [turn], sentences, now)
    elif "approve_read" in request.POST:
        _approve(request, [t for t in sentences if str(t) in request.POST.getlist("read")],
                 sentences, now)  # fmt: skip
    else:
        messages.success(request, say("teaching", "kept"))
    return redirect("teach")


def _turn(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 16 else 0


def _rewritten(request: HttpRequest) -> dict[int, str]:
    """The sentences of the page by turn, without personal details; those changed are kept."""
    posted = {
        _turn(name.removeprefix("sentence_")): " ".join(text.split())[:MAX_SENTENCE]
        for name, text in request.POST.items()
        if name.startswith("sentence_")
    }
    wanted = list(posted)[: labels.AT_ONCE]
    sentences = {}
    for label in Label.objects.filter(pk__in=wanted).select_related("turn"):
        sentences[label.pk] = posted[label.pk]
        if posted[label.pk] != labels.proposed(label):
            sentences[label.pk] = typed(request, posted[label.pk])
            labels.rewrite(label.pk, sentences[label.pk])
    return sentences


def _approve(request: HttpRequest, turns: list[int], sentences: dict[int, str], now: Known) -> None:
    done = 0
    for turn in turns:
        try:
            # Also what nobody changed: the message was cleaned once, by what was known then.
            labels.approve(request.user, turn, cleaned(sentences.get(turn, "")), now)
            done += 1
        except labels.NotLearnable as error:
            told = sentences.get(turn, "")[:80]
            messages.error(request, say("teaching", "not_approved", sentence=told, reason=error))
    if done:
        messages.success(request, say("teaching", "approved", count=done))
    if not turns:
        messages.error(request, say("teaching", "none_read"))


def _reject(request: HttpRequest, turn: int) -> None:
    try:
        labels.reject(request.user, turn)
        messages.success(request, say("teaching", "rejected"))
    except labels.NotLearnable as error:
        messages.error(request, str(error))


@needs(REVIEWER)
@require_POST
def reopen_one(request: HttpRequest, turn: int) -> HttpResponse:
    """An approved or rejected sentence waits again."""
    if labels.reopen(request.user, turn):
        messages.success(request, say("teaching", "reopened"))
    else:
        messages.error(request, say("teaching", "no_label"))
    return redirect("teach")


@needs(REVIEWER)
@require_GET
def download(request: HttpRequest, which: str) -> HttpResponse:
    """What is live and what was approved, as `python -m guide.learn labels` writes it."""
    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder)
        learned.write_draft(data_folder(), draft, learned.approved(guide_engine(), cleaned))
        path = next((p for p in (draft / FILES[which], data_folder() / FILES[which])
                     if p.exists()), None)  # fmt: skip
        nothing = f"# {say('teaching', 'nothing_to_export')}\n"
        content = path.read_bytes() if path else nothing.encode()
    record(request.user, "exported labels", which)
    name = "reviewed.yml" if which == "examples" else "held_out.yml"
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="application/yaml", headers=disposition)
