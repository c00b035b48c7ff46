"""A cluster of a small guide, connected to stand-ins of the platforms and of the registry."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from guide.cluster.cluster import CHATS, Cluster
from guide.cluster.postgres import Postgres
from guide.ports import free_port
from guide.settings import ROOT
from tests.conftest import platforms
from tests.small_guide import make_small_guide, settings
from tests.standins.registry import Registry
from tests.standins.slack import Slack
from tests.standins.telegram import BotApi

OLD_WORDS, NEW_WORDS = "It is expensive.", "It costs a lot."
GO_LIVE = """
import sys
from pathlib import Path
from guide.learn.switch import replace
replace(
    {"kind": "live", "from": sys.argv[1], "to": sys.argv[2], "by": "test", "reason": ""},
    {"faq/cost.yml": Path(sys.argv[3]).read_bytes()},
)
"""


@dataclass
class House:
    """A running cluster and all around it; `second` is a release that is not live yet."""

    cluster: Cluster
    slack: Slack
    bot_api: BotApi
    folder: Path
    second: Path

    @property
    def data(self) -> tuple[Path, Path]:
        """The content of the first and of the second release."""
        return self.folder / "data", self.second

    def healthy(self) -> bool:
        """Whether both chat servers are."""
        return all(map(self.cluster.healthy, CHATS))

    def wait(self, seconds: float = 240.0) -> None:
        """Until both are; raises TimeoutError."""
        end = time.monotonic() + seconds
        while not self.healthy():
            if time.monotonic() > end:
                raise TimeoutError(f"not healthy after {seconds} s")
            time.sleep(0.2)

    def kill(self, name: str) -> None:
        """A chat server dies; tools/keep.sh starts it again."""
        os.kill(self.cluster.chats[name].child(), signal.SIGKILL)

    def content(self, name: str) -> str:
        """The version of the content that a chat server answers from, "" while it is away."""
        try:
            url = f"http://127.0.0.1:{self.cluster.ports[name]}/health"
            with urllib.request.urlopen(url, timeout=5) as reply:
                return str(json.load(reply)["content"])
        except OSError:
            return ""

    def go_live(self) -> None:
        """The second release, as the staff site does it."""
        releases = [_release(data) for data in self.data]
        changed = str(self.second / "faq" / "cost.yml")
        _run(["-c", GO_LIVE, *releases, changed], self.folder)

    def wait_for_second(self, seconds: float = 240.0) -> None:
        """Until both chat servers answer from it."""
        before = {name: self.content(name) for name in CHATS}
        end = time.monotonic() + seconds
        while any(self.content(name) in ("", before[name]) for name in CHATS):
            if time.monotonic() > end:
                raise TimeoutError(f"the second release is not live after {seconds} s")
            time.sleep(0.2)


@contextmanager
def house() -> Iterator[House]:
    """Started, with models of both releases."""
    with ExitStack() as stack:
        # Not in pytest's folder, which the user of PostgreSQL cannot reach.
        made = tempfile.TemporaryDirectory(prefix="cluster", ignore_cleanup_errors=True)
        folder = Path(stack.enter_context(made))
        folder.chmod(0o711)
        second = _two_releases(folder)
        slack, bot_api, registry = map(stack.enter_context, (Slack(), BotApi(), Registry()))
        port = free_port()
        own = {**settings(folder), "CTGOV_API_URL": registry.url}
        own |= platforms(f"http://127.0.0.1:{port}", slack, bot_api)
        del own["DATABASE_URL"]
        postgres = Postgres(folder / "postgres", "fsync=off")
        cluster = Cluster(folder, postgres, port, free_port(), own)
        yield House(stack.enter_context(cluster), slack, bot_api, folder, second)


def _two_releases(folder: Path) -> Path:
    """Two small guides that differ in the words of one answer; the second's content."""
    make_small_guide(folder)
    _run(["-m", "guide.train"], folder)
    second = folder / "second"
    shutil.copytree(folder / "data", second)
    answer = second / "faq" / "cost.yml"
    text = answer.read_text(encoding="utf-8")
    assert OLD_WORDS in text
    answer.write_text(text.replace(OLD_WORDS, NEW_WORDS), encoding="utf-8")
    _run(["-m", "guide.train"], folder, GUIDE_DATA=str(second))
    return second


def _release(data: Path) -> str:
    from guide.train import fingerprint

    return fingerprint(data)


def _run(arguments: list[str], folder: Path, **more: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **settings(folder), **more}
    subprocess.run([sys.executable, *arguments], cwd=ROOT, env=environment, check=True)
