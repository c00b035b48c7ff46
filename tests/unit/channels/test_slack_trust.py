"""Slack: who is believed, and what half or wrong credentials do."""

from __future__ import annotations

import asyncio
import logging
import time
import uuid

import pytest
from rasa.core.channels.channel import register
from sanic import Sanic

from guide.channels.rest import RestChannel
from guide.channels.slack import API_URL, SlackChannel, access_from_environment
from guide.channels.slack_signature import Signatures
from tests.standins.slack import TOKEN, Slack
from tests.standins.slack_requests import (
    FORM,
    JSON,
    SECRET,
    command,
    encoded,
    event,
    message,
    signed,
)
from tests.unit.channels.slack_server import SlackServer

BODY = b'{"type": "event_callback"}'
NAMES = ("SLACK_SIGNING_SECRET", "SLACK_BOT_TOKEN", "SLACK_API_URL")


def test_what_slack_signed_is_genuine() -> None:
    for body in (BODY, b"", '{"text": "é 🙂"}'.encode()):
        assert Signatures(SECRET).genuine(body, signed(body))
        assert Signatures(SECRET).genuine(body, signed(body, age_s=290))
        assert Signatures(SECRET).genuine(body, signed(body, age_s=-290))


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (BODY, {}),
        (BODY + b" ", signed(BODY)),
        (BODY, signed(BODY, secret=SECRET + "x")),
        (BODY, signed(BODY, age_s=600)),
        (BODY, signed(BODY, age_s=-3600)),
        (BODY, signed(BODY) | {"x-slack-signature": ""}),
        (BODY, signed(BODY) | {"x-slack-signature": "v0=\u00e9"}),
        (BODY, signed(BODY) | {"x-slack-signature": signed(BODY)["x-slack-signature"][3:]}),
        (BODY, signed(BODY) | {"x-slack-request-timestamp": "soon"}),
        (BODY, signed(BODY) | {"x-slack-request-timestamp": "9" * 400}),
        (BODY, signed(BODY) | {"x-slack-request-timestamp": str(int(time.time()) - 60)}),
        (b"\xff\xfe", signed(BODY)),
    ],
)
def test_all_else_is_refused(
    slack_server: SlackServer, body: bytes, headers: dict[str, str]
) -> None:
    assert not Signatures(SECRET).genuine(body, headers)

    async def scenario() -> None:
        sent = {"content-type": JSON, **headers}
        if sent.get("x-slack-signature", "").isascii():  # no other leaves a client
            assert (await slack_server.request(body, sent))[0] == 401

    slack_server.run(scenario)


def test_the_form_of_a_command_is_signed_too(slack_server: SlackServer) -> None:
    async def scenario() -> None:
        raw, kind = encoded(command("is it safe", slack_server.slack.response_url()))
        assert kind == FORM
        headers = signed(raw, kind)
        assert (await slack_server.request(raw.replace(b"safe", b"free"), headers))[0] == 401
        assert (await slack_server.request(b"ssl_check=1&token=x", signed(b"", FORM)))[0] == 401
        assert slack_server.agent.handled == []

    slack_server.run(scenario)


@pytest.mark.parametrize(
    "body", [b"[]", b"5", b"{", b"payload=no+json", b'{"type": "event_callback", "event": "x"}']
)
def test_a_signed_body_of_no_known_form_is_told_so(
    slack_server: SlackServer, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario() -> None:
        kind = FORM if body.startswith(b"payload") else JSON
        status, _ = await slack_server.request(body, signed(body, kind))
        assert status in {400, 404, 503}
        await slack_server.event(message("still here"))
        await slack_server.seen(slack_server.slack.posted)

    slack_server.run(scenario)
    assert "Traceback" not in caplog.text


def set_all(monkeypatch: pytest.MonkeyPatch, *values: str | None) -> None:
    for name, value in zip(NAMES, values, strict=True):
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)


def test_the_settings_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, f" {SECRET}\n", TOKEN, None)
    access = access_from_environment()
    assert access is not None
    assert (access.signing_secret, access.token, access.api_url) == (SECRET, TOKEN, API_URL)


@pytest.mark.parametrize(
    ("values", "level", "told"),
    [
        ((None, None, None), logging.WARNING, "are not set"),
        (("", " ", "http://127.0.0.1:1/"), logging.WARNING, "are not set"),
        ((SECRET, None, None), logging.ERROR, "SLACK_BOT_TOKEN is not set"),
        ((None, TOKEN, None), logging.ERROR, "SLACK_SIGNING_SECRET is not set"),
        ((SECRET, "xapp-1", None), logging.ERROR, "begins with xoxb-"),
        ((SECRET, TOKEN, "slack.com/api"), logging.ERROR, "SLACK_API_URL"),
    ],
)
def test_without_good_credentials_the_channel_is_off_and_says_so_once(
    values: tuple[str | None, ...],
    level: int,
    told: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    slack_server: SlackServer,
) -> None:
    set_all(monkeypatch, *values)
    slack_server.app = Sanic(f"off-{uuid.uuid4().hex}", configure_logging=False)
    slack_server.app.asgi = True
    channels = [SlackChannel.from_credentials(None), RestChannel()]
    register(channels, slack_server.app, route="/webhooks/")
    records = [one for one in caplog.records if one.name == "guide.channels.slack"]
    assert [one.levelno for one in records] == [level]
    assert told in records[0].getMessage()
    assert TOKEN not in caplog.text and SECRET not in caplog.text

    async def scenario() -> None:
        raw, kind = encoded(event(message("hello")))
        assert (await slack_server.request(raw, signed(raw, kind)))[0] == 404
        assert (await slack_server.request(b"{}", {}, "/webhooks/rest/webhook"))[0] == 400

    slack_server.run(scenario)


def test_a_token_that_slack_refuses_is_a_clear_error(
    slack: Slack, slack_server: SlackServer, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-revoked")
    server = SlackServer(slack, "")

    async def scenario() -> None:
        while "invalid_auth" not in caplog.text:
            await asyncio.sleep(0.02)

    server.run(scenario, look_after=True)
    assert "Slack refuses SLACK_BOT_TOKEN (invalid_auth)" in caplog.text
    assert "xoxb" not in caplog.text


def test_a_good_token_says_nothing(
    slack_server: SlackServer, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario() -> None:
        while not slack_server.slack.calls:
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.1)

    slack_server.run(scenario, look_after=True)
    assert [method for method, _ in slack_server.slack.calls] == ["auth.test"]
    assert [one for one in caplog.records if one.name.startswith("guide")] == []
