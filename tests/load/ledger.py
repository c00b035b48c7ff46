"""Who sent what, how often, and what came back."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.load.questions import SOURCES, TRIALS, Question


@dataclass(frozen=True)
class Reply:
    """`seconds` after the message; `told` by `Questions`; `stored` where the channel tells."""

    seconds: float
    text: str
    told: frozenset[str]
    stored: bool | None = None


@dataclass
class Message:
    """One message of a patient.

    `outcomes` are the HTTP statuses of its deliveries, or "refused" and "late" where there was
    none. `offline` says that the widget showed its own text meanwhile, `given_up` that nobody
    sends it any more. `event_id` is its id in the inbox.
    """

    channel: str
    conversation: str
    number: int
    question: Question
    event_id: str = ""
    sent: float = field(default_factory=time.monotonic)
    outcomes: list[str] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    offline: bool = False
    given_up: bool = False
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def name(self) -> str:
        """For a person who reads a list of faults."""
        return f"{self.conversation} message {self.number}"

    @property
    def acknowledged(self) -> bool:
        """Whether a reply said that the message is kept."""
        return any(reply.stored for reply in self.replies)

    def right(self, reply: Reply) -> bool:
        """Whether a reply gives what was asked for. Lists are known by being nothing else."""
        about = self.question.about
        return about in reply.told or (about in (SOURCES, TRIALS) and not reply.told)

    def give_up(self) -> None:
        """Nobody sends it any more."""
        self.given_up = True
        self.changed.set()


class Ledger:
    """All messages, in the order sent."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.strays: Counter[str] = Counter()  # channel -> replies to nobody
        self._of: defaultdict[str, list[Message]] = defaultdict(list)

    def sent(self, channel: str, conversation: str, question: Question) -> Message:
        """Note that a message goes out."""
        number = len(self._of[conversation]) + 1
        message = Message(channel, conversation, number, question)
        self.messages.append(message)
        self._of[conversation].append(message)
        return message

    def of(self, conversation: str) -> list[Message]:
        """The messages of a conversation."""
        return self._of[conversation]

    def conversations(self) -> Iterable[str]:
        """Their ids."""
        return list(self._of)

    def replied(
        self, message: Message, text: str, told: frozenset[str], stored: bool | None = None
    ) -> None:
        """Note a reply to a message."""
        seconds = time.monotonic() - message.sent
        message.replies.append(Reply(seconds, text, told, stored))
        message.changed.set()

    def posted(self, channel: str, conversation: str, text: str, told: frozenset[str]) -> None:
        """Note a reply that a platform shows: to the newest message that asked for it."""
        sent = self._of.get(conversation)
        if not sent:
            self.strays[channel] += 1
            return
        asked = [message for message in sent if message.question.about in told]
        self.replied((asked or sent)[-1], text, told)
