"""Signing in: name and password, then the second step where an account has one."""

from __future__ import annotations

from django.contrib.auth.views import LoginView, LogoutView, redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods
from django_otp import login

from staff.accounts.forms import Code, SignIn
from staff.accounts.roles import came_from, is_in
from staff.audit.models import record

log_in = LoginView.as_view(template_name="accounts/log_in.html", authentication_form=SignIn)
log_out = LogoutView.as_view(next_page="log_in")


@require_http_methods(["GET", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Asks for a code; wrong ones make the next try wait."""
    user = request.user
    if not user.is_authenticated:
        return redirect_to_login(came_from(request))
    if is_in(user):
        return redirect(_next(request))
    form = Code(user, request.POST or None)
    if form.is_valid():
        login(request, form.device)
        request.session.cycle_key()
        record(user, "second step given", by=form.device.name)
        return redirect(_next(request))
    if form.tried:
        record(user, "second step refused")
    return render(request, "accounts/second_factor.html", {"form": form, "next": _next(request)})


def _next(request: HttpRequest) -> str:
    """Where they wanted to go, on this site only."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(asked, {request.get_host()}, request.is_secure())
    return asked if safe else reverse("overview")
