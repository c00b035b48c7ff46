"""Rasa's bot messages as every channel gets them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from guide.channels.incoming import Gate
from guide.channels.outgoing import Button, Outgoing
from guide.channels.payloads import Payloads, Pressed
from guide.replies.reply import Composer

HERE = "slack:T1:U1"


@pytest.fixture(scope="module")
def payloads(gate: Gate) -> Payloads:
    return Payloads(b"s" * 32, gate.content, gate.wording)


def message(**about: Any) -> dict[str, Any]:
    return {"text": "Hello.", "kind": "answer", "answers": ["cost"], "version": "v1", **about}


def test_an_answer_can_be_judged_and_leads_on(gate: Gate, payloads: Payloads) -> None:
    reply = Composer(gate.content, gate.wording).answer("cost")
    out = Outgoing.of(reply.as_message(gate.version), HERE, payloads)
    assert (out.text, out.kind, out.answers) == (reply.text, "answer", ("cost",))
    assert out.version == gate.version
    assert not out.stored
    assert [button.title for button in out.buttons] == list(reply.buttons)
    assert [payloads.read(HERE, b.payload) for b in out.buttons] == [
        Pressed(title) for title in reply.buttons
    ]
    judged = [payloads.read(HERE, token) for token in out.feedback]
    assert [(j.helpful, j.answers) for j in judged if j] == [(True, ("cost",)), (False, ("cost",))]


@pytest.mark.parametrize("kind", ["answer", "several", "more"])
def test_what_can_be_judged(payloads: Payloads, kind: str) -> None:
    assert len(Outgoing.of(message(kind=kind), HERE, payloads).feedback) == 2


@pytest.mark.parametrize(
    "about",
    [
        {"kind": "emergency"},
        {"kind": "did_you_mean"},
        {"kind": "fallback", "answers": []},
        {"kind": "answer", "answers": []},
        {"kind": "more", "answers": None},
        # More answers than a token holds.
        {
            "kind": "several",
            "answers": ["research_interest", "preparation_time", "what_is", "cost"],
        },
    ],
)
def test_what_cannot_be_judged(payloads: Payloads, about: dict[str, Any]) -> None:
    assert Outgoing.of(message(**about), HERE, payloads).feedback == ()


@pytest.mark.parametrize(
    ("sent", "text", "kind", "titles"),
    [
        ({}, "", "small_talk", []),
        ({"text": None, "buttons": None}, "", "small_talk", []),
        ({"text": "Hi", "buttons": []}, "Hi", "small_talk", []),
        ({"text": "Hi", "metadata": {"kind": "urgent"}}, "Hi", "urgent", []),
        ({"text": "Hi", "buttons": [{"title": "A", "payload": "/a"}]}, "Hi", "small_talk", ["A"]),
    ],
)
def test_what_rasa_may_leave_out(
    payloads: Payloads, sent: dict[str, Any], text: str, kind: str, titles: list[str]
) -> None:
    out = Outgoing.of(sent, HERE, payloads)
    assert (out.text, out.kind, [button.title for button in out.buttons]) == (text, kind, titles)


def test_a_payload_is_ours_or_none_and_never_rasas(payloads: Payloads) -> None:
    buttons = [{"title": "A", "payload": "/restart"}, {"title": "B" * 60, "payload": "/b"}]
    out = Outgoing.of(message(buttons=buttons), HERE, payloads)
    assert payloads.read(HERE, out.buttons[0].payload) == Pressed("A")
    assert out.buttons[1] == Button("B" * 60, "")


@pytest.mark.parametrize(
    ("about", "erased"),
    [
        ({}, False),
        ({"erased": True}, True),
        ({"metadata": {"kind": "small_talk", "erased": True}}, True),
        ({"erased": "no"}, False),
    ],
)
def test_what_says_that_the_conversation_is_gone(
    payloads: Payloads, about: dict[str, Any], erased: bool
) -> None:
    out = Outgoing.of({"text": "Hi", **about}, HERE, payloads)
    assert out.erased is erased
    assert Outgoing.from_dict(out.as_dict()) == out


@pytest.mark.parametrize("stored", [True, False])
def test_it_can_be_kept_as_json_and_comes_back_the_same(payloads: Payloads, stored: bool) -> None:
    buttons = [{"title": "None of these"}, {"title": "B" * 60}]
    out = Outgoing.of(message(buttons=buttons), HERE, payloads, stored)
    assert out.stored is stored
    assert len(out.feedback) == len(out.buttons) == 2
    assert Outgoing.from_dict(json.loads(json.dumps(out.as_dict()))) == out
