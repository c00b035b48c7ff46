"""Signing in and out stands in the audit, also where it failed."""

from __future__ import annotations

import time
from typing import Any

from axes.signals import user_locked_out
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest

from staff.accounts.address import client_address
from staff.accounts.sessions import BEGAN
from staff.audit.models import record


def connect() -> None:
    """Called once, when the site starts."""
    user_logged_in.connect(_came)
    user_logged_out.connect(_left)
    user_login_failed.connect(_failed)
    user_locked_out.connect(_locked)


def _came(request: HttpRequest, user: User, **_: Any) -> None:
    request.session[BEGAN] = time.time()
    record(user, "signed in", address=client_address(request))


def _left(request: HttpRequest, user: User | None, **_: Any) -> None:
    if user is not None:
        record(user, "signed out")


def _failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    """Once locked out, more tries add nothing: an attacker must not fill the table."""
    if request is not None and not getattr(request, "axes_locked_out", False):
        _note(request, "sign-in failed", credentials.get("username"))


def _locked(request: HttpRequest, username: str | None = None, **_: Any) -> None:
    # Told with the count of failures only in the moment that it happens.
    if getattr(request, "axes_failures_since_start", None):
        _note(request, "locked out", username)


def _note(request: HttpRequest, action: str, name: str | None) -> None:
    """A name that no account has is not kept: it may be a password typed in the wrong field."""
    user = User.objects.filter(username=name or "").first()
    record(user, action, address=client_address(request))
