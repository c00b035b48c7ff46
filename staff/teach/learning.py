"""Starts `python -m guide.learn`, which outlives the web worker that started it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from guide.learn.lock import running
from guide.learn.progress import seen
from guide.settings import ROOT, var_folder

PATIENCE_SECONDS = 10.0  # until a page says that something goes on
QUIET_SECONDS = 600.0  # without a sign of life, after which it may hang
MAX_TOLD = 500  # characters of what a command said last


@dataclass(frozen=True)
class Outcome:
    """How a command ended: `done` is None while it goes on; `told` is what it said last."""

    done: bool | None
    told: str = ""


def command(*arguments: str) -> list[str]:
    """The command line; patients' answers go before what is tried."""
    line = [sys.executable, "-m", "guide.learn", *arguments]
    return ["nice", "-n", "10", *line] if arguments[0] == "try" else line


def start(what: str, by: str, *arguments: str) -> Outcome:
    """Start a command of guide.learn as a process group of its own.

    It is left to itself after PATIENCE_SECONDS, a Try as soon as it shows progress.

    Args:
        what: "try", "live" or "undo".
        by: who wants it.
    """
    path = _log(what)
    began = time.time()
    with path.open("wb") as log:
        process = _started(command(what, f"--by={by}", *arguments), log)
    _pid(what).write_text(str(process.pid), encoding="utf-8")
    end = time.monotonic() + PATIENCE_SECONDS
    while process.poll() is None and time.monotonic() < end:
        if what == "try" and _shows(began):
            return Outcome(None)
        time.sleep(0.05)
    if process.poll() is None:
        return Outcome(None)
    return Outcome(process.returncode == 0, _last_words(path))


def _started(line: list[str], log: IO[bytes]) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(  # noqa: S603  our own command
        line, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
    )
    # Nobody else would take note of its end.
    threading.Thread(target=process.wait, daemon=True).start()
    return process


def _shows(began: float) -> bool:
    """Whether the Try that began then has told where it is."""
    state = seen()
    return state is not None and state["started"] >= began and running() is not None


def _last_words(path: Path) -> str:
    text = path.read_text(encoding="utf-8", errors="replace").strip()
    return text.splitlines()[-1][:MAX_TOLD] if text else ""


def hangs() -> bool:
    """Whether a Try that runs has given no sign of life for long."""
    state = seen()
    return running() is not None and state is not None and _quiet(state) > QUIET_SECONDS


def _quiet(state: dict[str, float]) -> float:
    return time.time() - float(state.get("now", state["started"]))


def stop() -> bool:
    """End the Try that runs, with all that it started; False where there is none of ours."""
    holder = running()
    if holder is None or holder["what"] != "try":
        return False
    try:
        pid = int(_pid("try").read_text(encoding="utf-8"))
        # Another process may have the number by now, and another machine its own.
        if b"guide.learn" not in Path(f"/proc/{pid}/cmdline").read_bytes():
            return False
        os.killpg(pid, signal.SIGTERM)
    except (OSError, ValueError):
        return False
    return True


def _log(what: str) -> Path:
    return var_folder() / f"{what}.log"


def _pid(what: str) -> Path:
    return var_folder() / f"{what}.pid"
