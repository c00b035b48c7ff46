"""Who may do what: readers read, reviewers also label and edit, managers also decide.

A role is a Django group; each holds the permissions of those below it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django_otp import user_has_device

READER, REVIEWER, MANAGER = "reader", "reviewer", "manager"
ROLES = (READER, REVIEWER, MANAGER)
View = Callable[..., HttpResponse]


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
                return redirect_to_login(request.get_full_path())
            if user_has_device(user) and not user.is_verified():
                return redirect_to_login(request.get_full_path(), "second_factor")
            if not may(user, role):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.role = role  # type: ignore[attr-defined]  # the table of permissions reads it
        return guarded

    return wrap
