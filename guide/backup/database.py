"""The whole database as one file, and back: SQLite by itself, PostgreSQL by its own programs."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine.url import URL

from guide.backup.archive import BackupError
from guide.store.database import database_url, engine_of

SQLITE, POSTGRES = "database/guide.db", "database/guide.pgdump"


def part() -> str:
    """The name that the configured kind of database has in a backup.

    Raises:
        BackupError: a kind that cannot be backed up.
    """
    url = _url()
    if url.get_backend_name() == "sqlite" and url.database not in {None, "", ":memory:"}:
        return SQLITE
    if url.get_backend_name() == "postgresql":
        return POSTGRES
    raise BackupError("DATABASE_URL names a database that cannot be backed up here")


def sqlite_file() -> Path:
    """Where the configured SQLite database is."""
    return Path(str(_url().database)).absolute()


def save(target: Path) -> None:
    """Write all of the database, as of one moment, while others write to it.

    Raises:
        BackupError: the database is away, or its programs are.
    """
    if part() == POSTGRES:
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")
        return
    if not sqlite_file().exists():
        raise BackupError(f"there is no database yet at {sqlite_file()}")
    try:
        with engine_of(database_url()).connect() as connection:
            connection.exec_driver_sql("VACUUM INTO ?", (str(target),))
    except sa.exc.SQLAlchemyError as error:
        raise BackupError(f"the database cannot be read: {type(error).__name__}") from None


def check(dump: Path) -> None:
    """Raises BackupError where what `save` wrote cannot be put back."""
    if part() == POSTGRES:
        _program("pg_restore", "--list", str(dump))
        return
    try:
        with closing(sqlite3.connect(f"{dump.as_uri()}?mode=ro", uri=True)) as connection:
            found = connection.execute("PRAGMA integrity_check").fetchall()
    except sqlite3.DatabaseError:
        found = []
    if found != [("ok",)]:
        raise BackupError("the database in the backup is damaged")


def load_into_postgres(dump: Path) -> None:
    """Replace what is in the database, in one transaction.

    Raises:
        BackupError: it could not be; the database is as it was.
    """
    _run(
        "pg_restore", "--clean", "--if-exists", "--no-owner", "--no-privileges",
        "--single-transaction", "--exit-on-error", str(dump),
    )  # fmt: skip


def _url() -> URL:
    return sa.engine.make_url(database_url())


def _run(program: str, *arguments: str) -> None:
    """With the database's address; the password goes where no other user sees it."""
    import psycopg2.extensions

    known = engine_of(database_url()).dialect.create_connect_args(_url())[1]
    password = known.pop("password", None)
    address = psycopg2.extensions.make_dsn(**known)
    _program(program, f"--dbname={address}", *arguments, password=password)


def _program(program: str, *arguments: str, password: str | None = None) -> None:
    where = shutil.which(program)
    if where is None:
        raise BackupError(f"{program} is not installed: it comes with PostgreSQL's client programs")
    own = {} if password is None else {"PGPASSWORD": password}
    done = subprocess.run(  # noqa: S603  no shell: the arguments are ours
        [where, *arguments], env={**os.environ, **own}, capture_output=True, check=False
    )
    if done.returncode != 0:
        # The line that says why; those after it may quote rows.
        lines = done.stderr.decode(errors="replace").splitlines()
        told = next((line for line in lines if "error:" in line), f"{program} failed")
        raise BackupError(f"the database: {told}")
