"""Requests as Slack sends them, in the forms of bolt-python's own tests, really signed."""

from __future__ import annotations

import json
import time
import uuid
from typing import Any
from urllib.parse import urlencode

from slack_sdk.signature import SignatureVerifier

from tests.standins.slack import BOT, TEAM

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
ANN, BOB = "U0ANN", "U0BOB"
JSON, FORM = "application/json; charset=utf-8", "application/x-www-form-urlencoded"
Body = dict[str, Any]


def signed(
    body: bytes, kind: str = JSON, secret: str = SECRET, age_s: float = 0, **more: str
) -> dict[str, str]:
    """The headers of a request that Slack sent `age_s` seconds ago."""
    timestamp = str(int(time.time() - age_s))
    signature = SignatureVerifier(secret).generate_signature(timestamp=timestamp, body=body)
    return {
        "content-type": kind,
        "x-slack-request-timestamp": timestamp,
        "x-slack-signature": signature or "",
        **more,
    }


def event(inner: Body, event_id: str | None = None, team: str = TEAM) -> Body:
    """The envelope of the Events API."""
    return {
        "token": "verification",
        "team_id": team,
        "api_app_id": "A0APP",
        "event": inner,
        "type": "event_callback",
        "event_id": event_id or f"Ev{uuid.uuid4().hex[:9].upper()}",
        "event_time": int(time.time()),
        "authorizations": [{"team_id": team, "user_id": BOT, "is_bot": True}],
    }


def message(text: str, user: str = ANN, **more: Any) -> Body:
    """A direct message, without its envelope."""
    return {
        "client_msg_id": str(uuid.uuid4()), "type": "message", "channel": f"D{user[1:]}",
        "channel_type": "im", "user": user, "text": text, "ts": "1699999999.000100",
        "event_ts": "1699999999.000100", "team": TEAM, **more,
    }  # fmt: skip


def mention(text: str, user: str = ANN, **more: Any) -> Body:
    """A mention in a channel, without its envelope."""
    return {
        "client_msg_id": str(uuid.uuid4()), "type": "app_mention", "channel": "C0LUPUS",
        "user": user, "text": f"<@{BOT}> {text}", "ts": "1699999999.000200",
        "event_ts": "1699999999.000200", "team": TEAM, **more,
    }  # fmt: skip


def press(posted: Body, title: str, user: str = ANN, **more: Any) -> Body:
    """A press on the button of a message that was posted."""
    block, element = _button(posted["blocks"], title)
    shown = {"type": "message", "user": BOT, "bot_id": "B0BOT", **posted}
    return {
        **_interaction(block, element, user),
        "container": {
            "type": "message", "message_ts": posted["ts"], "channel_id": posted["channel"],
            "is_ephemeral": False,
        },
        "channel": {"id": posted["channel"], "name": "directmessage"},
        "message": {key: value for key, value in shown.items() if not key.startswith("unfurl")},
        "response_url": "http://127.0.0.1:1/unused",
        **more,
    }  # fmt: skip


def press_unseen(blocks: list[Body], title: str, response_url: str, user: str = ANN) -> Body:
    """A press on a message that only one person sees: Slack does not send that message along."""
    container = {
        "type": "message", "message_ts": "1700000000.000800", "channel_id": "C0LUPUS",
        "is_ephemeral": True,
    }  # fmt: skip
    return {
        **_interaction(*_button(blocks, title), user),
        "container": container,
        "channel": {"id": "C0LUPUS", "name": "lupus"},
        "response_url": response_url,
    }


def press_at_home(published: Body, title: str) -> Body:
    """A press in the App Home."""
    view = {"id": "V0VIEW", "team_id": TEAM, **published["view"]}
    return {
        **_interaction(*_button(view["blocks"], title), published["user_id"]),
        "container": {"type": "view", "view_id": "V0VIEW"},
        "view": view,
    }


def _interaction(block: Body, element: Body, user: str) -> Body:
    action = {**element, "block_id": block["block_id"], "action_ts": f"{time.time():.6f}"}
    return {
        "type": "block_actions",
        "user": {"id": user, "username": "ann", "name": "ann", "team_id": TEAM},
        "api_app_id": "A0APP",
        "token": "verification",
        "trigger_id": uuid.uuid4().hex,
        "team": {"id": TEAM, "domain": "clinic"},
        "actions": [action],
    }


def _button(blocks: list[Body], title: str) -> tuple[Body, Body]:
    for block in blocks:
        for element in block.get("elements", []):
            if element.get("type") == "button" and element["text"]["text"] == title:
                return block, element
    raise AssertionError(f"no button {title!r}")


def titles(blocks: list[Body]) -> list[str]:
    """What stands on the buttons."""
    elements = [element for block in blocks for element in block.get("elements", [])]
    return [element["text"]["text"] for element in elements if element["type"] == "button"]


def command(text: str, response_url: str, user: str = ANN) -> Body:
    """The fields of `/lupus text`."""
    return {
        "token": "verification", "team_id": TEAM, "team_domain": "clinic",
        "channel_id": "C0LUPUS", "channel_name": "lupus", "user_id": user, "user_name": "ann",
        "command": "/lupus", "text": text, "api_app_id": "A0APP",
        "response_url": response_url, "trigger_id": uuid.uuid4().hex,
    }  # fmt: skip


def opened(tab: str = "home", user: str = ANN) -> Body:
    """The App Home was opened, without the envelope."""
    return {
        "type": "app_home_opened", "user": user, "channel": f"D{user[1:]}", "tab": tab,
        "event_ts": "1699999999.000300",
    }  # fmt: skip


def encoded(body: Body) -> tuple[bytes, str]:
    """(bytes, content type) as Slack sends this kind of body."""
    if "command" in body:
        return urlencode(body).encode(), FORM
    if body["type"] == "block_actions":
        return urlencode({"payload": json.dumps(body)}).encode(), FORM
    return json.dumps(body).encode(), JSON
