"""Setting a bot up: what it needs, what Telegram is told, and what is told to who runs it."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from guide.channels.incoming import Gate
from guide.channels.telegram_client import (
    API_URL,
    NEEDED,
    PATH,
    Settings,
    bot_of,
    read_settings,
)
from guide.channels.telegram_sender import HEADER
from guide.channels.telegram_setup import main, set_up, set_up_in_time
from guide.settings import SettingError
from tests.standins.telegram import TOKEN, BotApi
from tests.standins.telegram_rules import checked_webhook
from tests.unit.channels.telegram_server import SECRET, settings_for, until

WEBHOOK = f"https://guide.example.org{PATH}"
GOOD = dict(zip(NEEDED, (TOKEN, SECRET, WEBHOOK), strict=True))


@pytest.fixture
def api() -> Iterator[BotApi]:
    with BotApi() as running:
        yield running


def test_the_settings_of_a_bot() -> None:
    assert read_settings({}) is None
    assert read_settings(GOOD) == Settings(TOKEN, SECRET, WEBHOOK, API_URL)
    own = {"TELEGRAM_API_URL": "http://127.0.0.1:8081/", NEEDED[2]: f"http://127.0.0.1:5005{PATH}"}
    assert read_settings({**GOOD, **own}).api == "http://127.0.0.1:8081"
    assert TOKEN not in repr(read_settings(GOOD))
    assert SECRET not in repr(read_settings(GOOD))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({NEEDED[1]: ""}, "TELEGRAM_SECRET must be set too"),
        ({NEEDED[2]: " "}, "TELEGRAM_WEBHOOK_URL must be set too"),
        ({NEEDED[1]: "", NEEDED[2]: ""}, "TELEGRAM_SECRET and TELEGRAM_WEBHOOK_URL must be set"),
        ({NEEDED[0]: "my bot"}, "TELEGRAM_BOT_TOKEN must look like"),
        ({NEEDED[0]: TOKEN + "/../x"}, "TELEGRAM_BOT_TOKEN must look like"),
        ({NEEDED[1]: "short"}, "TELEGRAM_SECRET must be 24 to 256"),
        ({NEEDED[1]: "x" * 257}, "TELEGRAM_SECRET must be 24 to 256"),
        ({NEEDED[1]: SECRET + "!"}, "TELEGRAM_SECRET must be 24 to 256"),
        ({NEEDED[1]: SECRET + "\u00e9"}, "TELEGRAM_SECRET must be 24 to 256"),
        ({NEEDED[2]: f"http://guide.example.org{PATH}"}, "must be https://<your host>"),
        ({NEEDED[2]: "https://guide.example.org"}, "must be https://<your host>"),
        ({NEEDED[2]: f"https://{PATH}"}, "must be https://<your host>"),
        ({"TELEGRAM_API_URL": "api.telegram.org"}, "TELEGRAM_API_URL must begin with"),
    ],
)
def test_settings_that_can_not_work(change: dict[str, str], told: str) -> None:
    with pytest.raises(SettingError, match=told) as error:
        read_settings({**GOOD, **change})
    assert TOKEN not in str(error.value)
    assert SECRET not in str(error.value)


def test_telegram_is_told_all_of_it(api: BotApi, gate: Gate) -> None:
    settings = settings_for(api)
    asyncio.run(set_up(bot_of(settings), settings, gate.wording))
    assert api.state.webhook == {
        "url": settings.webhook, "secret_token": SECRET,
        "allowed_updates": ["message", "callback_query"],
    }  # fmt: skip
    menu = api.state.commands["all_private_chats"]
    assert [one["command"] for one in menu] == ["help", "trials", "privacy", "delete"]
    assert "not medical advice" in api.state.description
    assert "not medical advice" in api.state.short_description


def test_what_telegram_knows_already_is_not_written_again(api: BotApi, gate: Gate) -> None:
    settings = settings_for(api)
    asyncio.run(set_up(bot_of(settings), settings, gate.wording))
    api.calls.clear()
    asyncio.run(set_up(bot_of(settings), settings, gate.wording))
    assert [name for name, _ in api.calls if name.startswith("set")] == ["setWebhook"]


def test_the_menus_commands_say_something_for_the_patient(gate: Gate) -> None:
    mappings = gate.wording.mappings
    assert set(mappings["telegram_menu"]) | {"start"} == set(mappings["telegram_commands"])


def test_setting_up_is_tried_again_until_it_works(
    api: BotApi, gate: Gate, caplog: pytest.LogCaptureFixture
) -> None:
    api.broken["getMe"] = 1
    api.flooded["setWebhook"] = [1]
    settings = settings_for(api)
    with caplog.at_level(logging.INFO):
        asyncio.run(set_up_in_time(bot_of(settings), settings, gate.wording))
    told = [record.getMessage() for record in caplog.records]
    assert "not set up, next try in 1 s: Bad Gateway" in told[0]
    assert "Flood control exceeded" in told[1]
    assert told[2:] == ["telegram: set up"]
    assert api.state.short_description


def test_a_wrong_token_is_told_once_and_ends_it(
    api: BotApi, gate: Gate, caplog: pytest.LogCaptureFixture
) -> None:
    settings = replace(settings_for(api), token="110201543:AAwrong")
    asyncio.run(asyncio.wait_for(set_up_in_time(bot_of(settings), settings, gate.wording), 5))
    (record,) = caplog.records
    assert (record.levelname, "no bot has this TELEGRAM_BOT_TOKEN" in record.getMessage()) == (
        "ERROR",
        True,
    )
    assert "AAwrong" not in caplog.text


def test_a_telegram_that_is_away_is_no_end_and_its_address_is_not_told(
    gate: Gate, caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings(TOKEN, SECRET, WEBHOOK, "http://127.0.0.1:1")

    async def scenario() -> None:
        task = asyncio.ensure_future(set_up_in_time(bot_of(settings), settings, gate.wording))
        await until(lambda: caplog.records)
        assert not task.done()
        task.cancel()

    with caplog.at_level(logging.DEBUG):
        asyncio.run(scenario())
    assert "next try in" in caplog.text
    assert TOKEN.split(":")[1] not in caplog.text


class Door:
    """Stands for the running guide's webhook; `statuses` of (a caller with our secret, without)."""

    def __init__(self, statuses: tuple[int, int]) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(statuses[0 if self.headers.get(HEADER) == SECRET else 1])
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Says nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}{PATH}"

    def __enter__(self) -> Door:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def environment(api: BotApi, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Settings that work, but for the guide that is not running."""
    for name, value in {**GOOD, "TELEGRAM_API_URL": api.url}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("TELEGRAM_WEBHOOK_URL", f"http://127.0.0.1:1{PATH}")
    return monkeypatch


@pytest.mark.parametrize(
    ("statuses", "code", "told"),
    [
        ((200, 401), 0, "Everything is right"),
        ((404, 404), 1, "its Telegram channel is off"),
        ((401, 401), 1, "has another TELEGRAM_SECRET"),
        ((502, 502), 1, "answers with status 502"),
        ((200, 200), 1, "takes messages from strangers"),
    ],
)
def test_make_telegram_knocks_at_the_guide(
    environment: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    statuses: tuple[int, int],
    code: int,
    told: str,
) -> None:
    with Door(statuses) as door:
        environment.setenv("TELEGRAM_WEBHOOK_URL", door.url)
        assert main() == code
    said = capsys.readouterr()
    assert "@guide_bot" in said.out
    assert told in said.out + said.err
    assert (said.err == "") == (code == 0)


def test_make_telegram_tells_all_that_is_wrong(
    api: BotApi, environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    api.bot |= {"can_join_groups": True, "can_read_all_group_messages": True}
    api.last_error = "Connection refused"
    assert main() == 1
    said = capsys.readouterr().err
    for told in ("does not answer at", "0 minutes ago: Connection refused", "/setjoingroups",
                 "/setprivacy"):  # fmt: skip
        assert told in said


@pytest.mark.parametrize(
    ("change", "code", "told"),
    [
        ({NEEDED[0]: ""}, 2, "write /newbot to @BotFather"),
        ({NEEDED[1]: ""}, 2, "TELEGRAM_SECRET must be set too"),
        ({NEEDED[0]: "110201543:AAwrong"}, 1, "does not know TELEGRAM_BOT_TOKEN"),
        ({"TELEGRAM_API_URL": "http://127.0.0.1:1"}, 1, "Telegram at http://127.0.0.1:1 says"),
    ],
)
def test_make_telegram_without_what_it_needs(
    environment: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    change: dict[str, str],
    code: int,
    told: str,
) -> None:
    for name, value in change.items():
        environment.setenv(name, value)
    assert main() == code
    said = capsys.readouterr().err
    assert told in said
    assert "AAwrong" not in said
    assert "Traceback" not in said


def test_a_secret_that_is_offered_can_be_used(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.setenv("TELEGRAM_SECRET", "short")
    assert main() == 2
    offered = capsys.readouterr().err.strip().rpartition("TELEGRAM_SECRET=")[2]
    assert read_settings({**GOOD, "TELEGRAM_SECRET": offered}).secret == offered
    assert checked_webhook({"url": WEBHOOK, "secret_token": offered}, public=True)
