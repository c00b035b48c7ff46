"""Try, Go live and Undo; `python -m guide.learn` does the work."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from guide.learn.progress import ENDED, seen
from guide.learn.release import status
from staff.accounts.roles import MANAGER, REVIEWER, needs
from staff.audit.models import record
from staff.records.cleaning import typed
from staff.records.words import say
from staff.teach import learning
from staff.teach.labels import approved_sentences
from staff.teach.report import shown

MAX_REASON = 500  # characters
# What a file of another version, or one cut off by a full disk, leads to.
UNREADABLE = (KeyError, TypeError, ValueError, AttributeError, OSError)


@needs(REVIEWER)
@require_GET
@never_cache
def index(request: HttpRequest) -> HttpResponse:
    """What is live, what would change, how far a Try is, and what the last one showed."""
    context: dict[str, Any] = {"sentences": len(approved_sentences()), "longest": MAX_REASON}
    try:
        now = status()
        report = shown(now["report"]) if now["report"] else None
        context |= {"status": now, "progress": _progress(), "report": report}
    except UNREADABLE:
        context["unreadable"] = True
    return render(request, "teach/release.html", context)


@needs(REVIEWER)
@require_GET
@never_cache
def progress(request: HttpRequest) -> JsonResponse:
    """{percent, message, ended, hangs} of the last Try, for the page to ask again and again."""
    try:
        return JsonResponse(_progress() or {"ended": True})
    except UNREADABLE:
        return JsonResponse({"ended": True})


def _progress() -> dict[str, Any] | None:
    state = seen()
    if state is None:
        return None
    ended = state["step"] in ENDED
    return {
        "percent": max(0, min(100, int(state["percent"]))),
        "message": str(state["message"]),
        "ended": ended,
        "failed": state["step"] == "failed",
        "hangs": not ended and learning.hangs(),
    }


@needs(MANAGER)
@require_POST
def try_out(request: HttpRequest) -> HttpResponse:
    """Starts a Try, unless one runs."""
    outcome = learning.start("try", request.user.get_username())
    if outcome.done is False and not _measured():
        messages.error(request, outcome.told or say("teaching", "try_not_begun"))
    else:
        record(request.user, "tried")
        messages.success(request, say("teaching", "try_began"))
    return redirect("teach_release")


def _measured() -> bool:
    """Whether the last Try came to its end; one whose figures got worse did, and says 1."""
    state = _progress()
    return state is not None and state["ended"] and not state["failed"]


@needs(MANAGER)
@require_POST
def stop(request: HttpRequest) -> HttpResponse:
    """Ends a Try that runs."""
    if learning.stop():
        record(request.user, "stopped a try")
        messages.success(request, say("teaching", "stopping"))
    else:
        messages.error(request, say("teaching", "no_try"))
    return redirect("teach_release")


@needs(MANAGER)
@require_POST
def go_live(request: HttpRequest) -> HttpResponse:
    """What was tried answers patients; over worse figures only with a reason in `reason`."""
    reason = typed(request, request.POST.get("reason", "")[:MAX_REASON])
    overrule = [f"--overrule={reason}"] if reason else []
    release = _release("report", "candidate")
    outcome = learning.start("live", request.user.get_username(), *overrule)
    return _told(request, outcome, "went live", release, **({"reason": reason} if reason else {}))


@needs(MANAGER)
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """What was live before the last Go live is live again."""
    release = _release("undo", "from")
    return _told(request, learning.start("undo", request.user.get_username()), "undid", release)


def _release(where: str, name: str) -> str:
    """The release that a command is about, "" where no file names it."""
    try:
        return str((status()[where] or {})[name])
    except UNREADABLE:
        return ""


def _told(
    request: HttpRequest, outcome: learning.Outcome, deed: str, release: str, **detail: str
) -> HttpResponse:
    if outcome.done is False:
        messages.error(request, outcome.told or say("teaching", "not_done"))
    else:
        record(request.user, deed, release, **detail)
        messages.success(request, outcome.told or say("teaching", "goes_on"))
    return redirect("teach_release")
