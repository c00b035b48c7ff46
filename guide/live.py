"""The release in use: the file `live` of the models folder. Servers end when it changes.

Who started them (tools/keep.sh) starts them again, on the new model and content.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path

from guide.settings import models_folder

logger = logging.getLogger(__name__)

EVERY_SECONDS = 2.0
# How the file was when a server chose its model, which is some time before it watches.
_SEEN = "GUIDE_LIVE_SEEN"


def live_file() -> Path:
    """Holds the id of the release; not there while nobody pressed Go live."""
    return models_folder() / "live"


def release() -> str:
    """The id of the release in use, "" where none is told."""
    try:
        return live_file().read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def remember() -> None:
    """To be called before the model is chosen: what comes after it is a change."""
    os.environ[_SEEN] = _stamp()


def watch(
    end: Callable[[], None] | None = None,
    every: float = EVERY_SECONDS,
    may: Callable[[], bool] = lambda: True,
) -> threading.Event:
    """Watch the file in a thread, and end this process gracefully once it changes.

    Args:
        end: is called instead.
        every: seconds between two looks.
        may: says whether to end now; asked at every look once the file changed.

    Returns:
        Set it to watch no more.
    """
    seen = os.environ.get(_SEEN)
    before = _stamp() if seen is None else seen
    enough = threading.Event()

    def look() -> None:
        while not enough.wait(every):
            if _stamp() != before and may():
                logger.warning("there is a new release: this server ends, to start on it")
                (end or _end)()
                return

    threading.Thread(target=look, name="live", daemon=True).start()
    return enough


def _stamp() -> str:
    """Differs after each writing; "" where there is no file."""
    try:
        found = live_file().stat()
    except OSError:
        return ""
    return f"{found.st_ino}.{found.st_mtime_ns}.{found.st_size}"


def _end() -> None:
    os.kill(os.getpid(), signal.SIGTERM)
