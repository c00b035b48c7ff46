"""The guide's own way to the database that Django uses too, for what `guide.store` does."""

from __future__ import annotations

import sqlalchemy as sa
from django.conf import settings

from guide.store.database import engine_of


def guide_engine() -> sa.engine.Engine:
    """Shared; not to be used inside a Django transaction, which would wait for itself."""
    return engine_of(settings.GUIDE_DATABASE_URL)
