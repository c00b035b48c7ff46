"""Figures of the database for the health page, each by an index or an estimate."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import Sum

from staff.records.models import Removal, Turn

TABLES = ("conversations", "turns", "events")


def vendor() -> str:
    """ "sqlite" or "postgresql"."""
    return str(connection.vendor)


def waiting() -> tuple[int, float | None]:
    """Accepted messages that are not done, and when the oldest came (seconds since 1970)."""
    row = _first("SELECT COUNT(*), MIN(received) FROM inbox WHERE done = %s", False)
    return int(row[0]), row[1]


def rows() -> dict[str, int]:
    """Rows by table. PostgreSQL's own estimate: counting would read every page of it."""
    if vendor() == "sqlite":
        return {name: int(_first(f"SELECT COUNT(*) FROM {name}")[0]) for name in TABLES}  # noqa: S608
    estimate = "SELECT reltuples::bigint FROM pg_class WHERE oid = to_regclass(%s)"
    return {name: max(0, int(_first(estimate, name)[0])) for name in TABLES}


def database_version() -> str:
    """Of SQLite or of the server."""
    if vendor() == "sqlite":
        return str(_first("SELECT sqlite_version()")[0])
    return str(_first("SHOW server_version")[0])


def database_bytes() -> int:
    """On disk, SQLite's write-ahead log included."""
    if vendor() != "sqlite":
        return int(_first("SELECT pg_database_size(current_database())")[0])
    name = str(connection.settings_dict["NAME"])
    files = [Path(name), Path(f"{name}-wal")]
    return sum(path.stat().st_size for path in files if path.exists())


def oldest_turn() -> float | None:
    """When the oldest turn was, in seconds since 1970."""
    return Turn.objects.order_by("time").values_list("time", flat=True).first()


def last_removal(*kinds: str) -> Removal | None:
    """The newest row of such a kind."""
    return Removal.objects.filter(kind__in=kinds).order_by("-time").first()


def removed_since(since: float, kind: str) -> int:
    """Conversations that went for this reason."""
    found = Removal.objects.filter(time__gte=since, kind=kind)
    return int(found.aggregate(n=Sum("conversations"))["n"] or 0)


def _first(sql: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()
