"""All accounts, for managers: role, shut or open, second step. `make staff-user` makes them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from staff.accounts import factors, people
from staff.accounts.forms import Role
from staff.accounts.roles import MANAGER, ROLES, needs
from staff.accounts.said import say
from staff.audit.models import record

Deed = Callable[[HttpRequest, User], None]


@needs(MANAGER)
@require_GET
def users(request: HttpRequest) -> HttpResponse:
    """One row an account."""
    rows = [
        {
            "user": user,
            "role": people.role_of(user),
            "has_app": factors.app_of(user) is not None,
            "is_self": user == request.user,
        }
        for user in people.all_people()
    ]
    return render(request, "accounts/users.html", {"rows": rows, "roles": ROLES})


def to_another(deed: Deed) -> Callable[[HttpRequest, int], HttpResponse]:
    """A view that does it to another's account: nobody locks themselves out by a slip."""

    @needs(MANAGER)
    @require_POST
    @wraps(deed)
    def view(request: HttpRequest, number: int) -> HttpResponse:
        user = get_object_or_404(User, pk=number)
        if user == request.user:
            say(request, "not_yourself")
        else:
            deed(request, user)
        return redirect("users")

    return view


@to_another
def give_role(request: HttpRequest, user: User) -> None:
    """A role that is none changes nothing: the page offers only those that are."""
    form = Role(request.POST)
    if form.is_valid():
        role = form.cleaned_data["role"]
        people.give_role(user, role)
        record(request.user, "role given", user.get_username(), role=role)
        say(request, "role_given", name=user.get_username(), role=role)


@to_another
def shut(request: HttpRequest, user: User) -> None:
    """No signing in any more; what they did stays in the audit."""
    people.set_open(user, False)
    record(request.user, "account shut", user.get_username())
    say(request, "shut", name=user.get_username())


@to_another
def reopen(request: HttpRequest, user: User) -> None:
    """With the password that it had."""
    people.set_open(user, True)
    record(request.user, "account opened", user.get_username())
    say(request, "opened", name=user.get_username())


@to_another
def reset_factor(request: HttpRequest, user: User) -> None:
    """For who lost the phone and the recovery codes."""
    factors.remove(user)
    record(request.user, "second step reset", user.get_username())
    say(request, "factor_reset", name=user.get_username())
