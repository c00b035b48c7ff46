"""Rasa's REST channel for tests and integrators: the same path and shape, made safe.

POST {sender, message} to /webhooks/rest/webhook gives a list of {text, buttons, metadata}, never
an empty one. Not for browsers of patients: whoever knows a sender's id can speak as that sender.
"""

from __future__ import annotations

import json
from typing import Any

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from guide.channels.outgoing import Outgoing
from guide.channels.turns import Handler, Said, shared_turns

PREFIX = "rest:"
MAX_SENDER = 200


class RestChannel(InputChannel):
    """credentials.yml: `guide.channels.rest.RestChannel:`"""

    def __init__(self) -> None:
        self._turns = shared_turns()

    @classmethod
    def name(cls) -> str:
        """Part of the path: /webhooks/rest."""
        return "rest"

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """The routes; `on_new_message` runs one turn."""
        routes = Blueprint("rest_channel")

        @routes.route("/", methods=["GET"])
        async def health(_: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @routes.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            try:
                sender, text = read(request.body)
            except ValueError as error:
                return response.json({"error": str(error)}, status=400)
            reply = await self._turns.reply(on_new_message, Said(self.name(), sender, text))
            return response.json([shaped(reply)])

        return routes


def shaped(reply: Outgoing) -> dict[str, Any]:
    """The contract for programs: a button's payload is its title, to be sent as a message."""
    about = {
        "kind": reply.kind,
        "answers": list(reply.answers),
        "version": reply.version,
        "stored": reply.stored,
    }
    buttons = [{"title": button.title, "payload": button.title} for button in reply.buttons]
    return {"text": reply.text, "buttons": buttons, "metadata": about}


def read(body: bytes) -> tuple[str, object]:
    """(sender id with its channel, raw message) of a request body.

    Raises:
        ValueError: in words for the integrator.
    """
    try:
        payload = json.loads(body or b"null")
    except (ValueError, RecursionError):
        raise ValueError("the body must be JSON") from None
    if not isinstance(payload, dict):
        raise ValueError("the body must be a JSON object with sender and message")
    sender = payload.get("sender", "default")
    if not isinstance(sender, str) or not 0 < len(sender) <= MAX_SENDER or not sender.isprintable():
        raise ValueError(f"sender must be 1 to {MAX_SENDER} printable characters")
    if not isinstance(payload.get("message"), str):
        raise ValueError("message must be text")
    return PREFIX + sender, payload["message"]
