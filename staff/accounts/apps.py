"""The groups of the roles are made whenever the site is migrated."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    """Accounts, roles, log-in."""

    name = "staff.accounts"

    def ready(self) -> None:
        """Groups need permissions, which Django makes after migrating."""
        from staff.accounts import signals  # needs the models, which are there now

        signals.connect()
        post_migrate.connect(_groups, sender=self)


def _groups(**_: Any) -> None:
    from django.contrib.auth.models import Group, Permission

    from staff.accounts.roles import ROLES

    for number, role in enumerate(ROLES, 1):
        group, _made = Group.objects.get_or_create(name=role)
        held = ROLES[:number]
        group.permissions.set(
            Permission.objects.filter(content_type__app_label="accounts", codename__in=held)
        )
