"""Guards the audit's table whenever the site is migrated."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from staff.audit import triggers


class AuditConfig(AppConfig):
    """Who did what, when."""

    name = "staff.audit"

    def ready(self) -> None:
        """The table is there after migrating."""
        post_migrate.connect(triggers.make, sender=self)
