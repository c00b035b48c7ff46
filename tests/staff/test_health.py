"""The health page: each trouble in words, with what to do."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.test import Client

from guide.store.tables import INBOX, REMOVALS
from staff.health import words
from staff.health.words import age, size
from staff.records.engine import guide_engine
from tests.staff import rows

Sign = Callable[[str], Client]
DAY = 24 * 3600.0
READY = {
    "status": "ready", "not_ready": [], "content": "c1", "model": "guide-r1", "release": "r1",
    "store_failures": 0, "inbox": 0,
}  # fmt: skip


@dataclass
class ChatServer:
    """What a stand-in of the chat server says."""

    status: int = 200
    body: bytes = json.dumps(READY).encode()

    def says(self, status: int = 200, **values: object) -> None:
        self.status, self.body = status, json.dumps({**READY, **values}).encode()


@pytest.fixture
def chat(monkeypatch: pytest.MonkeyPatch) -> Iterator[ChatServer]:
    """A stand-in that the page asks."""
    said = ChatServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(said.status if self.path == "/health" else 404)
            self.end_headers()
            self.wfile.write(said.body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}"
        monkeypatch.setattr("django.conf.settings.GUIDE_URL", url)
        yield said
        server.shutdown()


@pytest.fixture
def page(client_of: Sign, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[], str]:
    """The page's words."""
    monkeypatch.setenv("GUIDE_MODELS", str(tmp_path / "models"))
    client = client_of("reader")

    def read() -> str:
        answer = client.get("/health/")
        assert answer.status_code == 200
        return " ".join(answer.content.decode().split())

    return read


def insert(table: Any, **values: object) -> None:
    with guide_engine().begin() as connection:
        connection.execute(table.insert().values(**values))


def removal(kind: str, days_ago: float, conversations: int = 3) -> None:
    insert(
        REMOVALS, time=time.time() - days_ago * DAY, kind=kind, conversations=conversations,
        turns=9, events=40, seconds=0.25,
    )  # fmt: skip


def test_a_new_site_with_a_ready_chat_server_is_well(
    chat: ChatServer, page: Callable[[], str]
) -> None:
    text = page()
    assert "All is well" in text
    assert "Ready: patients are answered" in text
    assert "SQLite 3" in text
    assert "Nothing has gone live from this site" in text
    assert "What to do" not in text


def test_a_chat_server_that_is_away(
    page: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.conf.settings.GUIDE_URL", "http://127.0.0.1:9")
    text = page()
    assert "does not answer at http://127.0.0.1:9" in text
    assert "Start it (“make run”)" in text
    assert "1 of these needs attention" in text


@pytest.mark.parametrize(
    "url", ["", "nonsense", "file:///etc/passwd", "http://[", "http://x:99999"]
)
def test_an_address_that_is_none_is_a_chat_server_that_is_away(
    page: Callable[[], str], monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setattr("django.conf.settings.GUIDE_URL", url)
    text = page()
    assert "It does not answer" in text
    assert "root:" not in text


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b"<html>"), (200, b"[]"), (200, b'{"status": "ok"}'), (404, b"no"),
        (500, b"\xff\xfe"), (200, b"[" * 50_000), (200, b'{"not_ready": "store"}'), (200, b""),
        (200, b"x" * 200_000),
    ],
)  # fmt: skip
def test_something_else_at_its_address(
    chat: ChatServer, page: Callable[[], str], status: int, body: bytes
) -> None:
    chat.status, chat.body = status, body
    assert "not as this version of the guide does" in page()


def test_a_chat_server_that_is_not_ready_says_what_is_missing(
    chat: ChatServer, page: Callable[[], str]
) -> None:
    chat.says(503, not_ready=["model", "store"], store_failures=7)
    text = page()
    assert "What is missing: model, store." in text
    assert "7 since the chat server started" in text
    assert "2 of these need attention" in text


def test_absurd_values_of_the_chat_server_are_shown_as_text(
    chat: ChatServer, page: Callable[[], str]
) -> None:
    chat.says(503, not_ready=["<script>", {"a": 1}] * 9, store_failures="many", content=["x"])
    text = page()
    assert "<script>" not in text
    assert "Not known while the chat server does not tell" in text


