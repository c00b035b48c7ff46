"""Makes the guide's tables when the site is migrated, also before the chat server ran."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import pre_migrate

from guide.store.tables import make_tables
from staff.records.engine import guide_engine


class RecordsConfig(AppConfig):
    """The guide's own tables."""

    name = "staff.records"

    def ready(self) -> None:
        """Nothing is made at import."""
        pre_migrate.connect(_make, sender=self)


def _make(**_: Any) -> None:
    make_tables(guide_engine())
