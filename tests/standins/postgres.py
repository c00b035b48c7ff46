"""A PostgreSQL of one's own in a temporary folder, where its programs are installed."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from guide.cluster.postgres import Postgres, programs

__all__ = ["database", "postgres", "programs"]


@contextmanager
def postgres() -> Iterator[str]:
    """Its address without a database; ends it on leaving."""
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder:
        # Its user must get through to its own folder.
        Path(folder).chmod(0o711)
        server = Postgres(Path(folder) / "server", "fsync=off")
        server.start()
        try:
            server.wait(server.answers)
            yield server.address("{}")
        finally:
            server.end_all()


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
