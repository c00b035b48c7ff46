"""What every channel does with a message: one turn, one reply, whatever breaks.

Urgent words are answered before anything can wait. A turn goes on when its client goes away. A
failure gives the patient a worded reply, and the log an id and the kind of failure, no text.
"""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from rasa.core.channels.channel import OutputChannel, UserMessage

from guide.channels.answered import answered
from guide.channels.incoming import Gate, Incoming
from guide.channels.limits import RateLimit, SharedLimit
from guide.channels.outgoing import Outgoing
from guide.channels.payloads import Payloads, Pressed
from guide.replies.reply import Reply
from guide.settings import messages_per_minute, secret
from guide.store import failures
from guide.store.outcome import begin
from guide.workarounds import (
    allow_silence,
    keep_conversations_out_of_errors,
    run_graphs_directly,
    shorten_action_timeout,
)

logger = logging.getLogger(__name__)

# Messages of one conversation that may come together.
BURST = 12
# What a server that ends waits for urgent messages to be recorded.
RECORD_SECONDS = 6.0
Handler = Callable[[UserMessage], Awaitable[Any]]


@dataclass(frozen=True)
class Said:
    """A message of a channel: `raw` as typed, or `token` of a pressed button.

    `conversation` carries its channel ("web:..."): nobody enters another's. `event_id` is the
    message's id in the inbox, `turn` the stored turn that answered it already.
    """

    channel: str
    conversation: str
    raw: object = ""
    token: object = None
    event_id: str | None = None
    turn: int | None = None


class NothingSaid(Exception):
    """Rasa ended a turn without a message: a rule is missing, or an action said nothing."""


class Collector(OutputChannel):
    """Keeps what Rasa says of a turn, whole: its own collector drops the metadata."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self.messages: list[dict[str, Any]] = []

    def name(self) -> str:
        """The channel's name as Rasa's responses see it."""
        return self._channel

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Collect one bot message."""
        self.messages.append(message)


class Turns:
    """Runs turns for all channels of a server.

    Raises:
        ContentError, PatternError: told at start (see Gate).
        SettingError: the secret cannot be kept.
    """

    def __init__(self, gate: Gate, payloads: Payloads, limit: RateLimit) -> None:
        self.gate = gate
        self.payloads = payloads
        self._limit = limit
        self._tasks: set[asyncio.Task[Any]] = set()
        self._records: set[asyncio.Task[Any]] = set()

    async def reply(self, turn: Handler, said: Said) -> Outgoing:
        """The reply to a message; never raises, never says nothing.

        Args:
            turn: Rasa's `on_new_message`.
            said: the message.
        """
        if said.turn is not None:
            return await self._again(said, said.turn)
        began = time.monotonic()
        pressed = self.payloads.read(said.conversation, said.token) if said.token else None
        if said.token and pressed is None:
            return self.worded(said.conversation, "button_expired")
        incoming = self.gate.take(pressed.text if pressed else said.raw)
        if incoming.reply is not None:
            if incoming.intent:
                record = self.start(self._record(turn, said, incoming, began))
                self._records.add(record)
                record.add_done_callback(self._records.discard)
            return self._shaped(said.conversation, incoming.reply)
        if await self._limit.take(said.conversation):
            return self.worded(said.conversation, "too_many")
        work = self._turn(turn, said, incoming.text, pressed, began)
        # Shielded: a client that goes away does not undo the turn that it began.
        return await asyncio.shield(self.start(work))

    def worded(self, conversation: str, name: str) -> Outgoing:
        """A reply of kind error with a text of data/wording.yml."""
        return self._shaped(conversation, self.gate.worded(name))

    def start(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Run in the background until it ends; the event loop holds tasks only weakly."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def recorded(self, seconds: float = RECORD_SECONDS) -> None:
        """Until the urgent messages that were answered stand in their conversations, too.

        For the end of a server, which is not delayed for longer than `seconds`.
        """
        if self._records:
            await asyncio.wait(self._records, timeout=seconds)

    async def _again(self, said: Said, turn: int) -> Outgoing:
        """The reply of a turn that is stored already."""
        try:
            message = await answered(said.conversation, turn)
        except Exception as error:
            failures.note(error)
            message = None
        if message is None:  # then, too, this was the reply
            return self.worded(said.conversation, "failed")
        return Outgoing.of(message, said.conversation, self.payloads, stored=True)

    async def _turn(
        self, turn: Handler, said: Said, text: str, pressed: Pressed | None, began: float
    ) -> Outgoing:
        collector = Collector(said.channel)
        outcome = begin(began)
        try:
            await turn(
                UserMessage(
                    text,
                    collector,
                    said.conversation,
                    parse_data=_judgement(text, pressed),
                    input_channel=said.channel,
                    message_id=said.event_id,
                )
            )
            if collector.messages:
                message = _one(collector.messages)
                reply = Outgoing.of(message, said.conversation, self.payloads, outcome.stored)
                if reply.erased and not reply.stored:  # nobody is told "deleted" of what is there
                    return self.worded(said.conversation, "service_down_erase")
                return reply
            log_failure(said.channel, NothingSaid())
        except Exception as error:  # a patient gets words, whatever broke
            log_failure(said.channel, error)
        return self.worded(said.conversation, "failed")

    async def _record(self, turn: Handler, said: Said, incoming: Incoming, began: float) -> None:
        """Put an urgent message and its reply into the conversation, after it was answered."""
        understood = {
            "text": incoming.text,
            "intent": {"name": incoming.intent, "confidence": 1.0},
            "entities": [],
        }
        message = UserMessage(
            incoming.text, Collector(said.channel), said.conversation,
            parse_data=understood, input_channel=said.channel, message_id=said.event_id,
        )  # fmt: skip
        begin(began)
        try:
            await turn(message)
        except Exception as error:
            log_failure(said.channel, error)

    def _shaped(self, conversation: str, reply: Reply) -> Outgoing:
        message = reply.as_message(self.gate.version)
        return Outgoing.of(message, conversation, self.payloads)


def _judgement(text: str, pressed: Pressed | None) -> dict[str, Any] | None:
    """A pressed "helpful" needs no guess, and says which answers it is about."""
    if pressed is None or pressed.helpful is None:
        return None
    intent = "feedback_positive" if pressed.helpful else "feedback_negative"
    return {
        "text": text,
        "intent": {"name": intent, "confidence": 1.0},
        "entities": [],
        "judged": {"answers": list(pressed.answers), "version": pressed.version},
    }


def _one(messages: list[dict[str, Any]]) -> dict[str, Any]:
    """One reply is one message: the texts of several together, the rest of the last."""
    texts = [str(message.get("text") or "") for message in messages]
    return {**messages[-1], "text": "\n\n".join(filter(None, texts))}


def log_failure(channel: str, error: Exception) -> None:
    """An id and the kind of failure, never what was written: error texts can repeat it."""
    logger.error(
        "turn failed: incident %s, channel %s, %s",
        uuid.uuid4().hex[:8], channel, type(error).__name__,
    )  # fmt: skip


@lru_cache(maxsize=1)
def shared_turns() -> Turns:
    """The same for all channels of this server; what Rasa does badly is mended first."""
    shorten_action_timeout()
    keep_conversations_out_of_errors()
    allow_silence()
    run_graphs_directly()
    gate = Gate()
    payloads = Payloads(secret(), gate.content, gate.wording)
    return Turns(gate, payloads, SharedLimit("turns", BURST, messages_per_minute()))
