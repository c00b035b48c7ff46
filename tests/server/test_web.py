"""The web channel of the running guide: what it describes is what it does, on every server."""

from __future__ import annotations

import json
import os
import random
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import schemathesis

from guide.channels.pages import DESCRIPTION
from tests.conftest import Guide, running_guide
from tests.server.channels.web import Visitor, anywhere, ask
from tests.server.talk import CONTENT, NOTICE

pytestmark = pytest.mark.server

ELSEWHERE = "https://www.example.org"
EXAMPLES = 60
DESCRIBED = schemathesis.openapi.from_path(DESCRIPTION)


@pytest.fixture(scope="module")
def web(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guide]:
    """A guide behind one proxy, embedded by one other site. It shares its database with `guide`."""
    folder = tmp_path_factory.mktemp("web_guide")
    with running_guide(folder, GUIDE_PROXIES="1", GUIDE_ORIGINS=ELSEWHERE) as running:
        yield running


@DESCRIBED.parametrize()
@hypothesis.settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(hypothesis.HealthCheck),
)
def test_the_server_does_what_its_description_says(case: schemathesis.Case, web: Guide) -> None:
    random.seed(case.id)
    headers = {"X-Forwarded-For": anywhere(), **Visitor(web).token}
    case.call_and_validate(base_url=f"{web.url}/chat", headers=headers)


def test_a_conversation(web: Guide) -> None:
    patient = Visitor(web)
    assert NOTICE.strip("_") in patient.greeting["text"]
    first = patient.say(web, "What is CAR T-cell therapy?")
    assert (first["kind"], first["answers"]) == ("answer", ["what_is"])
    # The greeting was none of the replies, so this one carries the notice too.
    assert NOTICE.strip("_") in first["text"]
    assert first["version"] == CONTENT.version
    pressed = patient.send(web, payload=first["buttons"][0]["payload"]).json["reply"]
    assert pressed["kind"] == "answer"
    assert NOTICE.strip("_") not in pressed["text"]
    assert patient.say(web, "my father cant breathe")["kind"] == "emergency"
    said = [one["text"] for one in until(lambda: patient.history(web), 6) if "kind" not in one]
    assert said == [
        "What is CAR T-cell therapy?", first["buttons"][0]["title"], "my father cant breathe",
    ]  # fmt: skip
    told = [one for one in patient.history(web) if one["from"] == "guide"]
    assert [one["kind"] for one in told] == ["answer", "answer", "emergency"]
    assert (told[0]["text"], told[0]["buttons"]) == (first["text"], first["buttons"])


def until(look: Callable[[], list[Any]], length: int) -> list[Any]:
    """An urgent message is recorded after it was answered."""
    end = time.monotonic() + 10
    while len(found := look()) < length and time.monotonic() < end:
        time.sleep(0.1)
    return found


def test_thumbs_are_taken(web: Guide, guide: Guide) -> None:
    """`guide` has the action server."""
    patient = Visitor(guide)
    helpful, unhelpful = patient.say(guide, "What is CAR T-cell therapy?")["feedback"]
    thanks = patient.send(guide, payload=helpful).json["reply"]
    why = patient.send(guide, payload=unhelpful).json["reply"]
    assert thanks["kind"] == why["kind"] == "small_talk"
    assert len(why["buttons"]) >= 3
    noted = patient.send(guide, payload=why["buttons"][0]["payload"]).json["reply"]
    assert noted["kind"] == "small_talk"


def test_a_resend_to_another_server_gets_the_same_reply(web: Guide, guide: Guide) -> None:
    patient = Visitor(web)
    first = patient.say(web, "What is CAR T-cell therapy?", "message-0001")
    assert patient.say(guide, "What is CAR T-cell therapy?", "message-0001") == first
    assert len(patient.history(guide)) == 2  # one turn, which both servers know


def test_resends_at_the_same_time_make_one_turn(web: Guide) -> None:
    patient = Visitor(web)
    with ThreadPoolExecutor(4) as threads:
        sends = [
            threads.submit(patient.say, web, "What is CAR T-cell therapy?", "message-0001")
            for _ in range(4)
        ]
    replies = [send.result() for send in sends]
    assert replies == replies[:1] * 4
    assert len(patient.history(web)) == 2


