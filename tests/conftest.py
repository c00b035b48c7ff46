"""Real guides for all tests that need one: their servers and stand-ins of whom they talk to."""

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
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import tests.rasa_first

import tests.django_first  # noqa: F401  isort: skip
from guide.cluster.front import Redis, found
from guide.settings import ROOT, SettingError
from tests.browsers import browser, playwright  # noqa: F401  fixtures for all
from tests.standins.postgres import database, postgres, programs
from tests.standins.redis import redis
from tests.standins.registry import Registry
from tests.standins.slack import TOKEN as SLACK_TOKEN
from tests.standins.slack import Slack
from tests.standins.slack_requests import SECRET as SLACK_SECRET
from tests.standins.telegram import TOKEN as BOT_TOKEN
from tests.standins.telegram import BotApi

IN_A_BROWSER = {"browser", "staff_browser"}
BOT_SECRET = "a-secret-of-thirty-characters_"


@dataclass
class Guide:
    """A running guide. Both servers write to `chat_log`, and have `settings` in common."""

    url: str
    registry: Registry
    chat_log: Path
    actions_port: int
    settings: dict[str, str]

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

    def status(self, path: str, method: str = "GET") -> int:
        """The HTTP status of any path of the chat server."""
        body = None if method == "GET" else b"{}"
        request = urllib.request.Request(self.url + path, body, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as reply:
                return int(reply.status)
        except urllib.error.HTTPError as error:
            return error.code

    @contextmanager
    def action_server(self, **settings: str) -> Iterator[None]:
        """An action server for this guide, with these environment variables, until the end."""
        environment = {
            "GUIDE_VAR": str(self.chat_log.parent),
            "CTGOV_API_URL": self.registry.url,
            "SANIC_HOST": "127.0.0.1",
        }
        environment |= {"ACTIONS_PORT": str(self.actions_port), **self.settings, **settings}
        with started(["-m", "guide.serve_actions"], self.chat_log, **environment) as process:
            wait_for(f"http://127.0.0.1:{self.actions_port}/health", process)
            yield


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


@contextmanager
def started(
    arguments: list[str], log: Path, **environment: str
) -> Iterator[subprocess.Popen[bytes]]:
    """A Python process that writes to the log, ended on leaving."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def running_guide(
    folder: Path, slack: Slack | None = None, bot_api: BotApi | None = None, **settings: str
) -> Iterator[Guide]:
    """A chat server and a registry stand-in; `action_server` of the result starts the third.

    Args:
        folder: where its log goes.
        slack, bot_api: the platforms that it is connected to.
        settings: environment variables of the chat server.
    """
    from guide.ports import free_port

    ports = {"GUIDE_PORT": str(free_port()), "ACTIONS_PORT": str(free_port())}
    url = f"http://127.0.0.1:{ports['GUIDE_PORT']}"
    environment = {**ports, **platforms(url, slack, bot_api), **settings}
    chat_log = folder / "chat.log"
    with Registry() as registry, started(["-m", "guide.serve"], chat_log, **environment) as process:
        wait_for(f"{url}/health", process)
        yield Guide(url, registry, chat_log, int(ports["ACTIONS_PORT"]), settings)


def platforms(url: str, slack: Slack | None, bot_api: BotApi | None) -> dict[str, str]:
    """The settings of a guide at `url` that these platforms know."""
    settings: dict[str, str] = {}
    if slack:
        settings |= {
            "SLACK_SIGNING_SECRET": SLACK_SECRET, "SLACK_BOT_TOKEN": SLACK_TOKEN,
            "SLACK_API_URL": slack.api_url,
        }  # fmt: skip
    if bot_api:
        settings |= {
            "TELEGRAM_BOT_TOKEN": BOT_TOKEN, "TELEGRAM_SECRET": BOT_SECRET,
            "TELEGRAM_API_URL": bot_api.url,
            "TELEGRAM_WEBHOOK_URL": f"{url}/webhooks/telegram/webhook",
        }  # fmt: skip
    return settings


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests in a browser come last: Playwright keeps an event loop running in this thread, and
    no other test could start one of its own."""
    items.sort(key=lambda item: not IN_A_BROWSER.isdisjoint(item.path.parts))


@pytest.fixture(scope="session", autouse=True)
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a guide keeps while running, apart from that of a guide run from this checkout."""
    folder = tmp_path_factory.mktemp("var")
    os.environ["GUIDE_VAR"] = str(folder)
    os.environ.pop("DATABASE_URL", None)
    return folder


@pytest.fixture(scope="session")
def model() -> Path:
    """The model of today's content, trained if it is not there yet."""
    from guide.train import train

    return train()


@pytest.fixture(scope="session")
def slack() -> Iterator[Slack]:
    """The Slack that `guide` is connected to."""
    with Slack() as running:
        yield running


@pytest.fixture(scope="session")
def bot_api() -> Iterator[BotApi]:
    """The Telegram that `guide` is connected to."""
    with BotApi() as running:
        yield running


@pytest.fixture(scope="session")
def guide(
    model: Path, slack: Slack, bot_api: BotApi, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Guide]:
    """The whole guide with all its channels, started once; tests leave it as it is.

    It stands behind one proxy, so that a test says by X-Forwarded-For where a patient is. It tells
    all that it can: metrics, and log lines as JSON, those of turns among them.
    """
    from guide.ports import free_port

    settings = {
        "GUIDE_PROXIES": "1", "GUIDE_LOG": "json", "LOG_LEVEL": "DEBUG",
        "METRICS_PORT": str(free_port()), "ACTIONS_METRICS_PORT": str(free_port()),
    }  # fmt: skip
    everything = running_guide(tmp_path_factory.mktemp("guide"), slack, bot_api, **settings)
    with everything as running, running.action_server():
        yield running


@pytest.fixture(scope="session")
def lone_guide(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guide]:
    """A second guide without an action server: tests start one, break it or do without."""
    with running_guide(tmp_path_factory.mktemp("lone_guide"), LOG_LEVEL="DEBUG") as running:
        yield running


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A running PostgreSQL; without its programs tests are left out, in CI that is a failure."""
    if programs() is None:
        left_out = pytest.fail if os.environ.get("CI") else pytest.skip
        left_out("PostgreSQL is not installed: tools/postgres.sh")
    with postgres() as address:
        yield address


@pytest.fixture
def redis_server() -> Iterator[Redis]:
    """A running Redis of the test's own; as with PostgreSQL where its program is missing."""
    try:
        found("redis-server")
    except SettingError as error:
        left_out = pytest.fail if os.environ.get("CI") else pytest.skip
        left_out(str(error))
    with redis() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def any_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database, of each kind in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'guide.db'}"
        return
    with database(request.getfixturevalue("postgres_server")) as address:
        yield address
