"""`make staff-user`: makes or changes an account of the staff site, or lists them."""

from __future__ import annotations

import getpass
import os
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from staff.accounts.people import make_or_change, role_of
from staff.accounts.roles import MANAGER, ROLES
from staff.audit.models import record


class Command(BaseCommand):
    """Asks for the password, or takes STAFF_PASSWORD of the environment."""

    help = "Makes an account of the staff site or changes its role and password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name and role."""
        parser.add_argument("name", nargs="?", help="with which they sign in; asked if missing")
        parser.add_argument("--role", choices=ROLES, help="; ".join(ROLES))
        parser.add_argument("--list", action="store_true", help="shows all accounts and ends")

    def handle(self, *_: Any, **options: Any) -> None:
        """Tells what was done. It works before the site was ever started."""
        call_command("migrate", verbosity=0, interactive=False)
        if options["list"]:
            self._list()
            return
        name = options["name"] or input("Name to sign in with: ").strip()
        role = options["role"] or _role(name)
        try:
            is_new = make_or_change(name, role, _password())
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        done = "made" if is_new else "changed"
        record(None, f"account {done}", name, role=role, by="command")
        self.stdout.write(f"Account {name} {done}: {role}.")

    def _list(self) -> None:
        for user in User.objects.order_by("username").prefetch_related("groups"):
            shut = "" if user.is_active else ", shut"
            self.stdout.write(f"{user.get_username()}: {role_of(user) or 'no role'}{shut}")


def _role(name: str) -> str:
    """Without --role: the one that the account has; the first account of all is a manager."""
    user = User.objects.filter(username=name).first()
    role = role_of(user) if user else "" if User.objects.exists() else MANAGER
    if not role:
        raise CommandError(f"Say the role of {name}: ROLE=reader, reviewer or manager.")
    return role


def _password() -> str:
    given = os.environ.get("STAFF_PASSWORD")
    if given is not None:
        return given
    first = getpass.getpass("Password (12 characters or more): ")
    if getpass.getpass("Once more: ") != first:
        raise CommandError("The two passwords are not the same.")
    return first
