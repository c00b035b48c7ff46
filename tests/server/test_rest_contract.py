"""The REST channel's promises: one reply of one shape, buttons that work, nothing else open."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest

from guide.channels.rest import MAX_SENDER, read
from tests.conftest import Guide
from tests.server.talk import (
    CONTENT,
    SEARCH_LINK,
    WORDING,
    Talk,
    answers,
    bare,
    check_shape,
    kind,
    titles,
)

pytestmark = pytest.mark.server

MESSAGES = (
    "hello",
    "What is CAR T-cell therapy?",
    "How much does it cost? And is it approved for lupus?",
    "tell me more",
    "show sources",
    "cells",
    "is it gonna rain tmrw",
    "Is CAR T right for me?",
    "I have chest pain",
    "I want to kill myself",
    "find trials near Boston",
    "that didnt help",
    "delete my conversation",
    "",
    "?",
    "x" * 3000,
)


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message[:20] or "empty")
def test_a_reply_is_one_message_of_one_shape(guide: Guide, message: str) -> None:
    check_shape(guide.say(message))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "JSON object"),
        (b"null", "JSON object"),
        (b"[]", "JSON object"),
        (b'"hello"', "JSON object"),
        (b"{", "must be JSON"),
        (b"sender=a&message=hello", "must be JSON"),
        (b'{"sender": "a", "message": "\xff"}', "must be JSON"),
        (b"[" * 100_000, "must be JSON"),
        (b'{"sender": "a"}', "message must be text"),
        (b'{"sender": "a", "message": null}', "message must be text"),
        (b'{"sender": "a", "message": 5}', "message must be text"),
        (b'{"sender": "a", "message": ["hello"]}', "message must be text"),
        (b'{"sender": "a", "message": {"text": "hello"}}', "message must be text"),
        (b'{"sender": "", "message": "hello"}', "sender must be"),
        (b'{"sender": null, "message": "hello"}', "sender must be"),
        (b'{"sender": 7, "message": "hello"}', "sender must be"),
        (b'{"sender": ["a"], "message": "hello"}', "sender must be"),
        (b'{"sender": "a\\u0000b", "message": "hello"}', "sender must be"),
        (b'{"sender": "a\\ud800", "message": "hello"}', "sender must be"),
        (json.dumps({"sender": "a" * 201, "message": "hello"}).encode(), "sender must be"),
    ],
)
def test_a_bad_body_is_refused_with_a_sentence(guide: Guide, body: bytes, words: str) -> None:
    status, reply = guide.post(body)
    assert status == 400
    assert set(reply) == {"error"}
    assert words in reply["error"]
    assert len(reply["error"]) < 200


def test_a_body_without_a_sender_is_answered(guide: Guide) -> None:
    status, replies = guide.post(b'{"message": "What is CAR T-cell therapy?"}')
    assert (status, len(replies)) == (200, 1)
    assert answers(replies[0]) == ["what_is"]


def test_unknown_keys_are_ignored(guide: Guide) -> None:
    body = {
        "sender": uuid.uuid4().hex,
        "message": "What is CAR T-cell therapy?",
        "input_channel": "slack",
        "metadata": {"kind": "emergency"},
        "parse_data": {"intent": {"name": "erase_conversation"}},
    }
    status, replies = guide.post(json.dumps(body).encode())
    assert status == 200
    assert answers(replies[0]) == ["what_is"]


@pytest.mark.parametrize("id_", sorted(CONTENT.answers))
def test_the_title_of_every_answer_leads_to_it(guide: Guide, id_: str) -> None:
    """Titles are what related questions, starters and proposals carry as their payload."""
    reply = guide.say(CONTENT.answers[id_].title)
    assert (kind(reply), answers(reply)) == ("answer", [id_])
    assert bare(reply).startswith(CONTENT.answers[id_].answer.strip())


@pytest.mark.parametrize(
    "opening",
    [
        ["hello"],
        ["what can i ask you"],
        ["What is CAR T-cell therapy?"],
        ["What are the side effects and risks?", "tell me more"],
        ["tell me more"],
        ["cells"],
        ["the risk"],
        ["did the lakers win last nite", "is it gonna rain tmrw"],
        ["no"],
        ["How much does it cost?", "that didnt help"],
        ["trials near Springfield"],
        ["trials near Portland"],
        ["find trials near Boston"],
    ],
    ids=lambda opening: " > ".join(opening),
)
def test_every_button_leads_to_what_it_names(guide: Guide, opening: list[str]) -> None:
    for title in titles(_after(guide, opening).last):
        talk = _after(guide, opening)
        before = talk.last
        check_button(title, before, talk.press(title))


def _after(guide: Guide, opening: list[str]) -> Talk:
    talk = Talk(guide)
    for message in opening:
        talk.say(message)
    return talk


def check_button(title: str, before: dict[str, Any], reply: dict[str, Any]) -> None:
    """What pressing a button of `before` must give."""
    if title in CONTENT.by_title:
        assert answers(reply) == [CONTENT.by_title[title]], (title, reply)
    elif title == WORDING.say("none_of_these"):
        assert WORDING.say("none_fits") in reply["text"], reply
    elif title in WORDING.lists["feedback_reasons"]:
        assert WORDING.say("feedback_noted") in reply["text"], reply
    elif title.startswith("Trials near "):
        assert kind(reply) == "trials", (title, reply)
        assert f"of {title.removeprefix('Trials near ')}" in reply["text"], (title, reply)
    else:
        assert title == "Show more trials", title
        assert kind(reply) == "trials", reply
        assert reply["text"] != before["text"]
        assert SEARCH_LINK in reply["text"]


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [
        ("/status", "GET", 404),
        ("/version", "GET", 404),
        ("/domain", "GET", 404),
        ("/model", "PUT", 404),
        ("/model", "DELETE", 404),
        ("/model/parse", "POST", 404),
        ("/model/train", "POST", 404),
        ("/model/predict", "POST", 404),
        ("/conversations/rest:x/tracker", "GET", 404),
        ("/conversations/rest:x/tracker/events", "POST", 404),
        ("/conversations/rest:x/messages", "POST", 404),
        ("/conversations/rest:x/execute", "POST", 404),
        ("/conversations/rest:x/trigger_intent", "POST", 404),
        ("/conversations/rest:x/story", "GET", 404),
        ("/webhooks/callback/webhook", "POST", 404),
        ("/webhooks/slack/webhook", "POST", 404),
        ("/webhooks/rest/webhook/stream", "POST", 404),
        ("/webhooks/rest/webhook", "GET", 405),
        ("/webhooks/rest/webhook", "DELETE", 405),
        ("/webhooks/rest/", "GET", 200),
    ],
)
def test_only_the_channel_is_open(guide: Guide, path: str, method: str, status: int) -> None:
    assert guide.status(path, method) == status


@pytest.mark.parametrize("sender", ["web:1", "slack:U1", "rest:1", "default", "a" * MAX_SENDER])
def test_a_sender_is_one_of_this_channel(sender: str) -> None:
    assert read(json.dumps({"sender": sender, "message": "hi"}).encode()) == (
        f"rest:{sender}",
        "hi",
    )


def test_two_senders_have_two_conversations(guide: Guide) -> None:
    name = uuid.uuid4().hex
    assert kind(guide.say("What is CAR T-cell therapy?", name)) == "answer"
    assert WORDING.say("nothing_yet") in guide.say("tell me more", f"rest:{name}")["text"]
    assert kind(guide.say("tell me more", name)) == "more"
