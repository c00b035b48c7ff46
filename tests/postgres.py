"""A PostgreSQL server of the tests' own, from the system's binaries, and databases in it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
import pytest

# Where Debian puts what is not on the path.
DEBIAN = "/usr/lib/postgresql"
ROOTS_USER = "postgres"  # it refuses to run as root
QUICK = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]


def binaries() -> Path | None:
    """The folder of initdb and postgres; the newest, where there are several."""
    found = shutil.which("initdb")
    if found and shutil.which("postgres"):
        return Path(found).parent
    return max(Path(DEBIAN).glob("*/bin"), default=None)


def required() -> Path:
    """The folder, or the test is skipped; in continuous integration that is a failure."""
    folder = binaries()
    if folder is None:
        told = "no PostgreSQL here: tools/postgres.sh"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(told)
    return folder


@contextmanager
def running() -> Iterator[str]:
    """The address of a server without its database, "postgresql://...:5432/", until the end."""
    folder = required()
    home = Path(tempfile.mkdtemp(prefix="postgres-"))
    user = ROOTS_USER if os.geteuid() == 0 else None
    if user:
        shutil.chown(home, user)
    port = _free_port()
    data = str(home / "data")
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": home}
    made = [str(folder / "initdb"), "-D", data, "-U", "guide", "-A", "trust", "-E", "UTF8", "-N"]
    subprocess.run(made, check=True, user=user, **quiet)
    begun = [str(folder / "postgres"), "-D", data, "-h", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen([*begun, "-k", str(home), *QUICK], user=user, **quiet)
    address = f"postgresql://guide@127.0.0.1:{port}/"
    try:
        _wait(f"{address}postgres", server)
        yield address
    finally:
        server.send_signal(signal.SIGINT)  # does not wait for those who are connected
        server.wait(20)
        shutil.rmtree(home, ignore_errors=True)


def database(address: str) -> str:
    """The address of a new, empty database."""
    name = f"guide_{uuid.uuid4().hex[:12]}"
    connection = psycopg2.connect(f"{address}postgres")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    connection.close()
    return address + name


def _wait(url: str, server: subprocess.Popen[bytes], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while server.poll() is None:
        try:
            psycopg2.connect(url).close()
            return
        except psycopg2.OperationalError:
            assert time.monotonic() < end, "PostgreSQL did not start"
            time.sleep(0.1)
    pytest.fail(f"PostgreSQL ended with {server.returncode}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
