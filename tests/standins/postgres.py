"""A PostgreSQL of one's own in a temporary folder, where its programs are installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

USER = "postgres"


def programs() -> Path | None:
    """The folder of initdb and pg_ctl; None where there is none."""
    found = shutil.which("initdb")
    folders = [Path(found).parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return next((folder for folder in reversed(folders) if (folder / "initdb").exists()), None)


@contextmanager
def postgres() -> Iterator[str]:
    """Its address without a database; ends it on leaving.

    It listens on a socket in its folder only. As root it runs as the user `postgres`, for it
    refuses to be root.
    """
    where = programs()
    assert where is not None
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder:
        as_user: list[str] = []
        if os.geteuid() == 0:
            shutil.chown(folder, USER)
            as_user = ["runuser", "-u", USER, "--"]
        data = f"{folder}/data"

        def run(program: str, *arguments: str) -> None:
            subprocess.run(
                [*as_user, str(where / program), "-D", data, *arguments],
                cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip

        run("initdb", "-U", USER, "-A", "trust", "--no-sync", "-E", "UTF8")
        listens = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
        run("pg_ctl", "-w", "-l", f"{folder}/log", "-o", listens, "start")
        try:
            yield f"postgresql://{USER}@/{{}}?host={folder}"
        finally:
            run("pg_ctl", "-w", "-m", "immediate", "stop")


@contextmanager
def database(server: str) -> Iterator[str]:
    """The address of a new, empty database of the server; dropped on leaving."""
    name = f"guide_{uuid.uuid4().hex[:12]}"
    engine = sa.create_engine(server.format("postgres"), isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(sa.text(f"CREATE DATABASE {name}"))
        yield server.format(name)
        with engine.connect() as connection:
            connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
    finally:
        engine.dispose()
