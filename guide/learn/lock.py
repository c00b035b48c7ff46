"""One Try, Go live or Undo at a time, told to whoever comes second."""

from __future__ import annotations

import fcntl
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from guide.learn.words import Refused, say, words
from guide.settings import var_folder

LOOKS = 10


@contextmanager
def only_one(what: str, by: str) -> Iterator[None]:
    """Hold the lock; the system frees it when this process ends, however it ends.

    Raises:
        Refused: another command holds it.
    """
    path = var_folder() / "learn.lock"
    with path.open("a+", encoding="utf-8") as file:
        if not _taken_soon(file):
            file.seek(0)
            raise Refused(_busy(file.read()))
        file.truncate(0)
        file.write(json.dumps({"what": what, "by": by, "since": time.time()}))
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)


def running() -> dict[str, Any] | None:
    """{what, by, since} of the command that runs now, None when none does."""
    path = var_folder() / "learn.lock"
    if not path.exists():
        return None
    with path.open("r+", encoding="utf-8") as file:
        if _taken(file):
            return None
        return _holder(file.read())


@contextmanager
def switching() -> Iterator[None]:
    """Held for the moment in which live content is replaced; waits for whoever replaces it."""
    with (var_folder() / "switch.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _taken_soon(file: Any) -> bool:
    """`running` holds the lock too, for the moment of a look."""
    for _ in range(LOOKS):
        if _taken(file):
            return True
        time.sleep(0.05)
    return _taken(file)


def _taken(file: Any) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(text: str) -> dict[str, Any]:
    """The holder writes its name just after it took the lock."""
    try:
        return dict(json.loads(text))
    except ValueError:
        return {"what": "try", "by": "", "since": time.time()}


def _busy(text: str) -> str:
    holder = _holder(text)
    since = datetime.fromtimestamp(holder["since"]).strftime("%Y-%m-%d %H:%M")
    by = say("by", by=holder["by"]) if holder["by"] else ""
    return say("busy", what=words()["what"][holder["what"]], since=since, by=by)
