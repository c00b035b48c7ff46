"""The servers' logs hold ids and kinds of failure, never what a patient wrote."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from guide.channels.rest import shaped
from guide.channels.turns import Said, shared_turns
from tests.conftest import Guide
from tests.server.talk import WORDING, Talk, check_shape, kind

MARKER = "Zqxwmarker"
KINDS = {"answer", "emergency", "crisis", "error"}  # of replies to some of the messages
MESSAGES = (
    "What is CAR T-cell therapy, {}?",
    "How much does it cost, {}? And is it approved for lupus?",
    "tell me more {}",
    "{} cells",
    "{} qwpoe zxmnv",
    "hello, my name is {}",
    "Is CAR T right for me, {}?",
    "¿El lupus tiene cura, {}?",
    "I am {} and I have chest pain",
    "{} wants to kill herself",
    "trials near {}",
    "trials near {}, Massachusetts 02115",
    "where did you get that, {}",
    "that didnt help {}",
    "/restart {}",
    '/find_trials{{"city": "{}"}}',
    "EXTERNAL: {}",
    "<b>{}</b> {{{{7*7}}}} '; --",
    "{}\ud800\x00\u200b",
    "{} " * 6000,
    "delete my conversation {}",
)


def say_everything(guide: Guide) -> None:
    """Each message in one conversation and, once more, in one of its own."""
    talk = Talk(guide)
    for message in MESSAGES:
        check_shape(talk.say(message.format(*[MARKER] * message.count("{}"))))
        check_shape(guide.say(message.format(*[MARKER] * message.count("{}"))))


@contextmanager
def echoing_server(port: int) -> Iterator[None]:
    """Fails as rasa_sdk does: with status 500 and the request in the body."""

    class Echo(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(500)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", port), Echo) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield
        finally:
            server.shutdown()


def log_of(guide: Guide) -> str:
    return guide.chat_log.read_text(encoding="utf-8", errors="replace")


def check_clean(text: str) -> None:
    """No marker, in any case or as JSON; the names in the list would betray a cut."""
    assert MARKER.lower() not in text.lower()
    assert MARKER[:6].lower() not in text.lower()


@pytest.mark.server
def test_logs_and_figures_hold_no_words_of_patients(guide: Guide) -> None:
    say_everything(guide)
    status, _ = guide.post(f'{{"sender": "a", "message": ["{MARKER}"]}}'.encode())
    assert status == 400
    status, _ = guide.post(f'{{"sender": "a", "message": "{MARKER}'.encode())
    assert status == 400
    text = log_of(guide)
    check_clean(text)
    check_lines(text)
    assert all(MARKER not in str(one) for one in guide.registry.requests)
    chat, actions = figures_of(guide, "METRICS_PORT"), figures_of(guide, "ACTIONS_METRICS_PORT")
    check_clean(chat + actions)
    counted = [
        *(f'guide_turns_total{{channel="rest",kind="{kind}"}}' for kind in KINDS),
        *(f'guide_ready{{part="{part}"}}' for part in ("model", "answers", "store")),
    ]
    assert all(one in chat and f"{one} 0.0" not in chat for one in counted)
    assert "guide_inbox_waiting" in chat
    assert "guide_registry_calls_total" in actions


@pytest.mark.server
def test_logs_of_failing_turns_hold_no_words_of_patients(lone_guide: Guide) -> None:
    """Without an action server, with one that breaks, and with one that sends the request back."""
    say_everything(lone_guide)
    with lone_guide.action_server(CTGOV_TTL_HOURS="no number"):
        assert kind(lone_guide.say(f"find trials near Boston, {MARKER}")) == "error"
    with echoing_server(lone_guide.actions_port):
        assert kind(lone_guide.say(f"find trials near Boston, {MARKER}")) == "error"
    text = log_of(lone_guide)
    for trace in ("Couldn't connect", "action_find_trials failed: ValueError at finder.py", "500"):
        assert trace in text, f"a failure must leave a trace: {trace}"
    check_clean(text)


def figures_of(guide: Guide, port: str) -> str:
    """What Prometheus reads of a server."""
    with urllib.request.urlopen(f"http://127.0.0.1:{guide.settings[port]}/metrics") as reply:
        return str(reply.read().decode())


def check_lines(text: str) -> None:
    """Each is one JSON object, of whichever server and library; turns are told by their kinds."""
    lines = [json.loads(line) for line in text.splitlines()]
    assert {line["server"] for line in lines} == {"chat", "actions"}
    assert {line["level"] for line in lines} <= {"info", "warning", "error"}
    turns = [line for line in lines if line["logger"] == "guide.turns"]
    assert {turn["kind"] for turn in turns} >= KINDS
    assert all(turn["milliseconds"] >= 0 for turn in turns)


async def replies_of(turn: Any, message: str) -> list[dict[str, Any]]:
    return [shaped(await shared_turns().reply(turn, Said("rest", "rest:a", message)))]


def test_a_turn_that_raises_is_told_to_the_patient_and_not_to_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """An error's text can repeat the message: SQL errors do."""

    async def turn(message: Any) -> None:
        raise RuntimeError(f"INSERT INTO events VALUES ('{message.text}')")

    async def answer() -> list[dict[str, Any]]:
        return await replies_of(turn, f"My name is {MARKER}")

    with caplog.at_level(logging.DEBUG):
        replies = asyncio.run(answer())
    assert [one["text"] for one in replies] == [WORDING.say("failed")]
    check_shape(replies[0])
    assert "RuntimeError" in caplog.text
    assert "incident" in caplog.text
    check_clean(caplog.text)


def test_a_turn_that_says_nothing_is_told_to_the_patient() -> None:
    async def turn(message: Any) -> None:
        return None

    async def answer() -> list[dict[str, Any]]:
        return await replies_of(turn, "hello there")

    replies = asyncio.run(answer())
    assert [one["text"] for one in replies] == [WORDING.say("failed")]
