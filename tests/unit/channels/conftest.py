"""The gate that every message passes, and the REST channel behind it, built once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from guide.channels.incoming import Gate
from tests.standins.telegram import BotApi
from tests.unit.channels.rest_server import Server
from tests.unit.channels.telegram_server import CHATS, TelegramServer


@pytest.fixture(scope="session")
def gate() -> Gate:
    return Gate()


@pytest.fixture(scope="session")
def server() -> Server:
    return Server()


@pytest.fixture
def bot_api(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[BotApi]:
    """Telegram's Bot API, as a stand-in; the guide's inbox is a new one."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'guide.db'}")
    with BotApi() as running:
        yield running


@pytest.fixture
def telegram(bot_api: BotApi) -> TelegramServer:
    """The Telegram channel with a bot."""
    return TelegramServer(bot_api)


@pytest.fixture
def chat() -> int:
    """A chat of its own: the rate is limited by conversation."""
    return next(CHATS)
