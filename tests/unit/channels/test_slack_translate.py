"""Slack's forms, one by one: what is read out of them, and what replies become."""

from __future__ import annotations

import json
from typing import Any

import pytest

from guide.channels.incoming import Gate
from guide.channels.outgoing import Button, Outgoing
from guide.channels.payloads import Payloads
from guide.channels.slack_home import home
from guide.channels.slack_translate import Message, chosen, plain, read, render
from tests.standins.slack import TEAM
from tests.standins.slack_requests import (
    ANN,
    BOB,
    command,
    event,
    mention,
    message,
    opened,
    press,
    press_at_home,
    press_unseen,
    titles,
)
from tests.standins.slack_rules import bad_blocks, refusal

DM, CHANNEL = f"slack:{TEAM}:{ANN}", f"slack:{TEAM}:{ANN}:C0LUPUS"
REPLY = Outgoing(
    "One **bold** <b> & [link](https://a.org/?a=1&b=2).\n\n- two",
    "answer",
    ("cost",),
    "v",
    buttons=(Button("Is it <safe>?", "token-1"), Button("Trials near Boston", "")),
    feedback=("token-y", "token-x"),
)


@pytest.mark.parametrize(
    ("typed", "read_as"),
    [
        ("is it safe?", "is it safe?"),
        ("<@U0BOT> is it safe", "is it safe"),
        ("is <@U0BOT|guide> it safe", "is  it safe"),
        ("fever &gt; 101 &amp; rash", "fever > 101 & rash"),
        ("&amp;lt;", "&lt;"),
        ("see <https://a.org/b?c=1&amp;d=2>", "see https://a.org/b?c=1&d=2"),
        ("see <https://a.org|a.org>", "see a.org"),
        ("write <mailto:a@b.org|a@b.org> or <mailto:a@b.org>", "write a@b.org or a@b.org"),
        ("in <#C0LUPUS|lupus> and <#C0X|>", "in #lupus and "),
        ("<!here> hi <!date^1^{date}|today>", "hi today"),
        ("a &lt; b and c &gt; d", "a < b and c > d"),
        ("", ""),
        ("<@U0BOT>", ""),
    ],
)
def test_text_is_read_as_the_person_saw_it(typed: str, read_as: str) -> None:
    assert plain(typed) == read_as.strip()


@pytest.mark.parametrize(
    ("payload", "conversation", "thread", "private"),
    [
        (event(message("hi")), DM, "", True),
        (event(message("hi", thread_ts="1.5")), DM, "1.5", True),
        (event(mention("hi")), f"{CHANNEL}:1699999999.000200", "1699999999.000200", False),
        (event(mention("hi", thread_ts="1.5")), f"{CHANNEL}:1.5", "1.5", False),
        (event(opened()), DM, "", True),
        (command("hi", "http://r"), f"{CHANNEL}:command", "", False),
    ],
)
def test_who_speaks_where(
    payload: dict[str, Any], conversation: str, thread: str, private: bool
) -> None:
    said = read(payload)
    assert said is not None
    assert (said.conversation, said.thread, said.private) == (conversation, thread, private)
    assert Message.from_json(said.as_json()) == said


@pytest.mark.parametrize("payload", [event(message("hi")), command("hi", "http://r")])
def test_a_whole_organisation_stands_for_a_workspace_that_is_not_named(
    payload: dict[str, Any],
) -> None:
    said = read({**payload, "team_id": None, "enterprise_id": "E0"})
    assert said is not None
    assert said.conversation.startswith("slack:E0:")


def test_presses_are_read_where_they_were_offered(gate: Gate) -> None:
    blocks = render(REPLY, gate.wording)["blocks"]
    direct = {"channel": "D0ANN", "ts": "1.1", "text": "all", "blocks": blocks}
    thread = {**direct, "channel": "C0LUPUS", "thread_ts": "1.0"}
    said = [
        read(press(direct, "Is it <safe>?")),
        read(press(thread, "Trials near Boston", user=BOB)),
        read(press_unseen(blocks, "Helpful", "http://r")),
        read(press_at_home({"user_id": ANN, "view": {"blocks": blocks}}, "Is it <safe>?")),
    ]
    assert [one and (one.conversation, one.token, one.thread) for one in said] == [
        (DM, "token-1", ""),
        (f"slack:{TEAM}:{BOB}:C0LUPUS:1.0", "", "1.0"),
        (f"{CHANNEL}:command", "token-y", ""),
        (DM, "token-1", ""),
    ]
    assert [one and (one.channel, bool(one.shown), one.response_url) for one in said] == [
        ("D0ANN", True, ""), ("C0LUPUS", True, ""), ("C0LUPUS", False, "http://r"),
        (ANN, False, ""),
    ]  # fmt: skip
    assert said[1] is not None
    assert said[1].text == "Trials near Boston"


