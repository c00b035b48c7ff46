"""Ready is told only when patients can be answered and their conversations kept."""

from __future__ import annotations

import asyncio
import json
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sanic import Sanic

from guide.channels import health
from guide.channels.health import Pulse, Store
from guide.content import DATA, load
from guide.settings import SettingError
from guide.store import failures
from guide.store.database import database_url, engine_of
from guide.store.heartbeat import Heartbeat
from guide.store.inbox import Event, Inbox
from guide.store.tables import HEARTBEATS
from tests.unit.channels.health_server import Agent, application


@pytest.fixture
def app(any_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sanic]:
    """A server with a loaded model on a database of each kind."""
    monkeypatch.setenv("DATABASE_URL", any_database)
    monkeypatch.setenv("GUIDE_MODELS", str(tmp_path / "models"))
    made = application(f"health-{uuid.uuid4().hex}")
    made.asgi = True
    made.ctx.agent = Agent()
    yield made
    engine_of(any_database).dispose()


def asked(app: Sanic, method: str = "GET") -> tuple[int, Any]:
    """(status, JSON) of /health; no JSON where it refuses the method."""

    async def whole() -> tuple[int, Any]:
        await app._startup()
        return await _ask(app, method)

    return asyncio.run(whole())


async def _ask(app: Sanic, method: str) -> tuple[int, Any]:
    sent: list[dict[str, Any]] = []
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method,
        "path": "/health", "query_string": b"", "headers": [(b"host", b"localhost")],
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 5005), "scheme": "http",
    }  # fmt: skip

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(event: dict[str, Any]) -> None:
        sent.append(event)

    await app(scope, receive, send)
    body = b"".join(event.get("body", b"") for event in sent)
    status = next(event["status"] for event in sent if "status" in event)
    return status, json.loads(body) if status != 405 else None


def test_a_server_that_can_do_all_is_ready(app: Sanic, tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "live").write_text("abc\n")
    status, told = asked(app)
    assert status == 200
    assert told == {
        "status": "ready", "not_ready": [], "content": load(DATA).version, "model": "guide-abc",
        "release": "abc", "store_failures": failures.count(), "inbox": 0,
    }  # fmt: skip
    with engine_of(database_url()).connect() as connection:
        (beat,) = connection.execute(HEARTBEATS.select()).all()
    assert abs(beat.time - time.time()) < 60


@pytest.mark.parametrize(("method", "status"), [("HEAD", 200), ("POST", 405)])
def test_it_is_for_asking_only(app: Sanic, method: str, status: int) -> None:
    assert asked(app, method)[0] == status


@pytest.mark.parametrize("agent", ["none", "empty"])
def test_without_a_model_it_is_not_ready(app: Sanic, agent: str) -> None:
    if agent == "none":
        del app.ctx.agent
    else:
        app.ctx.agent.is_ready = lambda: False
    status, told = asked(app)
    assert (status, told["status"]) == (503, "not ready")
    assert told["not_ready"] == ["model", "answers"]
    assert told["model"] == ""


def test_a_model_of_other_content_is_not_ready(app: Sanic) -> None:
    app.ctx.agent = Agent(without="cost")
    status, told = asked(app)
    assert (status, told["not_ready"]) == (503, ["answers"])


def test_a_database_that_takes_no_write_is_not_ready(app: Sanic) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise sa.exc.OperationalError("INSERT secret words", {}, Exception("secret words"))

    sa.event.listen(engine_of(database_url()), "begin", refuse)
    status, told = asked(app)
    assert (status, told["not_ready"], told["inbox"]) == (503, ["store"], None)
    assert "secret" not in json.dumps(told)


def test_messages_that_wait_and_failures_are_counted(app: Sanic) -> None:
    inbox = Inbox(engine_of(database_url()))
    for id_ in ("1", "2", "3"):
        inbox.accept(Event("slack", id_, "slack:1", "words"))
    inbox.finish("slack", "1")
    before = failures.count()
    failures.note(ValueError("secret words"))
    told = asked(app)[1]
    assert (told["inbox"], told["store_failures"]) == (2, before + 1)


def test_a_failure_is_logged_by_its_kind(caplog: pytest.LogCaptureFixture) -> None:
    failures.note(ValueError("secret words"))
    assert f"the store failed: ValueError, {failures.count()} since start" in caplog.text
    assert "secret" not in caplog.text


def test_a_server_that_knows_no_days_of_keeping_does_not_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GUIDE_RETENTION_DAYS", "0")
    with pytest.raises(SettingError, match="GUIDE_RETENTION_DAYS must be 1 to"):
        application(f"health-{uuid.uuid4().hex}")


def test_one_server_has_one_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = engine_of(f"sqlite:///{tmp_path / 'guide.db'}")
    for port in ("5005", "5006", "5005"):
        monkeypatch.setenv("GUIDE_PORT", port)
        Heartbeat(engine).beat()
    with engine.connect() as connection:
        assert len(connection.execute(HEARTBEATS.select()).all()) == 2


class Beats:
    """A write that waits until a test lets it end."""

    def __init__(self) -> None:
        self.tried = 0
        self.end = threading.Event()

    def __call__(self) -> int:
        self.tried += 1
        self.end.wait(20)
        return 7


def test_many_who_ask_cause_one_write() -> None:
    beats = Beats()
    beats.end.set()

    async def whole() -> None:
        pulse = Pulse(beats)
        assert await asyncio.gather(*(pulse.feel() for _ in range(50))) == [Store(True, 7)] * 50
        assert await pulse.feel() == Store(True, 7)

    asyncio.run(whole())
    assert beats.tried == 1


def test_a_later_question_is_a_new_write(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "EVERY_SECONDS", 0.0)
    beats = Beats()
    beats.end.set()

    async def whole() -> None:
        pulse = Pulse(beats)
        assert [await pulse.feel() for _ in range(3)] == [Store(True, 7)] * 3

    asyncio.run(whole())
    assert beats.tried == 3


def test_who_asks_again_at_once_takes_no_answer_from_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(health, "EVERY_SECONDS", 0.0)
    beats = Beats()
    beats.end.set()
    pulse = Pulse(beats)

    async def probe() -> list[Store]:
        return [await pulse.feel() for _ in range(5)]

    async def whole() -> None:
        assert await asyncio.gather(*(probe() for _ in range(9))) == [[Store(True, 7)] * 5] * 9

    asyncio.run(whole())


def test_a_database_that_hangs_is_not_ready_and_gets_no_second_write(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(health, "EVERY_SECONDS", 0.0)
    monkeypatch.setattr(health, "PATIENCE_SECONDS", 0.05)
    beats = Beats()

    async def whole() -> None:
        pulse = Pulse(beats)
        assert [await pulse.feel() for _ in range(3)] == [Store(False)] * 3
        assert beats.tried == 1
        beats.end.set()
        monkeypatch.setattr(health, "PATIENCE_SECONDS", 20.0)
        assert await pulse.feel() == Store(True, 7)

    asyncio.run(whole())
