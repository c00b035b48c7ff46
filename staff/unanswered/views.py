"""Unanswered."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from staff.accounts.roles import READER, needs


@needs(READER)
def index(request: HttpRequest) -> HttpResponse:
    """The page."""
    return render(request, "unanswered/index.html")
