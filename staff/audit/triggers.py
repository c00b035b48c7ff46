"""The database itself refuses to change or delete entries of the audit.

Made after every migration rather than in one: SQLite remakes a table whose columns change, and
what hung on the old one is gone.
"""

from __future__ import annotations

from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

WORDS = "entries of the audit are not editable"
MAKE = {
    "sqlite": [
        f"""CREATE TRIGGER IF NOT EXISTS audit_entry_keep_{deed.lower()}
            BEFORE {deed} ON audit_entry BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"""
        for deed in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        f"""CREATE OR REPLACE FUNCTION audit_entry_keep() RETURNS trigger LANGUAGE plpgsql
            AS $$ BEGIN RAISE EXCEPTION '{WORDS}'; END $$""",
        "DROP TRIGGER IF EXISTS audit_entry_keep ON audit_entry",
        """CREATE TRIGGER audit_entry_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
            FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_keep()""",
    ],
}
DROP = {
    "sqlite": [f"DROP TRIGGER IF EXISTS audit_entry_keep_{deed}" for deed in ("update", "delete")],
    "postgresql": ["DROP TRIGGER IF EXISTS audit_entry_keep ON audit_entry"],
}


def run(connection: BaseDatabaseWrapper, statements: dict[str, list[str]]) -> None:
    """MAKE or DROP, as this database says it."""
    with connection.cursor() as cursor:
        for statement in statements[connection.vendor]:
            cursor.execute(statement)


def make(using: str = "default", **_: Any) -> None:
    """Called when the site is migrated; does nothing where they stand."""
    run(connections[using], MAKE)
