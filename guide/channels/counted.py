"""What is counted and logged of each reply: kinds and times, no words and no ids of patients."""

from __future__ import annotations

import logging

from guide.channels.outgoing import Outgoing
from guide.logs import TURNS
from guide.metrics import chat

logger = logging.getLogger(TURNS)


def replied(channel: str, reply: Outgoing, seconds: float) -> None:
    """A message got its reply, `seconds` after it came."""
    chat.replied(channel, reply.kind, seconds)
    milliseconds, answers = round(seconds * 1000), list(reply.answers)
    about = {
        "channel": channel, "kind": reply.kind, "answers": answers,
        "milliseconds": milliseconds, "stored": reply.stored,
    }  # fmt: skip
    logger.info("turn answered", extra=about)