def test_a_resend_after_a_lost_connection_makes_one_turn(web: Guide) -> None:
    patient = Visitor(web)
    body = json.dumps({"id": "message-0001", "text": "What is CAR T-cell therapy?"}).encode()
    host, port = web.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(
            b"POST /chat/messages HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            b"X-Forwarded-For: 198.19.0.1\r\nAuthorization: %s\r\nContent-Length: %d\r\n\r\n%s"
            % (patient.token["Authorization"].encode(), len(body), body)
        )
        time.sleep(0.05)  # most likely in the middle of the turn
    again = patient.say(web, "What is CAR T-cell therapy?", "message-0001")
    assert again["answers"] == ["what_is"]
    assert len(until(lambda: patient.history(web), 2)) == 2


def test_erase_is_for_all_servers(web: Guide, guide: Guide) -> None:
    patient = Visitor(web)
    patient.say(web, "my name is Jane Roe", "message-0001")
    assert ask(web, "DELETE", "/chat/conversation", **patient.token).status == 204
    for server in (web, guide):
        for method, path in (("GET", "/chat/history"), ("DELETE", "/chat/conversation")):
            assert ask(server, method, path, **patient.token).status == 401
        assert patient.send(server, "message-0001", text="my name is Jane Roe").status == 401
    assert b"Jane" not in b"".join(path.read_bytes() for path in var_files())
    assert "Jane" not in web.chat_log.read_text(encoding="utf-8")


def var_files() -> list[Path]:
    """All that the servers keep."""
    return [path for path in Path(os.environ["GUIDE_VAR"]).rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("origin", "status", "allowed"),
    [
        (ELSEWHERE, 201, True),
        ("own", 201, False),
        ("https://www.example.org.evil.example", 403, False),
        ("http://www.example.org", 403, False),
        ("null", 403, False),
    ],
)
def test_pages_of_other_sites(web: Guide, origin: str, status: int, allowed: bool) -> None:
    origin = web.url if origin == "own" else origin
    begun = ask(web, "POST", "/chat/session", {}, Origin=origin)
    assert begun.status == status
    asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    preflight = ask(web, "OPTIONS", "/chat/messages", **asked)
    for response in (begun, preflight):
        told = response.headers.get("access-control-allow-origin")
        assert told == (origin if allowed else None)
        assert "access-control-allow-credentials" not in response.headers
        assert "Origin" in response.headers["vary"]
    if allowed:
        assert preflight.status in {200, 204}
        assert preflight.headers["access-control-allow-headers"] == "Authorization, Content-Type"
        assert "POST" in preflight.headers["access-control-allow-methods"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/chat/openapi.yaml", 200),
        ("HEAD", "/chat/openapi.yaml", 200),
        ("GET", "/chat/history", 401),
        ("GET", "/chat/nothing", 404),
        ("PUT", "/chat/session", 405),
        ("TRACE", "/chat/session", 405),
        ("OPTIONS", "/chat/messages", 200),
        ("POST", "/chat/session", 201),
    ],
)
def test_every_response_is_safe(web: Guide, method: str, path: str, status: int) -> None:
    response = ask(web, method, path)
    assert response.status == status
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "no-referrer"


def test_the_root_leads_to_the_chat(web: Guide) -> None:
    root = ask(web, "GET", "/")
    assert (root.status, root.headers["location"]) == (302, "/chat/")
    bare = ask(web, "GET", "/chat")
    assert (bare.status, bare.headers["location"]) == (308, "/chat/")


@pytest.mark.parametrize("coding", ["", "chunked"])
def test_a_body_that_is_too_large_is_not_read_to_its_end(web: Guide, coding: str) -> None:
    host, port = web.url.removeprefix("http://").split(":")
    length = b"Transfer-Encoding: chunked" if coding else b"Content-Length: 90000000"
    part = b"4000\r\n" + b"a" * 0x4000 + b"\r\n" if coding else b"a" * 0x4000
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(
            b"POST /chat/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            b"X-Forwarded-For: 198.19.0.2\r\n%s\r\n\r\n%s%s" % (length, part, part)
        )
        answer = b"".join(iter(lambda: connection.recv(65536), b""))  # until the server closes
    assert answer.startswith(b"HTTP/1.1 413")
    assert b"too_large" in answer
