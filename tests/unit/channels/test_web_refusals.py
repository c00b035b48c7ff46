"""What the web channel refuses, and how it says so."""

from __future__ import annotations

import json
import logging
import time

import pytest

from guide.channels.sessions import Sessions
from guide.channels.web_api import SESSION_BURST
from guide.settings import secret
from tests.unit.channels.test_web import ID, SECRET, settings
from tests.unit.channels.web_server import Patient, Server, play

__all__ = ["settings"]


@pytest.mark.parametrize(
    ("body", "kind", "status", "error"),
    [
        (b"{", "application/json", 400, "bad_request"),
        (b"", "application/json", 400, "bad_request"),
        (b"\xff", "application/json", 400, "bad_request"),
        (b"[" * 10_000, "application/json", 400, "bad_request"),
        (b'{"id": "short", "text": "hi"}', "application/json", 400, "bad_request"),
        (b'{"id": "message-0001", "text": "hi"}', "text/plain", 415, "not_json"),
        (b'{"id": "message-0001", "text": "hi"}', "application/jsonp", 415, "not_json"),
        (b'{"id": "message-0001", "text": "hi"}', "", 415, "not_json"),
        (b" " * 16_385, "application/json", 413, "too_large"),
    ],
)
def test_bad_messages_are_told_in_words(body: bytes, kind: str, status: int, error: str) -> None:
    async def scenario() -> None:
        server = Server()
        patient = await server.patient()
        answer = await patient.ask("POST", "messages", body, **{"content-type": kind})
        assert (answer.status, answer.error) == (status, error)
        assert server.agent.handled == []

    play(scenario)


def test_the_largest_body_is_read() -> None:
    async def scenario() -> None:
        patient = await Server().patient()
        body = json.dumps({"id": ID, "text": "hi"}).encode()
        kind = {"content-type": "Application/JSON; charset=utf-8"}
        answer = await patient.ask("POST", "messages", body + b" " * (16_384 - len(body)), **kind)
        assert answer.status == 200

    play(scenario)


@pytest.mark.parametrize(
    ("method", "path", "status", "allow"),
    [
        ("GET", "session", 405, "POST"),
        ("PUT", "messages", 405, "POST"),
        ("POST", "history", 405, "GET"),
        ("GET", "conversation", 405, "DELETE"),
        ("DELETE", "widget.js", 405, "GET"),
        ("GET", "nothing", 404, ""),
        ("POST", "messages/1", 404, ""),
    ],
)
def test_other_addresses_and_methods(method: str, path: str, status: int, allow: str) -> None:
    async def scenario() -> None:
        patient = await Server().patient()
        answer = await patient.ask(method, path)
        assert answer.status == status
        assert answer.error == ("wrong_method" if allow else "not_found")
        assert allow in answer.headers.get("allow", "")

    play(scenario)


@pytest.mark.parametrize(
    "method, path", [("POST", "messages"), ("GET", "history"), ("DELETE", "conversation")]
)
def test_without_a_good_token_nothing_is_told(method: str, path: str) -> None:
    async def scenario() -> None:
        server = Server()
        patient = await server.patient()
        await patient.say("hello")
        id_, ends, signature = patient.token.split(".")
        other = (await server.patient()).token.split(".")
        for header in (
            "", "Bearer", "Bearer ", f"Basic {patient.token}", patient.token,
            f"Bearer {id_}.{ends}", f"Bearer {id_}.{ends}.{signature[:-1]}",
            f"Bearer {id_}.{int(ends, 16) + 9:x}.{signature}",
            f"Bearer {other[0]}.{ends}.{signature}",
        ):  # fmt: skip
            answer = await server.request(
                method, f"/chat/{path}", b'{"id": "message-0001", "text": "hi"}',
                {"authorization": header},
            )  # fmt: skip
            assert (answer.status, answer.error) == (401, "no_session"), header
            assert answer.headers["www-authenticate"] == "Bearer"
        assert len(await patient.history()) == 2

    play(scenario)


def test_a_session_that_is_over_is_refused() -> None:
    async def scenario() -> None:
        server = Server()
        for age, status in ((3590, 200), (3601, 401)):
            begun = time.time() - age
            token = Sessions(secret(), 3600, lambda begun=begun: begun).mint()
            assert (await Patient(server, token, {}).ask("GET", "history")).status == status

    play(scenario)


def test_a_session_may_not_send_without_end() -> None:
    async def scenario() -> None:
        server = Server()
        patient, other = await server.patient(), await server.patient()
        answers = [await patient.send(f"message {n}") for n in range(SESSION_BURST + 1)]
        assert [a.status for a in answers] == [200] * SESSION_BURST + [429]
        assert answers[-1].error == "too_many"
        assert int(answers[-1].headers["retry-after"]) >= 1
        assert (await other.send("hello")).status == 200
        # An emergency is no matter of counting.
        assert (await patient.say("i have chest pain"))["kind"] == "emergency"

    play(scenario)


def test_an_address_may_not_begin_without_end() -> None:
    async def scenario() -> None:
        server = Server()
        answers = [await server.request("POST", "/chat/session", b"{}") for _ in range(40)]
        refused = [a for a in answers if a.status == 429]
        assert 5 <= len(refused) <= 10
        assert refused[0].error == "too_many"
        other = await server.request("POST", "/chat/session", b"{}", client="192.0.2.2")
        assert other.status == 201

    play(scenario)


def test_behind_a_proxy_the_address_is_what_the_proxy_saw(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUIDE_PROXIES", "1")

    async def scenario() -> None:
        server = Server()
        for number in range(80):  # what the client claims does not help it
            seen = {"x-forwarded-for": f"203.0.113.{number}, 198.51.100.7"}
            answer = await server.request("POST", "/chat/session", b"{}", seen)
        assert answer.status == 429
        seen = {"x-forwarded-for": "203.0.113.1, 198.51.100.8"}
        assert (await server.request("POST", "/chat/session", b"{}", seen)).status == 201

    play(scenario)


def test_whatever_breaks_is_told_in_words_and_logged_without_any(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario() -> None:
        server = Server()
        patient = await server.patient()
        await patient.say("hello")

        def breaks(*_: object) -> None:
            raise ValueError(SECRET)

        monkeypatch.setattr("guide.channels.web_api.past", breaks)
        answer = await patient.ask("GET", "history")
        assert (answer.status, answer.error) == (500, "failed")

    with caplog.at_level(logging.DEBUG):
        play(scenario)
    assert "ValueError" in caplog.text
    assert "Jane" not in caplog.text
