"""Pages for what goes wrong, in words; they also work while the database is away."""

from __future__ import annotations

import secrets
import sys

from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from sqlalchemy import exc

AWAY = (OperationalError, InterfaceError, exc.OperationalError, exc.InterfaceError)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: what was sent cannot be read."""
    return _page(request, 400)


def denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: the role is not enough."""
    return _page(request, 403)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form without the token that its page carries."""
    return _page(request, 403, "csrf")


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: no such page, or what it showed is gone."""
    return _page(request, 404)


def failed(request: HttpRequest) -> HttpResponse:
    """500, or 503 where the database is away; the log has a line with the same incident."""
    request.incident = secrets.token_hex(4)  # read by staff.logs
    status = 503 if isinstance(sys.exc_info()[1], AWAY) else 500
    # Without the request nothing is asked of the database: no menu, no messages.
    words = render_to_string(f"errors/{status}.html", {"incident": request.incident})
    return HttpResponse(words, status=status)


def _page(request: HttpRequest, status: int, name: str = "") -> HttpResponse:
    template = f"errors/{name or status}.html"
    try:
        words = render_to_string(template, request=request)
    except (DatabaseError, InterfaceError):
        words = render_to_string(template)
    return HttpResponse(words, status=status)
