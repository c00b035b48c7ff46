"""Unanswered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from guide.nlu.encoder import EncoderError
from staff.accounts.roles import READER, REVIEWER, needs
from staff.records.cleaning import typed
from staff.records.knowledge import known
from staff.records.models import Label
from staff.records.words import say, word_of
from staff.unanswered.labelling import MAX_SENTENCE, Unclear, label, read_verdict, take_back
from staff.unanswered.meanings import embed
from staff.unanswered.queries import NEWEST, Group, clusters, groups, unanswered, waiting

PAGE = 20  # groups
SHOWN, AT_ONCE = 3, 200  # messages of a group: at once seen, and labelled with one click
EMBED_SECONDS = 1.5  # of a click on "Group them"
LABELS = 50  # the newest, to look over


@needs(READER)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Groups, urgent ones first, then the biggest; a few new messages are grouped on the way."""
    with_advice = "personal_advice" in request.GET
    found = unanswered(with_advice)
    failed = ""
    try:
        if new := waiting(found):
            embed(new)
            found = unanswered(with_advice)
    except EncoderError:
        failed = say("teaching", "no_encoder")
    page = Paginator(clusters(found), PAGE).get_page(request.GET.get("page"))
    now = known()
    return render(
        request,
        "unanswered/index.html",
        {
            "page": page,
            "groups": [_shown(group, now.names) for group in groups(page)],
            "messages_found": len(found),
            "all_shown": len(found) < NEWEST,
            "waiting": len(waiting(found)),
            "failed": failed,
            "with_advice": with_advice,
            "known": now,
            "here": request.get_full_path(),
        },
    )


def _shown(group: Group, names: Mapping[str, str]) -> dict[str, Any]:
    listed = group.messages[:AT_ONCE]
    return {
        "group": group,
        "id": group.messages[0].turn,
        "size": len(group.messages),
        "listed": len(listed),
        "first": listed[:SHOWN],
        "rest": listed[SHOWN:],
        "all": ",".join(str(message.turn) for message in listed),
        "guesses": [(id_, names[id_], share) for id_, share in group.guesses(names)],
    }


@needs(REVIEWER)
@require_POST
def embed_more(request: HttpRequest) -> HttpResponse:
    """Groups more of what waits."""
    try:
        done = embed(waiting(unanswered("personal_advice" in request.POST)), EMBED_SECONDS)
    except EncoderError:
        messages.error(request, say("teaching", "no_encoder"))
    else:
        messages.success(request, say("teaching", "grouped", count=done))
    return _back(request)


@needs(REVIEWER)
@require_POST
def label_group(request: HttpRequest) -> HttpResponse:
    """Labels the ticked messages of a group, or all that were seen where none is ticked."""
    named = request.POST.getlist("turn") or request.POST.get("all", "").split(",")
    # Longer numbers are no ids, and SQLite could not hold them.
    turns = [int(turn) for turn in named[:AT_ONCE] if turn.isdecimal() and len(turn) < 16]
    return _label(request, turns)


@needs(REVIEWER)
@require_POST
def label_one(request: HttpRequest, turn: int) -> HttpResponse:
    """Labels one message: fields `verdict`, `target`, `sentence` and `next`, where to go then."""
    return _label(request, [turn])


def _label(request: HttpRequest, turns: list[int]) -> HttpResponse:
    now = known()
    try:
        verdict = read_verdict(request.POST, now)
    except Unclear as error:
        messages.error(request, str(error))
        return _back(request)
    sentence = typed(request, request.POST.get("sentence", "")[:MAX_SENTENCE])
    done = label(request.user, turns, verdict, sentence)
    if not done:
        messages.error(request, say("teaching", "nothing_labelled"))
        return _back(request)
    where = f": {now.name(verdict.target)}" if verdict.target else ""
    what = word_of("verdicts", verdict.verdict) + where
    messages.success(request, say("teaching", "labelled", what=what, count=done))
    return _back(request)


@needs(REVIEWER)
@require_GET
def labels(request: HttpRequest) -> HttpResponse:
    """The newest labels, to look over, change and take back."""
    newest = Label.objects.select_related("turn__conversation").order_by("-time")[:LABELS]
    now = known()
    rows = [(label, now.name(label.target)) for label in newest]
    context = {"labels": rows, "known": now, "here": request.get_full_path()}
    return render(request, "unanswered/labels.html", context)


@needs(REVIEWER)
@require_POST
def take_back_one(request: HttpRequest, turn: int) -> HttpResponse:
    """Removes a label: the message is unanswered again."""
    if take_back(request.user, turn):
        messages.success(request, say("teaching", "label_taken_back"))
    else:
        messages.error(request, say("teaching", "no_label"))
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    """To the page that the form names, if it is ours."""
    target = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        target, {request.get_host()}, require_https=request.is_secure()
    )
    return redirect(target if ours else "unanswered")
