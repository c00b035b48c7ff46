"""Whether all goes well, and what to do where it does not."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from staff.accounts.roles import READER, needs
from staff.health.checks import lines


@needs(READER)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """One line a part; what needs doing is counted on top."""
    found = lines()
    troubles = sum(line.level in ("bad", "warn") for line in found)
    return render(request, "health/index.html", {"lines": found, "troubles": troubles})
