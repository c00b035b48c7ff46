"""The guide in this process with a clock around each part of a turn."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.parts import Parts

IN_A_ROW = 5  # questions of a conversation, fewer than the guide takes at once
INFERENCE, DATABASE, CHANNEL = "encoder: inference", "database", "channel"
# Components of the pipeline, by the name of their class.
NODES = {
    "SpacyNLP": "spaCy", "SpacyTokenizer": "spaCy's tokens for Rasa",
    "QuestionSplitter": "question splitter", "FollowUpContext": "follow-ups",
    "SentenceEncoder": "encoder: the rest", "CountVectorsFeaturizer": "spelling",
    "IntentClassifier": "classifier", "KnownMessages": "known messages",
    "TrialFollowUp": "follow-ups", "FeedbackFollowUp": "follow-ups",
    "UrgentScreen": "urgent patterns", "PersonalDetails": "personal details",
    "RulePolicy": "rules",
}  # fmt: skip


@dataclass(frozen=True)
class Turn:
    """Milliseconds of a turn and of its parts; `texts` is how many the encoder read.

    More than the message itself are its questions, and the message with what it follows.
    """

    whole: float
    parts: Mapping[str, float]
    texts: int


class Profiled:
    """Takes messages as the channels do, and keeps what the encoder was given.

    Clocks stay where they are put: one object a process.
    """

    def __init__(self, local: Any) -> None:
        self._local = local  # its database goes with it
        self._agent, self._turns = local._agent, local._turns
        self._parts = Parts()
        self._fed: list[Mapping[str, Any]] = []
        self._plain: list[Mapping[str, Any]] = []
        for owner, name, part in _places():
            self._parts.around(owner, name, part)
        self._around_components()
        self._around_inference()

    def _around_components(self) -> None:
        from rasa.engine.graph import GraphNode

        plain = GraphNode.__call__
        clocks = {name: self._parts.timed(plain, part) for name, part in NODES.items()}

        def told_apart(node: Any, *inputs: Any) -> Any:
            return clocks.get(node._component_class.__name__, plain)(node, *inputs)

        GraphNode.__call__ = told_apart

    def _around_inference(self) -> None:
        from onnxruntime import InferenceSession

        plain = InferenceSession.run
        timed = self._parts.timed(plain, INFERENCE)

        def noted(session: Any, outputs: Any, feed: Mapping[str, Any]) -> Any:
            self._infer = lambda again: plain(session, outputs, again)
            self._fed.append(feed)
            return timed(session, outputs, feed)

        InferenceSession.run = noted

    async def play(self, texts: Sequence[str]) -> list[Turn]:
        """All messages, some in a row in each conversation."""
        turns = []
        for row in rows(texts):
            conversation = f"rest:{uuid.uuid4().hex}"
            turns += [await self._turn(conversation, text) for text in row]
        return turns

    async def _turn(self, conversation: str, text: str) -> Turn:
        from guide.channels.turns import Said

        self._parts.seconds.clear()
        self._fed.clear()
        began = time.perf_counter()
        await self._turns.reply(self._agent.handle_message, Said("rest", conversation, text))
        whole = time.perf_counter() - began
        parts = dict(self._parts.seconds)
        parts[CHANNEL] = whole - sum(parts.values())
        texts = sum(len(feed["input_ids"]) for feed in self._fed)
        if texts == 1:
            self._plain += self._fed
        return Turn(whole * 1e3, {part: value * 1e3 for part, value in parts.items()}, texts)

    def alone(self) -> list[float]:
        """Milliseconds of the inference of each plain turn, where nothing else is done."""
        times = []
        for feed in self._plain:
            began = time.perf_counter()
            self._infer(feed)
            times.append((time.perf_counter() - began) * 1e3)
        return times


def rows(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """The messages of each conversation."""
    return (texts[start : start + IN_A_ROW] for start in range(0, len(texts), IN_A_ROW))


def _places() -> Iterator[tuple[Any, str, str]]:
    """(owner, function, part) of what is no component."""
    from rasa.core.agent import Agent
    from rasa.engine.runner.dask import DaskGraphRunner

    import guide.store.conversations as conversations
    from guide.channels.incoming import Gate
    from guide.nlu.neighbours import Neighbours
    from guide.replies.nlg import Replies

    yield Gate, "take", "urgent patterns"
    yield Agent, "handle_message", "Rasa's turn"
    yield DaskGraphRunner, "run", "Rasa's graph"
    yield Neighbours, "votes", "neighbours"
    yield Replies, "generate", "words of the reply"
    yield conversations, "clean", "personal details"
    yield conversations.ConversationStore, "retrieve", DATABASE
    yield conversations.ConversationStore, "save", DATABASE
