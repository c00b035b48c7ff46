"""The stand-in refuses what Slack refuses: a test that passes on it means something."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

import pytest

from tests.standins.slack import TOKEN, Slack
from tests.standins.slack_rules import refusal


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def button(text: str = "A", action: str = "a", **more: Any) -> dict[str, Any]:
    title = {"type": "plain_text", "text": text}
    return {"type": "button", "action_id": action, "text": title, **more}


def buttons(*elements: dict[str, Any], block: str = "b") -> dict[str, Any]:
    return {"type": "actions", "block_id": block, "elements": list(elements)}


def test_a_good_message_is_taken() -> None:
    blocks = [section("x" * 3000), buttons(*(button("x" * 75, f"a{n}") for n in range(25)))]
    assert refusal({"text": "x" * 40_000, "blocks": blocks}) is None
    assert refusal({"text": "x"}) is None


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ({}, "no_text"),
        ({"text": " "}, "no_text"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"text": "x", "as_user": True}, "invalid_arguments"),
        ({"blocks": [section("x" * 3001)]}, "invalid_blocks"),
        ({"blocks": [section("")]}, "invalid_blocks"),
        ({"blocks": [{"type": "section"}]}, "invalid_blocks"),
        ({"blocks": [{"type": "whatever"}]}, "invalid_blocks"),
        ({"blocks": [buttons()]}, "invalid_blocks"),
        ({"blocks": [buttons(button("x" * 76))]}, "invalid_blocks"),
        ({"blocks": [buttons(button(""))]}, "invalid_blocks"),
        ({"blocks": [buttons(button(value=""))]}, "invalid_blocks"),
        ({"blocks": [buttons(button(value="x" * 2001))]}, "invalid_blocks"),
        ({"blocks": [buttons(button(), button())]}, "invalid_blocks"),
        ({"blocks": [buttons(button()), buttons(button())]}, "invalid_blocks"),
        ({"blocks": [buttons(*(button(action=f"a{n}") for n in range(26)))]}, "invalid_blocks"),
        ({"blocks": [section("x")] * 51}, "invalid_blocks"),
        ({"blocks": [section("x" * 2999)] * 5}, "msg_blocks_too_long"),
        ({"text": "x", "blocks": {"type": "section"}}, "invalid_blocks"),
    ],
)
def test_a_bad_message_is_refused(message: dict[str, Any], error: str) -> None:
    refused = refusal(message)
    assert refused is not None
    assert refused["error"] == error


def call(slack: Slack, method: str, body: dict[str, Any], token: str = TOKEN) -> dict[str, Any]:
    request = urllib.request.Request(
        slack.api_url + method, json.dumps(body).encode(),
        {"Content-Type": "application/json", "Authorization": f"Bearer {token}"},
    )  # fmt: skip
    with urllib.request.urlopen(request, timeout=5) as answer:
        loaded: dict[str, Any] = json.load(answer)
    return loaded


@pytest.mark.parametrize(
    ("method", "body", "error"),
    [
        ("chat.postMessage", {"channel": "C0NOWHERE", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "D0ANN"}, "no_text"),
        ("chat.update", {"channel": "D0ANN", "ts": "9.9", "text": "x"}, "message_not_found"),
        ("chat.postEphemeral", {"channel": "D0ANN", "text": "x"}, "invalid_arguments"),
        ("views.publish", {"user_id": "U0ANN", "view": {"type": "modal"}}, "invalid_arguments"),
        ("chat.shout", {"channel": "D0ANN", "text": "x"}, "unknown_method"),
    ],
)
def test_calls_are_refused_in_slacks_own_words(
    slack: Slack, method: str, body: dict[str, Any], error: str
) -> None:
    assert call(slack, method, body) == {"ok": False, "error": error}
    assert call(slack, method, body, "xoxb-other") == {"ok": False, "error": "invalid_auth"}
    assert slack.errors == [error, "invalid_auth"]
    assert slack.posted == []


def test_being_busy_is_told_with_the_time_to_wait(slack: Slack) -> None:
    slack.modes = ["ratelimited"]
    with pytest.raises(urllib.error.HTTPError) as raised:
        call(slack, "auth.test", {})
    assert (raised.value.code, raised.value.headers["Retry-After"]) == (429, "1")
    assert call(slack, "auth.test", {})["ok"]


def test_a_response_address_works_five_times(slack: Slack) -> None:
    assert [slack.respond("one", {"text": "x"})[0] for _ in range(6)] == [200] * 5 + [404]
    assert slack.respond("two", {"text": ""})[1] == "no_text"
