"""Accounts: making them, and giving them a role."""

from __future__ import annotations

from django.contrib.auth.models import Group, User
from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from staff.accounts.roles import MANAGER, ROLES


def role_of(user: User) -> str:
    """The highest role that an account has, "" for none."""
    if user.is_superuser:
        return MANAGER
    held = {group.name for group in user.groups.all()}
    return next((role for role in reversed(ROLES) if role in held), "")


def give_role(user: User, role: str) -> None:
    """This role and no other right."""
    User.objects.filter(pk=user.pk).update(is_superuser=False)
    others = Group.objects.filter(name__in=ROLES).exclude(name=role)
    user.groups.remove(*others)
    user.groups.add(Group.objects.get(name=role))


def all_people() -> list[User]:
    """Every account by name, with its groups."""
    return list(User.objects.order_by("username").prefetch_related("groups"))


def set_open(user: User, is_open: bool) -> None:
    """Shut or open an account. Who is signed in with a shut one is out at the next click."""
    User.objects.filter(pk=user.pk).update(is_active=is_open)


@transaction.atomic
def make_or_change(name: str, role: str, password: str) -> bool:
    """An account with this role and password; whether it is new. One that was shut is opened.

    Raises:
        ValidationError: the name or the password does not do, in words.
    """
    user = User.objects.filter(username=name).first() or User(username=name)
    is_new = user.pk is None
    User._meta.get_field("username").clean(name, user)
    validate_password(password, user)
    user.set_password(password)
    user.is_active = True
    user.save()
    give_role(user, role)
    return is_new
