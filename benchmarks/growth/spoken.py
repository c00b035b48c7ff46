"""A turn in this process, from the message as typed to its reply, and the store's part of it."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.as_served import after_rasa
from benchmarks.turn_cost import Guide

TURN, STORE = "whole turn, ms", "the store in it, ms"
# So few messages, again and again: what is compared are the same words.
TEXTS = 8


class Spoken(Guide):
    """The guide's model with its own reading of messages."""

    def __init__(self, model: Path) -> None:
        super().__init__(model)
        after_rasa()

    async def say(self, conversation: str, text: str) -> dict[str, float]:
        """{TURN, STORE} of one message."""
        from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

        self.store.seconds = 0.0
        began = time.perf_counter()
        await self.agent.handle_message(UserMessage(text, CollectingOutputChannel(), conversation))
        whole = time.perf_counter() - began
        return {TURN: whole * 1e3, STORE: self.store.seconds * 1e3}


def medians(times: Sequence[dict[str, float]]) -> dict[str, float]:
    """Of each figure."""
    return {name: statistics.median(one[name] for one in times) for name in times[0]}
