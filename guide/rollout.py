"""Servers of one models folder end one after the other, so that patients always find one.

The file `leaving` beside the models names the server whose turn it is: it ends, starts again on
the new release, and gives the turn back once it is ready. A server that starts for another reason
has the turn as well, if it is free: no other one ends meanwhile.
"""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from guide.settings import models_folder, server_name

# Whoever took the turn longer ago is not waited for: it is dead. A server that starts again and
# again for a broken release keeps its turn, and the others stay on the one that works.
MAX_SECONDS = 180.0


def take() -> bool:
    """Whether it is this server's turn to end or start, from now on or still."""
    try:
        with _noted() as file:
            holder, since = _read(file)
            if holder not in ("", server_name()) and time.time() - since < MAX_SECONDS:
                return False
            _write(file, f"{server_name()} {time.time():.0f}")
    except OSError:  # a folder that cannot be written keeps no server from its new release
        pass
    return True


def give_back() -> None:
    """This server is ready; nothing where it had no turn."""
    try:
        with _noted() as file:
            if _read(file)[0] == server_name():
                _write(file, "")
    except OSError:
        pass


@contextmanager
def _noted() -> Iterator[IO[str]]:
    with (models_folder() / "leaving").open("a+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def _read(file: IO[str]) -> tuple[str, float]:
    """(server, since when); ("", 0.0) where nobody has the turn or nobody can tell who."""
    file.seek(0)
    holder, _, since = file.read().rpartition(" ")
    return (holder, float(since)) if holder and since.isdecimal() else ("", 0.0)


def _write(file: IO[str], text: str) -> None:
    file.truncate(0)
    file.write(text)
