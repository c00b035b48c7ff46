"""Ways to break what a guide needs. Each is a context: broken inside, whole again after it."""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.kept import House

DISK_MEGABYTES = 16
FILLING = "filling"


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A file system that a test can fill, where this user may mount one; else a mere folder."""
    folder.mkdir()
    size = f"size={DISK_MEGABYTES}m"
    mount = ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(folder)]
    mounted = os.geteuid() == 0 and subprocess.call(mount, stderr=subprocess.DEVNULL) == 0
    try:
        yield folder
    finally:
        if mounted:
            subprocess.check_call(["umount", "-l", str(folder)])


@contextmanager
def full_disk(house: House) -> Iterator[str]:
    """Nothing more can be written to the database's disk; tells how that was done."""
    disk = house.database.parent.parent
    if disk.is_mount():
        with (disk / FILLING).open("wb") as file:
            try:
                while True:
                    os.write(file.fileno(), bytes(4096))
            except OSError:
                pass
        try:
            yield "a disk without space"
        finally:
            (disk / FILLING).unlink()
        return
    # No file of the server may grow beyond what the write-ahead log has already.
    before = resource.prlimit(house.chat.process, resource.RLIMIT_FSIZE, (1, -1))
    try:
        yield "a limit of file sizes"
    finally:
        resource.prlimit(house.chat.process, resource.RLIMIT_FSIZE, before)


@contextmanager
def locked_database(house: House) -> Iterator[None]:
    """Another program writes and does not end."""
    other = sqlite3.connect(house.database, isolation_level=None)
    other.execute("PRAGMA busy_timeout=10000")
    other.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


@contextmanager
def missing_database(house: House) -> Iterator[None]:
    """Its folder is not where it was."""
    folder = house.database.parent
    away = folder.with_name("away")
    folder.rename(away)
    try:
        yield
    finally:
        away.rename(folder)


@contextmanager
def hung_registry(house: House) -> Iterator[None]:
    """ClinicalTrials.gov is silent, and no list of trials is at hand."""
    house.registry.mode = "hang"
    house.trials.unlink(missing_ok=True)
    house.actions.kill()  # it holds the list, too
    try:
        yield
    finally:
        house.registry.mode = "ok"
