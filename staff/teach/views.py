"""Teach."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from staff.accounts.roles import REVIEWER, needs


@needs(REVIEWER)
def index(request: HttpRequest) -> HttpResponse:
    """The page."""
    return render(request, "teach/index.html")
