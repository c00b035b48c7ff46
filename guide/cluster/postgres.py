"""A PostgreSQL of one's own, in a folder, from the installed programs."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
from pathlib import Path

import sqlalchemy as sa

from guide.cluster.program import Program, as_user
from guide.settings import SettingError

USER = "postgres"


def programs() -> Path | None:
    """The folder of initdb and postgres; None where there is none."""
    found = shutil.which("initdb")
    folders = [Path(found).parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return next((folder for folder in reversed(folders) if (folder / "initdb").exists()), None)


class Postgres(Program):
    """It listens on a socket in its folder only. As root it runs as the user `postgres`, for it
    refuses to be root.

    Args:
        folder: of data, socket and log, made where it is not there; that user must reach it.
        options: of the server, such as "fsync=off".

    Raises:
        SettingError: PostgreSQL is not installed, or its files cannot be made.
    """

    def __init__(self, folder: Path, *options: str) -> None:
        where = programs()
        if where is None:
            raise SettingError("PostgreSQL is not installed: tools/postgres.sh brings it")
        self._folder = folder
        user = USER if os.geteuid() == 0 else None
        if not (folder / "data" / "PG_VERSION").exists():
            _make(where / "initdb", folder, user)
        own = ("listen_addresses=", f"unix_socket_directories={folder}", *options)
        command = [str(where / "postgres"), "-D", str(folder / "data")]
        command += [part for option in own for part in ("-c", option)]
        # By SIGINT it ends at once, and well, whoever is still connected.
        super().__init__("postgres", command, folder / "log", user=user, ends_by=signal.SIGINT)

    def address(self, database: str) -> str:
        """DATABASE_URL of one of its databases."""
        return f"postgresql://{USER}@/{database}?host={self._folder}"

    def answers(self) -> bool:
        """Whether it takes connections."""
        engine = sa.create_engine(self.address("postgres"), poolclass=sa.pool.NullPool)
        try:
            engine.connect().close()
        except sa.exc.OperationalError:
            return False
        return True

    def make_database(self, name: str) -> str:
        """The address of a database, made where it is not there. `name` is a plain word."""
        engine = sa.create_engine(self.address("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            there = sa.text("SELECT 1 FROM pg_database WHERE datname = :name")
            if connection.execute(there, {"name": name}).first() is None:
                connection.execute(sa.text(f"CREATE DATABASE {name}"))
        engine.dispose()
        return self.address(name)


def _make(initdb: Path, folder: Path, user: str | None) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if user:
        shutil.chown(folder, user)
    made = subprocess.run(  # noqa: S603  PostgreSQL's own program
        [initdb, "-D", folder / "data", "-U", USER, "-A", "trust", "--no-sync", "-E", "UTF8"],
        cwd=pwd.getpwnam(user).pw_dir if user else folder, check=False,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        **as_user(user),
    )  # fmt: skip
    if made.returncode != 0:
        raise SettingError(f"PostgreSQL cannot make its files in {folder}: {made.stderr.strip()}")
