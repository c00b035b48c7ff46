"""Audit."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from staff.accounts.roles import MANAGER, needs


@needs(MANAGER)
def index(request: HttpRequest) -> HttpResponse:
    """The page."""
    return render(request, "audit/index.html")
