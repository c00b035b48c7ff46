"""What everybody does with the own account: password, second step."""

from __future__ import annotations

from base64 import b64encode

from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_otp import login

from staff.accounts import factors
from staff.accounts.forms import NewApp, OwnPassword
from staff.accounts.people import role_of
from staff.accounts.roles import READER, needs
from staff.accounts.said import say
from staff.audit.models import record

CODES = "recovery_codes"  # in the session, from the deed to the one page that shows them


@needs(READER)
@require_GET
def account(request: HttpRequest) -> HttpResponse:
    """Name, role, second step."""
    about = {
        "role": role_of(request.user),
        "has_app": factors.app_of(request.user) is not None,
        "codes_left": factors.codes_left(request.user),
    }
    return render(request, "accounts/account.html", about)


@needs(READER)
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """A new password; other browsers are signed out."""
    form = PasswordChangeForm(request.user, request.POST or None)
    if form.is_valid():
        update_session_auth_hash(request, form.save())
        record(request.user, "password changed")
        say(request, "password_changed")
        return redirect("account")
    return render(request, "accounts/password.html", {"form": form})


@needs(READER)
@require_POST
def begin_app(request: HttpRequest) -> HttpResponse:
    """Make a secret and show it."""
    factors.begin(request.user)
    return redirect("two_factor")


@needs(READER)
@require_http_methods(["GET", "POST"])
def two_factor(request: HttpRequest) -> HttpResponse:
    """The secret as a picture and as text, and the first code of the app."""
    device = factors.waiting(request.user)
    if device is None:
        say(request, "factor_running")
        return redirect("account")
    form = NewApp(request.POST or None)
    if form.is_valid():
        done = factors.confirm(request.user, form.cleaned_data["code"])
        if done:
            login(request, done[0])
            request.session[CODES] = done[1]
            record(request.user, "second step set up")
            say(request, "factor_on")
            return redirect("recovery_codes")
        form.refuse()
    picture = "data:image/svg+xml;base64," + b64encode(factors.picture(device)).decode()
    shown = {"form": form, "picture": picture, "secret": factors.secret(device)}
    return render(request, "accounts/two_factor.html", shown)


@needs(READER)
@require_GET
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Shown once; who loads the page again is told so."""
    return render(request, "accounts/codes.html", {"codes": request.session.pop(CODES, [])})


@needs(READER)
@require_POST
def new_codes(request: HttpRequest) -> HttpResponse:
    """Ten new ones; the old ones are worth nothing any more."""
    if factors.app_of(request.user) is None:
        say(request, "factor_running")
        return redirect("account")
    request.session[CODES] = factors.new_codes(request.user)
    record(request.user, "recovery codes made")
    return redirect("recovery_codes")


@needs(READER)
@require_http_methods(["GET", "POST"])
def two_factor_off(request: HttpRequest) -> HttpResponse:
    """Asks for the password first."""
    form = OwnPassword(request.user, request.POST or None)
    if form.is_valid():
        factors.remove(request.user)
        record(request.user, "second step removed")
        say(request, "factor_off")
        return redirect("account")
    return render(request, "accounts/two_factor_off.html", {"form": form})
