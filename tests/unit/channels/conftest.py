"""The gate that every message passes, and the channels behind it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from sanic import Sanic
from sanic.touchup.service import TouchUp

import guide.channels.slack
from guide.channels.incoming import Gate
from guide.channels.limits import RateLimit
from guide.channels.payloads import Payloads
from guide.channels.turns import Turns
from tests.standins.slack import TOKEN, Slack
from tests.standins.slack_requests import SECRET
from tests.standins.telegram import BotApi
from tests.unit.channels.rest_server import Server
from tests.unit.channels.slack_server import SlackServer
from tests.unit.channels.telegram_server import CHATS, TelegramServer


@pytest.fixture(scope="session", autouse=True)
def many_applications() -> Iterator[None]:
    """Sanic rewrites its own class when an application starts, and can do so once."""
    rewrite = TouchUp.run

    def once(app: Sanic) -> None:
        if not getattr(Sanic, "__touched__", False):
            rewrite(app)

    with patch.object(TouchUp, "run", once):
        yield


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


@pytest.fixture
def slack() -> Iterator[Slack]:
    with Slack() as running:
        yield running


@pytest.fixture
def slack_server(
    slack: Slack, gate: Gate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> SlackServer:
    """With a database of its own, and turns that nobody has used up."""
    monkeypatch.setenv("SLACK_SIGNING_SECRET", SECRET)
    monkeypatch.setenv("SLACK_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("SLACK_API_URL", slack.api_url)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'guide.db'}")
    payloads = Payloads(b"s" * 32, gate.content, gate.wording)
    turns = Turns(gate, payloads, RateLimit(12, 30))
    monkeypatch.setattr(guide.channels.slack, "shared_turns", lambda: turns)
    return SlackServer(slack, gate.wording.say("notice"))
