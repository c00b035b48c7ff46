"""What a server does beside talking."""

from __future__ import annotations

import asyncio
import json
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from guide.channels import housekeeping
from guide.channels.housekeeping import Housekeeping
from guide.ports import free_port
from guide.store.database import engine_of
from guide.store.retention import DAY
from guide.store.tables import TURNS, make_tables
from tests.conftest import started, wait_for
from tests.unit.store.talks import Talks


def until(true: Callable[[], bool]) -> bool:
    end = time.monotonic() + 30
    while not true() and time.monotonic() < end:
        time.sleep(0.02)
    return true()


@pytest.fixture
def talks(tmp_path: Path) -> Iterator[Talks]:
    """One old and one new conversation."""
    engine = engine_of.__wrapped__(f"sqlite:///{tmp_path / 'guide.db'}")
    make_tables(engine)
    made = Talks(engine)
    made.conversation("web:old", time.time() - 31 * DAY)
    made.conversation("web:new", time.time() - 29 * DAY)
    yield made
    engine.dispose()


def test_what_is_old_goes_while_the_server_runs(
    talks: Talks, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(housekeeping, "EVERY_SECONDS", 0.05)

    told = "retention removed 1 conversations, 1 turns, 3 events"

    async def whole() -> None:
        house = Housekeeping(talks.engine, 30)
        house.start(lambda: True)
        assert await asyncio.to_thread(until, lambda: told in caplog.text)
        talks.conversation("web:another", time.time() - 31 * DAY)
        assert await asyncio.to_thread(until, lambda: caplog.text.count(told) == 2)
        await house.stop()

    asyncio.run(whole())
    assert "web:" not in caplog.text


def test_a_failure_is_told_by_its_kind_and_tried_again(
    talks: Talks, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(housekeeping, "EVERY_SECONDS", 0.05)
    purge, fails = housekeeping.purge, threading.Event()

    def failing(*args: object, **how: object) -> object:
        if fails.is_set():
            return purge(*args, **how)
        fails.set()
        raise OSError("secret words")

    monkeypatch.setattr(housekeeping, "purge", failing)

    async def whole() -> None:
        house = Housekeeping(talks.engine, 30)
        house.start(lambda: True)
        assert await asyncio.to_thread(until, lambda: talks.count(TURNS) == 1)
        await house.stop()

    asyncio.run(whole())
    assert "retention failed: OSError" in caplog.text
    assert "secret" not in caplog.text


def test_a_server_that_ends_does_not_wait_for_all_of_it(
    talks: Talks, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []
    ended = threading.Event()

    def slow(*_: object, go_on: Callable[[], bool]) -> None:
        while go_on():
            asked.append(True)
            time.sleep(0.01)
        ended.set()

    monkeypatch.setattr(housekeeping, "purge", slow)

    async def whole() -> None:
        house = Housekeeping(talks.engine, 30)
        house.start(lambda: True)
        assert await asyncio.to_thread(until, lambda: bool(asked))
        await house.stop()

    asyncio.run(whole())
    assert ended.is_set()


class Running:
    """A server of its own process."""

    def __init__(self, folder: Path, process: subprocess.Popen[bytes], port: int) -> None:
        self.folder = folder
        self.process = process
        self._url = f"http://127.0.0.1:{port}"

    def say(self, text: str) -> str:
        body = json.dumps({"sender": "ann", "message": text}).encode()
        with urllib.request.urlopen(f"{self._url}/webhooks/rest/webhook", body, 60) as reply:
            return str(json.load(reply)[0]["text"])

    def go_live(self, release: str) -> None:
        (self.folder / "models").mkdir(exist_ok=True)
        (self.folder / "models" / "live").write_text(release)

    def health(self) -> list[str]:
        """What is not ready."""
        try:
            urllib.request.urlopen(f"{self._url}/health", timeout=60).close()
        except urllib.error.HTTPError as error:
            return list(json.load(error)["not_ready"])
        return []


@pytest.fixture
def running(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Running]:
    """Its parameter, if it has one, is GUIDE_DRAIN_SECONDS."""
    port = free_port()
    places = {
        "GUIDE_DRAIN_SECONDS": str(getattr(request, "param", 0)),
        "GUIDE_VAR": str(tmp_path), "GUIDE_MODELS": str(tmp_path / "models"),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'guide.db'}",
    }  # fmt: skip
    arguments = ["-m", "tests.unit.channels.health_server", str(port)]
    with started(arguments, tmp_path / "log", **places) as process:
        wait_for(f"http://127.0.0.1:{port}/health", process)
        yield Running(tmp_path, process, port)


def test_a_new_release_ends_the_server_after_the_replies_under_way(running: Running) -> None:
    with ThreadPoolExecutor(1) as pool:
        saying = pool.submit(running.say, "hello")
        assert until(lambda: (running.folder / "got-hello").exists())
        running.go_live("abc")
        assert until(lambda: "new release" in (running.folder / "log").read_text())
        assert running.process.poll() is None
        (running.folder / "hello").touch()
        assert saying.result(30) == "You said: hello"
    assert running.process.wait(30) == 0


@pytest.mark.parametrize("running", [6], indirect=True)
def test_a_server_that_is_told_to_end_says_so_first_and_answers_meanwhile(running: Running) -> None:
    (running.folder / "hello").touch()
    assert running.health() == []
    running.process.terminate()
    assert until(lambda: running.health() == ["server"])
    assert running.say("hello") == "You said: hello"
    assert running.process.wait(60) == 0


def test_it_gives_the_turn_back_once_patients_can_be_answered(
    talks: Talks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUIDE_MODELS", str(tmp_path / "models"))
    monkeypatch.setattr(housekeeping, "ARRIVING_SECONDS", 0.02)
    leaving, ready = tmp_path / "models" / "leaving", threading.Event()

    async def whole() -> None:
        house = Housekeeping(talks.engine, 30)
        house.start(ready.is_set)
        assert await asyncio.to_thread(until, lambda: leaving.exists() and leaving.read_text())
        await asyncio.sleep(0.1)
        assert leaving.read_text()
        ready.set()
        assert await asyncio.to_thread(until, lambda: not leaving.read_text())
        await house.stop()

    asyncio.run(whole())
