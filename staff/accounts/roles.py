"""Who may do what: readers read, reviewers also label and edit, managers also decide.

A role is a Django group; each holds the permissions of those below it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django_otp import user_has_device

READER, REVIEWER, MANAGER = "reader", "reviewer", "manager"
ROLES = (READER, REVIEWER, MANAGER)
View = Callable[..., HttpResponse]


def is_in(user: Any) -> bool:
    """Whether somebody is signed in, with the second factor where the account has one."""
    return bool(user.is_authenticated and (user.is_verified() or not user_has_device(user)))


def may(user: Any, role: str) -> bool:
    """Whether an account has a role or one above it."""
    return bool(user.is_authenticated and user.has_perm(f"accounts.{role}"))


def needs(role: str) -> Callable[[View], View]:
    """For a view: signed in, with the second factor where the account has one, and the role.

    Raises:
        PermissionDenied: told by a page with status 403.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            user = request.user
            if not user.is_authenticated:
                return redirect_to_login(came_from(request))
            if not is_in(user):
                return redirect_to_login(came_from(request), "second_factor")
            if not may(user, role):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.role = role  # type: ignore[attr-defined]  # the table of permissions reads it
        return guarded

    return wrap


def came_from(request: HttpRequest) -> str:
    """The page to go back to after signing in: for a form that was sent, the page it stood on."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    page = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}):
        return "/"
    parts = urlsplit(page)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
