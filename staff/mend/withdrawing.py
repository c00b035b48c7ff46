"""A manager takes an answer from patients at once, and brings it back. The chat server looks at
the table every 20 seconds."""

from __future__ import annotations

import time

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from guide.privacy import remover
from staff.accounts.roles import MANAGER, needs
from staff.answers.content import live
from staff.audit.models import record
from staff.mend.forms import WithdrawForm
from staff.records.models import Withdrawn


@needs(MANAGER)
@require_POST
def withdraw(request: HttpRequest, answer: str) -> HttpResponse:
    """The doctor line in its place, with a reason."""
    if answer not in live().answers:
        raise Http404
    form = WithdrawForm(request.POST)
    if form.is_valid():
        _withdraw(request, answer, " ".join(form.cleaned_data["reason"].split()))
    else:
        said = "Not withdrawn: give a reason of at most 500 characters, and tick the box."
        messages.error(request, said)
    return redirect("answers_one", answer)


def _withdraw(request: HttpRequest, answer: str, reason: str) -> None:
    cleaned = remover().clean(reason)
    if cleaned != reason:
        messages.warning(request, "Personal details were removed from the reason.")
    by = request.user.get_username()
    if not _added(Withdrawn(answer=answer, time=time.time(), by=by, reason=cleaned)):
        messages.info(request, "It was withdrawn already.")
        return
    record(request.user, "withdrew", answer, reason=cleaned)
    said = "Withdrawn. Within 20 seconds patients get the doctor line in its place."
    messages.success(request, said)


def _added(row: Withdrawn) -> bool:
    """False where somebody else was quicker."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return False
    return True


@needs(MANAGER)
@require_POST
def bring_back(request: HttpRequest, answer: str) -> HttpResponse:
    """Patients get it again."""
    gone, _ = Withdrawn.objects.filter(answer=answer).delete()
    if gone:
        record(request.user, "brought back", answer)
        messages.success(request, "Brought back. Within 20 seconds patients get it again.")
    else:
        messages.info(request, "It was not withdrawn.")
    return redirect("answers_one", answer) if answer in live().answers else redirect("answers")
