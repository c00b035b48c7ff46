"""How long one is signed in, and that no page is kept in a browser's cache."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render

from staff.accounts.roles import came_from

BEGAN = "signed_in_at"  # in the session, seconds since 1970


class Sessions:
    """Middleware. Django ends idle sessions itself; this ends those that go on for too long."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The page, or the way to sign in again."""
        if request.user.is_authenticated and _too_long(request):
            logout(request)
            return redirect_to_login(came_from(request))
        response = self._get_response(request)
        if isinstance(response, HttpResponseNotAllowed):
            allowed = response["Allow"]
            response = render(request, "errors/405.html", status=405)
            response["Allow"] = allowed
        response.setdefault("Cache-Control", "no-store")
        return response


def _too_long(request: HttpRequest) -> bool:
    began = request.session.get(BEGAN)
    longest = settings.SESSION_LONGEST.total_seconds()
    return not isinstance(began, float) or time.time() - began > longest