@pytest.mark.parametrize(("waited", "well"), [(20, True), (600, False)])
def test_messages_that_wait(
    chat: ChatServer, page: Callable[[], str], waited: float, well: bool
) -> None:
    for number, done in enumerate((False, False, True)):
        insert(
            INBOX, channel="slack", event_id=str(number), conversation="slack:a", claimed=0.0,
            received=time.time() - waited, done=done, body="", reply="",
        )  # fmt: skip
    text = page()
    assert f"2, the oldest for {'20 s' if well else '10 min'}" in text
    assert ("All is well" in text) == well
    assert ("No chat server takes them up" in text) != well


def test_rows_and_size_of_the_database(chat: ChatServer, page: Callable[[], str]) -> None:
    rows.conversation()
    rows.turn()
    rows.turn()
    assert "1 conversations, 2 turns, 4 events" in page()


def test_retention_that_runs(
    chat: ChatServer, page: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUIDE_RETENTION_DAYS", "30")
    assert "kept for 30 days. The first look for old ones" in page()
    removal("retention", days_ago=9, conversations=5)
    removal("retention", days_ago=2, conversations=4)
    removal("sample", days_ago=1, conversations=1000)
    text = page()
    assert "4 conversations with 9 turns removed, in 0.2 s" in text
    assert "All is well" in text


def test_retention_that_does_not_run(
    chat: ChatServer, page: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUIDE_RETENTION_DAYS", "30")
    rows.conversation()
    rows.turn(time=time.time() - 40 * DAY)
    text = page()
    assert "the oldest turn is 40 days old" in text
    assert "python -m guide.store.retention" in text


def test_retention_that_is_no_number(
    chat: ChatServer, page: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUIDE_RETENTION_DAYS", "for ever")
    assert "not a number of days" in page()


def test_erasing(chat: ChatServer, page: Callable[[], str]) -> None:
    assert "Nobody has asked for it yet" in page()
    removal("patient", days_ago=40, conversations=100)
    removal("patient", days_ago=2, conversations=1)
    removal("patient", days_ago=3, conversations=1)
    removal("staff", days_ago=3, conversations=4)
    assert "2 by patients, 4 by staff" in page()


def test_the_live_release(chat: ChatServer, page: Callable[[], str], tmp_path: Path) -> None:
    live = tmp_path / "models" / "live"
    live.parent.mkdir()
    live.write_text("r1\n")
    assert "r1, and the chat server answers from it" in page()
    live.write_text("r2\n")
    chat.says(release="r2")
    text = page()
    assert "r2 should be live, but the chat server answers from r1" in text
    chat.says(model="", release="r2")
    assert "r2. The chat server does not say" in page()
    live.write_bytes(b"\xff" * 5000)
    assert page().count("\ufffd") <= 40


def test_little_disk_space(
    chat: ChatServer, page: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Usage:
        total, free = 100e9, 3e9

    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage)
    assert "Only 3.0 GB of 100.0 GB are free" in page()
    Usage.free = 2e6
    assert "Soon nothing can be kept" in page()


@pytest.mark.parametrize(
    ("octets", "text"),
    [(0, "0 bytes"), (999, "999 bytes"), (1000, "1 KB"), (5.4e6, "5 MB"), (1.25e12, "1250.0 GB")],
)
def test_sizes(octets: float, text: str) -> None:
    assert size(octets) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(-3, "0 s"), (59, "59 s"), (60, "1 min"), (7200, "2 h"), (2e5, "2 days")]
)
def test_ages(seconds: float, text: str) -> None:
    assert age(seconds) == text


def test_every_trouble_says_what_to_do() -> None:
    parts = yaml.safe_load(words.FILE.read_text(encoding="utf-8"))
    for name, part in parts.items():
        for case, told in part.items():
            if case != "name":
                assert (told["level"] in ("warn", "bad")) == ("do" in told), (name, case)
