"""What patients read when the action server or the trial registry is away, hangs or errs."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from tests.conftest import Guide
from tests.server.talk import (
    NOTICE,
    SEARCH_LINK,
    WORDING,
    Talk,
    answers,
    bare,
    check_shape,
    kind,
)

pytestmark = pytest.mark.server
# Above Rasa's shortened wait for an action (guide/workarounds.py) with room for a busy machine;
# far below its own 300 s.
PATIENCE_S = 10.0
# What a patient reads when the action server does not answer: request -> text of wording.yml.
APOLOGIES = {
    "show sources": "service_down_sources",
    "find trials near Boston": "service_down_trials",
    "that helped": "service_down_feedback",
    "that didnt help": "service_down_feedback",
    "delete my conversation": "service_down_erase",
}


@contextmanager
def hanging_server(port: int) -> Iterator[threading.Event]:
    """Accepts connections and never answers; the event is set once a request has come."""
    reached, held = threading.Event(), []
    listener = socket.create_server(("127.0.0.1", port))

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            held.append(connection)
            reached.set()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield reached
    finally:
        listener.shutdown(socket.SHUT_RDWR)  # wakes accept()
        listener.close()
        for connection in held:
            connection.close()


@pytest.mark.parametrize(
    ("message", "wanted"),
    [
        ("What is CAR T-cell therapy?", "answer"),
        ("How much does it cost? And is it approved for lupus?", "several"),
        ("is it gonna rain tmrw", "fallback"),
        ("Is CAR T right for me?", "personal_advice"),
        ("¿El lupus tiene cura?", "fallback"),
        ("hello", "small_talk"),
        ("is this private", "small_talk"),
        ("I have chest pain", "emergency"),
        ("I want to kill myself", "crisis"),
        ("pee is the color of coke today", "urgent"),
    ],
)
def test_what_needs_no_action_server_arrives_without_one(
    lone_guide: Guide, message: str, wanted: str
) -> None:
    reply = lone_guide.say(message)
    check_shape(reply)
    assert kind(reply) == wanted


def test_tell_me_more_needs_no_action_server(lone_guide: Guide) -> None:
    talk = Talk(lone_guide)
    talk.say("What is CAR T-cell therapy?")
    assert (kind(talk.say("tell me more")), answers(talk.last)) == ("more", ["what_is"])


@pytest.mark.parametrize(("request_", "apology"), APOLOGIES.items(), ids=list(APOLOGIES))
def test_what_needs_the_action_server_apologises(
    lone_guide: Guide, request_: str, apology: str
) -> None:
    talk = Talk(lone_guide)
    reply = talk.say(request_)
    check_shape(reply)
    assert (kind(reply), bare(reply)) == ("error", WORDING.say(apology))
    assert reply["text"].endswith(NOTICE)
    assert (SEARCH_LINK in reply["text"]) == (apology == "service_down_trials")
    # Nothing of it sticks to the conversation.
    assert kind(talk.say("What is CAR T-cell therapy?")) == "answer"
    assert bare(talk.say(request_)) == WORDING.say(apology)


def test_an_apology_does_not_lose_the_last_answer(lone_guide: Guide) -> None:
    talk = Talk(lone_guide)
    talk.say("What is CAR T-cell therapy?")
    assert kind(talk.say("show sources")) == "error"
    assert kind(talk.say("delete my conversation")) == "error"
    assert answers(talk.say("tell me more")) == ["what_is"]


def test_a_hanging_action_server_is_given_up_on(lone_guide: Guide) -> None:
    """And an emergency of the same conversation does not wait for it."""
    talk = Talk(lone_guide)
    with hanging_server(lone_guide.actions_port) as reached, ThreadPoolExecutor(1) as patient:
        began = time.monotonic()
        sources = patient.submit(lone_guide.say, "show sources", talk.sender)
        assert reached.wait(PATIENCE_S)
        urgent = talk.say("chest pain")
        assert not sources.done(), "the emergency had to wait for the action server"
        assert kind(urgent) == "emergency"
        assert bare(sources.result(PATIENCE_S)) == WORDING.say("service_down_sources")
        assert time.monotonic() - began < PATIENCE_S
    assert kind(talk.say("What is CAR T-cell therapy?")) == "answer"


def test_other_patients_do_not_wait_for_a_hanging_action(lone_guide: Guide) -> None:
    with hanging_server(lone_guide.actions_port) as reached, ThreadPoolExecutor(1) as patient:
        trials = patient.submit(lone_guide.say, "find trials near Boston")
        assert reached.wait(PATIENCE_S)
        assert kind(lone_guide.say("What is CAR T-cell therapy?")) == "answer"
        assert not trials.done(), "the answer had to wait for the action server"
        assert SEARCH_LINK in trials.result(PATIENCE_S)["text"]


@pytest.mark.parametrize(
    "mode", ["forbidden", "rate_limited", "server_error", "html", "hang", "slow"]
)
def test_a_failing_registry_gets_a_worded_reply(lone_guide: Guide, mode: str) -> None:
    """Each with a new action server: after a failure the registry is left in peace for a minute."""
    cache = lone_guide.chat_log.parent / "trials-cache.json"
    cache.unlink(missing_ok=True)
    lone_guide.registry.mode = mode
    try:
        with lone_guide.action_server():
            reply = lone_guide.say("find trials near Boston", timeout=PATIENCE_S)
            sources = lone_guide.say("show sources")
    finally:
        lone_guide.registry.mode = "ok"
    check_shape(reply)
    assert SEARCH_LINK in reply["text"], reply
    assert "rheumatologist" in reply["text"]
    expected = "Harbor Hospital" if mode == "slow" else "right now"
    assert expected in reply["text"], reply
    assert kind(sources) == "sources"


def test_an_outage_shows_the_last_list_with_its_date(lone_guide: Guide) -> None:
    with lone_guide.action_server(CTGOV_TTL_HOURS="0"):  # every list is old at once
        assert "Harbor Hospital" in lone_guide.say("find trials near Boston")["text"]
        lone_guide.registry.mode = "server_error"
        try:
            # Each request gets the list at once; its renewal fails behind.
            end = time.monotonic() + PATIENCE_S
            text = ""
            while "last list I have" not in text and time.monotonic() < end:
                text = lone_guide.say("find trials near Boston")["text"]
        finally:
            lone_guide.registry.mode = "ok"
    assert "Harbor Hospital" in text
    assert "from August 21, 2026. It may have changed." in text


def test_an_action_that_breaks_gets_its_apology(lone_guide: Guide) -> None:
    with lone_guide.action_server(CTGOV_TTL_HOURS="no number"):
        reply = lone_guide.say("find trials near Boston")
        assert (kind(reply), bare(reply)) == ("error", WORDING.say("service_down_trials"))
        assert kind(lone_guide.say("show sources")) == "sources"
