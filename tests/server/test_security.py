"""What somebody who is no patient tries at the running guide."""

from __future__ import annotations

import gzip
import json
import socket
from contextlib import ExitStack

import pytest

from guide.channels.bounds import MAX_BODY
from tests.conftest import Guide
from tests.server.channels.web import Visitor, ask
from tests.server.talk import kind

pytestmark = pytest.mark.server

WEBHOOKS = ["/webhooks/rest/webhook", "/webhooks/slack/events", "/webhooks/telegram/webhook"]
HALF_OPEN = 200
BEGUN = b"POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"


def connected(guide: Guide) -> socket.socket:
    host, port = guide.url.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=20)


def until_closed(connection: socket.socket) -> bytes:
    """All that comes back until the server closes the connection."""
    return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.mark.parametrize("path", WEBHOOKS)
def test_a_huge_body_is_refused_before_it_is_sent(guide: Guide, path: str) -> None:
    with connected(guide) as connection:
        announced = b"Content-Length: %d\r\n\r\n" % (MAX_BODY + 1)
        connection.sendall(BEGUN % path.encode() + announced + b'{"sender": "x"')
        assert until_closed(connection).startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize("path", WEBHOOKS)
def test_a_body_of_unknown_length_ends_at_the_limit(guide: Guide, path: str) -> None:
    part = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    with connected(guide) as connection:
        connection.sendall(BEGUN % path.encode() + b"Transfer-Encoding: chunked\r\n\r\n")
        try:
            for _ in range(2 * MAX_BODY // 0x10000):
                connection.sendall(part)
            answer = until_closed(connection)
        except ConnectionError:  # the server has closed it already
            return
    assert answer.startswith(b"HTTP/1.1 413")


def test_what_is_packed_is_not_unpacked(guide: Guide) -> None:
    message = json.dumps({"sender": "packed", "message": "a" * 10_000_000})
    status, told = guide.post(gzip.compress(message.encode()))
    assert (status, told["error"]) == (400, "the body must be JSON")


@pytest.mark.parametrize("sent", [b"", BEGUN % b"/chat/messages", b"GET /chat/"])
def test_many_who_never_end_their_request_hold_up_nobody(guide: Guide, sent: bytes) -> None:
    with ExitStack() as opened:
        for _ in range(HALF_OPEN):
            opened.enter_context(connected(guide)).sendall(sent)
        assert kind(guide.say("What is CAR T-cell therapy?")) == "answer"


def test_the_log_holds_no_session(guide: Guide) -> None:
    patient = Visitor(guide)
    patient.say(guide, "How much does it cost?")
    assert ask(guide, "DELETE", "/chat/conversation", None, **patient.token).status == 204
    assert patient.send(guide, text="hello").status == 401
    _, signature = patient.token["Authorization"].rsplit(".", 1)
    assert signature not in guide.chat_log.read_text(encoding="utf-8")
