"""The chat server and the action server as `make run` keeps them: what dies is started again."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from guide.settings import ROOT
from tests.conftest import platforms
from tests.standins.registry import Registry
from tests.standins.slack import Slack
from tests.standins.telegram import BotApi

KEEP = ROOT / "tools" / "keep.sh"
START_SECONDS = 180.0


class Kept:
    """A server below tools/keep.sh."""

    def __init__(self, module: str, health: str, folder: Path, environment: dict[str, str]) -> None:
        self._health = health
        self._id = folder / f"{module}.id"
        self.log = folder / f"{module}.log"
        noted = f"echo $$ > {shlex.quote(str(self._id))}"
        serve = f"exec {shlex.quote(sys.executable)} -m {module}"
        with self.log.open("ab") as output:
            self._keep = subprocess.Popen(
                [str(KEEP), "sh", "-c", f"{noted}; {serve}"],
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    @property
    def process(self) -> int:
        """The id of the server's process at this moment."""
        return int(self._id.read_text())

    def healthy(self) -> bool:
        """Whether it answers and says that it is well."""
        try:
            with urllib.request.urlopen(self._health, timeout=5) as reply:
                return bool(reply.status == 200)
        except (OSError, urllib.error.URLError):
            return False

    def kill(self) -> None:
        """As the kernel does that is out of memory."""
        os.kill(self.process, signal.SIGKILL)

    def wait(self, seconds: float = START_SECONDS) -> float:
        """Until it is well; the seconds that took. Raises TimeoutError."""
        began = time.monotonic()
        while not self.healthy():
            if time.monotonic() - began > seconds:
                raise TimeoutError(f"not well after {seconds} s, see {self.log}")
            time.sleep(0.2)
        return time.monotonic() - began

    def end(self) -> None:
        """With its keeper."""
        self._keep.terminate()
        try:
            self._keep.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()
            self._keep.kill()
            self._keep.wait()


@dataclass
class House:
    """A running guide, what it is connected to, and where its database stands."""

    url: str
    chat: Kept
    actions: Kept
    slack: Slack
    bot_api: BotApi
    registry: Registry
    database: Path
    trials: Path  # the list of trials that was kept

    @property
    def database_url(self) -> str:
        """Its address."""
        return f"sqlite:///{self.database}"


@contextmanager
def house(folder: Path, disk: Path) -> Iterator[House]:
    """A guide on the model of today's content; it is ready.

    Args:
        folder: for logs and what else it keeps.
        disk: where the database is made, in a folder of its own.
    """
    from guide.ports import free_port

    database = disk / "database" / "guide.db"
    database.parent.mkdir()
    ports = {"GUIDE_PORT": str(free_port()), "ACTIONS_PORT": str(free_port())}
    url, actions_url = (f"http://127.0.0.1:{port}" for port in ports.values())
    with ExitStack() as stack:
        slack, bot_api = stack.enter_context(Slack()), stack.enter_context(BotApi())
        registry = stack.enter_context(Registry())
        environment = {
            **ports, **platforms(url, slack, bot_api), "GUIDE_VAR": str(folder),
            "DATABASE_URL": f"sqlite:///{database}", "CTGOV_API_URL": registry.url,
        }  # fmt: skip
        chat = Kept("guide.serve", f"{url}/health", folder, environment)
        stack.callback(chat.end)
        actions = Kept("guide.serve_actions", f"{actions_url}/health", folder, environment)
        stack.callback(actions.end)
        chat.wait()
        actions.wait()
        cache = folder / "trials-cache.json"
        yield House(url, chat, actions, slack, bot_api, registry, database, cache)