def test_what_is_no_press_of_ours_is_none(gate: Gate) -> None:
    blocks = render(REPLY, gate.wording)["blocks"]
    body = press({"channel": "D0ANN", "ts": "1.1", "blocks": blocks}, "Helpful")
    for change in ({"url": "https://a.org"}, {"type": "static_select"}):
        changed = {**body, "actions": [{**body["actions"][0], **change}]}
        assert read(changed) is None
    assert read({**body, "actions": []}) is None
    assert read({**body, "user": None}) is None
    assert read({"type": "view_submission"}) is None


def test_one_reply_is_one_message_that_slack_takes(gate: Gate) -> None:
    payload = render(REPLY, gate.wording)
    assert refusal(payload) is None
    told = "One *bold* &lt;b&gt; &amp; <https://a.org/?a=1&amp;b=2|link>.\n\n• two"
    assert payload["blocks"][0]["text"]["text"] == told
    assert payload["text"] == f"{told}\n\n1. Is it &lt;safe&gt;?\n2. Trials near Boston"
    shown = ["Is it <safe>?", "Trials near Boston", "Helpful", "Not helpful"]
    assert titles(payload["blocks"]) == shown
    values = [e.get("value") for b in payload["blocks"] for e in b.get("elements", [])]
    assert values == ["token-1", None, "token-y", "token-x"]


@pytest.mark.parametrize("buttons", [0, 1, 25, 26, 60])
@pytest.mark.parametrize("title", ["x", "x" * 75, "x" * 76, "é" * 300])
def test_buttons_fit(gate: Gate, buttons: int, title: str) -> None:
    offered = tuple(Button(title, f"t{n}") for n in range(buttons))
    payload = render(Outgoing("Words.", "did_you_mean", buttons=offered), gate.wording)
    assert refusal(payload) is None
    assert len(titles(payload["blocks"])) == buttons
    assert payload["text"].count(title) == buttons
    for shown in titles(payload["blocks"]):
        assert shown == title or (shown.endswith("…") and title.startswith(shown[:-1]))


@pytest.mark.parametrize(
    "text",
    [
        "word " * 4000,
        "A paragraph of some words.\n\n" * 600,
        "- an item\n" * 3000,
        "[a label of words](https://a.org/some/where) " * 900,
        "x" * 30_000,
        "&" * 9000,
        "& " * 30_000,
    ],
)
def test_long_replies_are_cut_where_no_link_breaks(gate: Gate, text: str) -> None:
    payload = render(Outgoing(text, "sources"), gate.wording)
    assert refusal(payload) is None
    for block in payload["blocks"]:
        part = block["text"]["text"]
        assert part.count("<") == part.count(">")
    assert payload["text"].startswith(payload["blocks"][0]["text"]["text"])


def test_every_answer_fits_whole(gate: Gate) -> None:
    for answer in gate.content.answers.values():
        for text in filter(None, (answer.answer, answer.more)):
            payload = render(Outgoing(text, "answer", (answer.id,)), gate.wording)
            assert refusal(payload) is None, answer.id
            shown = "\n\n".join(block["text"]["text"] for block in payload["blocks"])
            assert shown == payload["text"], answer.id


def test_what_was_chosen_stands_in_the_place_of_the_buttons(gate: Gate) -> None:
    offered = tuple(Button(f"Title {n}", f"t{n}") for n in range(30))
    shown = render(Outgoing("T.", "answer", buttons=offered, feedback=("y", "x")), gate.wording)
    said = read(press({"channel": "D0ANN", "ts": "1.1", **shown}, "Title 28"))
    assert said is not None
    changed = chosen(said, gate.wording)
    assert refusal(changed) is None
    assert titles(changed["blocks"]) == ["Helpful", "Not helpful"]
    assert json.dumps(changed["blocks"]).count("You chose: Title 28") == 1


def test_the_home_fits_and_is_signed_for_its_person(gate: Gate) -> None:
    payloads = Payloads(b"s" * 32, gate.content, gate.wording)
    asked = [gate.content.answers[id_].title for id_ in gate.wording.lists["starter_questions"]]
    starters = tuple(Button(t, payloads.of_title(DM, t)) for t in asked)
    view = home(starters, gate.wording)
    assert bad_blocks(view["blocks"], "home") == []
    assert view["type"] == "home"
    assert titles(view["blocks"]) == asked
    said = read(press_at_home({"user_id": ANN, "view": view}, asked[0]))
    assert said is not None
    pressed = payloads.read(said.conversation, said.token)
    assert pressed is not None
    assert pressed.text == asked[0]
    assert payloads.read(f"slack:{TEAM}:{BOB}", said.token) is None
