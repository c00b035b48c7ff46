"""Mend: an answer is edited in the browser. What is saved is a draft; nothing live is touched."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guide.content import month_words
from guide.privacy import remover
from staff.accounts.roles import REVIEWER, needs
from staff.answers.content import live
from staff.audit.models import record
from staff.mend import editing
from staff.mend.changes import changes
from staff.mend.checking import Checked, check
from staff.mend.drafts import ChangedError, changed_answers, discard, exists, other_files
from staff.mend.editing import Standing, standing
from staff.mend.forms import AnswerForm, NewAnswerForm, SignForm
from staff.mend.preview import preview
from staff.mend.wanted import sentences_of, wanted

SAID = {
    editing.SAVED: "Saved as a draft. Patients get it once a manager has made it live.",
    editing.SAME: "Nothing was changed.",
    editing.AS_LIVE: "This is what is live: the draft is gone.",
}


@needs(REVIEWER)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """All drafts: what the next Try will contain."""
    drafts = []
    for answer in sorted(changed_answers()):
        found = standing(answer)
        errors = check(answer, found.text).errors
        drafts.append({"found": found, "errors": errors, "last": editing.last_edit(answer)})
    return render(request, "mend/index.html", {"drafts": drafts, "others": other_files()})


@needs(REVIEWER)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, answer: str) -> HttpResponse:
    """The form of an answer; Check tells and shows, Save keeps a draft."""
    if not exists(answer):
        raise Http404
    found = standing(answer)
    if request.method == "GET":
        form = AnswerForm(initial=AnswerForm.initial_of(found.values))
        return _page(request, form, found, check(answer, found.text), found.seen)
    return _posted(request, AnswerForm(request.POST), found)


@needs(REVIEWER)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form of an answer that is not there yet."""
    if request.method == "GET":
        begun = {"questions": "\n".join(sentences_of(request.GET.getlist("label")))}
        found = Standing("", editing.blank(), "", "", False)
        return _page(request, NewAnswerForm(initial=begun), found, None, "")
    form = NewAnswerForm(request.POST)
    id_ = form.cleaned_data.get("id", "") if form.is_valid() else ""
    return _posted(request, form, Standing(id_, editing.blank(), "", "", False))


def _posted(request: HttpRequest, form: AnswerForm, found: Standing) -> HttpResponse:
    """Check or Save. Whatever was typed stands in the page again until it is saved."""
    opened = request.POST.get("seen", "")
    if not form.is_valid():
        return _page(request, form, found, None, opened)
    values = form.values()
    saving = request.POST.get("do") == "save"
    removed = saving and editing.without_details(values, found.values)
    checked = editing.tried(values, found)
    if checked.errors or not saving:
        editing.put_errors(form, checked)
        return _page(request, form, found, checked, opened, values)
    try:
        done = editing.keep(request.user, values, found, opened)
    except ChangedError:
        theirs = standing(found.id)
        return _page(request, form, theirs, checked, theirs.seen, values, conflict=True)
    if removed:
        messages.warning(request, "Personal details were removed from the questions.")
    messages.success(request, SAID[done])
    return redirect("mend_edit", found.id)


def _page(
    request: HttpRequest, form: AnswerForm, found: Standing, checked: Checked | None,
    opened: str, values: dict[str, Any] | None = None, conflict: bool = False,
) -> HttpResponse:  # fmt: skip
    """The form with what the checks found, how it would look, and what it changes."""
    current = {**(values or found.values)}
    if values is None or values == {**found.values, "reviewed_by": "", "reviewed_on": ""}:
        current = found.values
    about: dict[str, Any] = {
        "form": form,
        "found": found,
        "seen": opened,
        "checked": checked,
        "unsaved": form.is_bound,
        "conflict": conflict,
        "last": editing.last_edit(found.id) if found.id else None,
        "theirs": changes(found.values, current) if conflict else [],
        "live": found.id in live().answers,
        "differs": changes(editing.live_values(found.id) if found.id else found.values, current),
        "facts": live().content.article.facts.values(),
        "wanted": wanted() if isinstance(form, NewAnswerForm) else [],
        "sign": SignForm(initial={"day": localdate()}),
    }
    if checked:
        month = month_words(checked.answer.as_of)
        about["warnings"] = [one for one in checked.problems if one.level == "warning"]
        about["previews"] = [
            (name, preview(text.replace("{as_of}", month), checked.source_line))
            for name, text in (("Answer", checked.answer.answer), ("More", checked.answer.more))
            if text
        ]
    return render(request, "mend/edit.html", about)


@needs(REVIEWER)
@require_POST
def drop(request: HttpRequest, answer: str) -> HttpResponse:
    """Discard a draft: what is live stays."""
    if answer not in changed_answers():
        raise Http404
    try:
        discard(answer, request.POST.get("seen", ""))
    except ChangedError:
        messages.error(request, "Somebody changed the draft meanwhile: look at it first.")
        return redirect("mend_edit", answer)
    record(request.user, "discarded a draft", answer)
    messages.success(request, f"The draft of {answer} is discarded.")
    return redirect("mend")


@needs(REVIEWER)
@require_POST
def sign(request: HttpRequest, answer: str) -> HttpResponse:
    """A clinician's sign-off, by role and date, of what stands there now."""
    if not exists(answer):
        raise Http404
    form, found = SignForm(request.POST), standing(answer)
    if not form.is_valid():
        for faults in form.errors.values():
            messages.error(request, f"Not signed off. {faults[0]}")
    elif check(answer, found.text).errors:
        messages.error(request, "Not signed off: the answer has faults.")
    else:
        _sign(request, form, found)
    return redirect("mend_edit", answer)


def _sign(request: HttpRequest, form: SignForm, found: Standing) -> None:
    role = " ".join(str(form.cleaned_data["role"]).split())
    cleaned = remover().clean(role)
    if cleaned != role:
        messages.error(request, "Not signed off: give the role only, no name.")
        return
    day = form.cleaned_data["day"].isoformat()
    try:
        editing.sign(request.user, found, role, day, request.POST.get("seen", ""))
    except ChangedError:
        messages.error(request, "Not signed off: somebody changed the answer since you opened it.")
        return
    messages.success(request, "Signed off. The sign-off is part of the draft.")
