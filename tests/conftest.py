"""One real guide for all tests that need it: chat server, action server, registry stand-in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from guide.evaluation.agent import free_port
from guide.settings import ROOT
from tests.standins.registry import Registry


@dataclass
class Guide:
    """A running guide."""

    url: str
    registry: Registry
    chat_log: Path
    actions: subprocess.Popen[bytes]

    def post(self, body: bytes, timeout: float = 30) -> tuple[int, Any]:
        """(status, JSON) of a raw request to the REST channel."""
        request = urllib.request.Request(
            f"{self.url}/webhooks/rest/webhook", body, {"Content-Type": "application/json"}
        )
        try:
            with urllib.request.urlopen(request, timeout=timeout) as reply:
                return reply.status, json.load(reply)
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())

    def say(self, message: str, sender: str | None = None, timeout: float = 30) -> dict[str, Any]:
        """The one reply to a message; in a conversation of its own unless `sender` is given."""
        body = json.dumps({"sender": sender or uuid.uuid4().hex, "message": message}).encode()
        status, replies = self.post(body, timeout)
        assert status == 200, replies
        assert len(replies) == 1, replies
        return replies[0]


def wait_for(url: str, process: subprocess.Popen[bytes], seconds: float = 120) -> None:
    """Until a server answers; fails the test when its process ends or time is up."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            pytest.fail(f"{url}: its process ended with {process.returncode}")
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (OSError, urllib.error.URLError):
            time.sleep(0.2)
    pytest.fail(f"{url} did not answer in {seconds} s")


@pytest.fixture(scope="session")
def model() -> Path:
    """The model of today's content, trained if it is not there yet."""
    from guide.train import train

    return train()


@pytest.fixture(scope="session")
def guide(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guide]:
    """The real servers, started once."""
    folder = tmp_path_factory.mktemp("guide")
    ports = {"GUIDE_PORT": str(free_port()), "ACTIONS_PORT": str(free_port())}
    with Registry() as registry:
        environment = {
            **os.environ,
            **ports,
            "CTGOV_API_URL": registry.url,
            "GUIDE_VAR": str(folder),
            "PYTHONPATH": str(ROOT),
        }
        chat_log = folder / "chat.log"
        processes = []
        with chat_log.open("wb") as log:
            for arguments in (
                ["-m", "guide.serve"],
                ["-m", "rasa_sdk", "--actions", "actions", "--port", ports["ACTIONS_PORT"]],
            ):
                processes.append(
                    subprocess.Popen(
                        [sys.executable, *arguments],
                        cwd=ROOT,
                        env=environment,
                        stdout=log,
                        stderr=subprocess.STDOUT,
                    )  # fmt: skip
                )
            url = f"http://127.0.0.1:{ports['GUIDE_PORT']}"
            try:
                wait_for(f"http://127.0.0.1:{ports['ACTIONS_PORT']}/health", processes[1])
                wait_for(f"{url}/webhooks/rest/", processes[0])
                yield Guide(url, registry, chat_log, processes[1])
            finally:
                for process in processes:
                    process.terminate()
                for process in processes:
                    process.wait(20)
