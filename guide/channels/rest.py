"""Rasa's REST channel for tests and integrators: the same path and shape, made safe.

POST {sender, message} to /webhooks/rest/webhook gives a list of {text, buttons, metadata}, never
an empty one. Not for browsers of patients: whoever knows a sender's id can speak as that sender.
"""

from __future__ import annotations

import asyncio
import json
import logging
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import (
    CollectingOutputChannel,
    InputChannel,
    OutputChannel,
    UserMessage,
)  # fmt: skip
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from guide.channels.incoming import Gate, Incoming
from guide.replies.history import metadata
from guide.replies.reply import Reply
from guide.workarounds import (
    allow_silence,
    keep_conversations_out_of_errors,
    shorten_action_timeout,
)

logger = logging.getLogger(__name__)

PREFIX = "rest:"
MAX_SENDER = 200
Handler = Callable[[UserMessage], Awaitable[Any]]


class ReplyCollector(CollectingOutputChannel):
    """Keeps each reply whole: Rasa's collector drops the metadata and splits at blank lines."""

    @classmethod
    def name(cls) -> str:
        """The channel's name as Rasa's responses see it."""
        return "rest"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Collect one bot message."""
        about = metadata(message)
        self.messages.append(
            {
                "text": message.get("text") or "",
                "buttons": message.get("buttons") or [],
                "metadata": {
                    "kind": about.get("kind", "small_talk"),
                    "answers": about.get("answers") or [],
                    "version": about.get("version", ""),
                },
            }
        )


class Discard(OutputChannel):
    """For turns whose reply was sent already."""

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Nothing is sent twice."""


class RestChannel(InputChannel):
    """credentials.yml: `guide.channels.rest.RestChannel:`"""

    def __init__(self) -> None:
        shorten_action_timeout()
        keep_conversations_out_of_errors()
        allow_silence()
        self._gate = Gate()
        self._turns: set[asyncio.Task[Any]] = set()

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
            return response.json(await self._answer(on_new_message, sender, text))

        return routes

    async def _answer(self, turn: Handler, sender: str, raw: object) -> list[dict[str, Any]]:
        incoming = self._gate.take(raw)
        if incoming.reply is not None:
            if incoming.intent:
                self._start(self._record(turn, sender, incoming))
            return [self._shaped(incoming.reply)]
        # Shielded: a client that goes away does not undo the turn that it began.
        return await asyncio.shield(self._start(self._turn(turn, sender, incoming.text)))

    async def _turn(self, turn: Handler, sender: str, text: str) -> list[dict[str, Any]]:
        collector = ReplyCollector()
        try:
            await turn(UserMessage(text, collector, sender, input_channel=self.name()))
        except Exception as error:  # a patient gets words, whatever broke
            self._log_failure(sender, error)
            return [self._shaped(self._gate.failed())]
        return collector.messages or [self._shaped(self._gate.failed())]

    async def _record(self, turn: Handler, sender: str, incoming: Incoming) -> None:
        """Put an urgent message and its reply into the conversation, after it was answered."""
        understood = {
            "text": incoming.text,
            "intent": {"name": incoming.intent, "confidence": 1.0},
            "entities": [],
        }
        try:
            await turn(
                UserMessage(
                    incoming.text,
                    Discard(),
                    sender,
                    parse_data=understood,
                    input_channel=self.name(),
                )
            )
        except Exception as error:
            self._log_failure(sender, error)

    def _start(self, work: Any) -> asyncio.Task[Any]:
        task = asyncio.ensure_future(work)
        self._turns.add(task)  # the event loop holds tasks only weakly
        task.add_done_callback(self._turns.discard)
        return task

    def _shaped(self, reply: Reply) -> dict[str, Any]:
        message = reply.as_message(self._gate.version)
        about = {key: message[key] for key in ("kind", "answers", "version")}
        return {"text": reply.text, "buttons": message.get("buttons", []), "metadata": about}

    @staticmethod
    def _log_failure(sender: str, error: Exception) -> None:
        """An id and the kind of failure, never what was written: error texts can repeat it."""
        incident = uuid.uuid4().hex[:8]
        logger.error(
            "turn failed: incident %s, sender of %d characters, %s",
            incident, len(sender), type(error).__name__,
        )  # fmt: skip


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
