"""Overview."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from staff.accounts.roles import READER, needs
from staff.answers.queries import asked
from staff.overview.periods import QUICK, PeriodForm
from staff.overview.plots import plots
from staff.overview.queries import (
    WITHOUT_SAMPLES,
    figures,
    has_samples,
    only_samples,
    urgent_first,
)
from staff.records.titles import titles


@needs(READER)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The figures of a period, and before them what must not wait."""
    form = PeriodForm(request.GET)
    period = form.period()
    samples = has_samples()
    sample = samples and (bool(form.cleaned_data.get("sample")) or only_samples())
    only = WITHOUT_SAMPLES if samples and not sample else ""
    total, parts = figures(period, only)
    shown, unreadable = asked(period.start, period.end, only)
    drawn = plots(parts, total, shown, titles())
    urgent, waiting = urgent_first(bool(only))
    values = {
        "form": PeriodForm({"first": period.first, "last": period.last, "sample": sample}),
        "errors": form.errors,
        "period": period,
        "quick": QUICK,
        "sample": sample,
        "has_samples": samples,
        "total": total,
        "plots": drawn,
        "data": [plot.as_dict() for plot in drawn],
        "urgent": urgent,
        "waiting": waiting,
        "unreadable": unreadable,
    }
    return render(request, "overview/index.html", values)
