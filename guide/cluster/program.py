"""A program that is started, stopped and killed as often as one likes."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from guide.settings import ROOT, SettingError

START_SECONDS, STOP_SECONDS = 180.0, 30.0
LOOK_SECONDS = 0.1


class Program:
    """One of the cluster's. It does not hear Ctrl-C: who started it ends it, in good order.

    Args:
        name: also of its log.
        command: what runs in the foreground.
        log: a file that it adds to.
        environment: beside that of this process.
        user: whom it runs as, and nobody else; None is who runs this.
        ends_by: the signal that ends it well.
    """

    def __init__(
        self,
        name: str,
        command: list[str],
        log: Path,
        environment: Mapping[str, str] | None = None,
        user: str | None = None,
        ends_by: signal.Signals = signal.SIGTERM,
    ) -> None:
        self.name = name
        self._command = command
        self._log = log
        self._environment = dict(environment or {})
        self._user = user
        self._ends_by = ends_by
        self._process: subprocess.Popen[bytes] | None = None
        self._told = False

    def start(self) -> None:
        """Begin; `wait` waits until it is of use."""
        self._told = False
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(  # noqa: S603  our own commands
                self._command, cwd=ROOT, env={**os.environ, **self._environment},
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                start_new_session=True, **as_user(self._user),
            )  # fmt: skip

    @property
    def runs(self) -> bool:
        """Whether its process is there."""
        return self._process is not None and self._process.poll() is None

    def wait(self, ready: Callable[[], bool], seconds: float = START_SECONDS) -> None:
        """Until it is ready.

        Raises:
            SettingError: it ended, or is not ready in time; its log says why.
        """
        end = time.monotonic() + seconds
        while not ready():
            if not self.runs or time.monotonic() > end:
                raise SettingError(f"{self.name} did not start: see {self._log}")
            time.sleep(LOOK_SECONDS)

    def tell(self) -> None:
        """Let it begin to end."""
        if self.runs and not self._told and self._process is not None:
            self._told = True
            self._process.send_signal(self._ends_by)

    def stop(self) -> None:
        """End it well, or at last by force."""
        self.tell()
        if self._process is None:
            return
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.end_all()

    def end_all(self) -> None:
        """End it and its children at once, as if the machine lost power."""
        if self.runs and self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def child(self) -> int:
        """The process id of what tools/keep.sh keeps running; 0 while there is none."""
        assert self._process is not None  # noqa: S101  for mypy
        of = self._process.pid
        children = Path(f"/proc/{of}/task/{of}/children")
        return next(map(int, children.read_text().split()), 0) if children.exists() else 0


def as_user(user: str | None) -> dict[str, Any]:
    """How `subprocess` runs a program as another user, with that user's group only."""
    return {"user": user, "group": user, "extra_groups": []} if user else {}
