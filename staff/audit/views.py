"""Who did what, when."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from staff.accounts.roles import MANAGER, needs
from staff.audit.forms import Filter
from staff.audit.queries import page_of


@needs(MANAGER)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """A page of entries."""
    form = Filter(request.GET)
    page = page_of(form.wanted(), request.GET.get("after", ""))
    kept = request.GET.copy()
    kept["after"] = page.older
    return render(
        request,
        "audit/index.html",
        {"form": form, "page": page, "older": kept.urlencode(), "later": "after" in request.GET},
    )
