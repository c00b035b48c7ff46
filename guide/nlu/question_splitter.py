"""Finds the questions of a message, so that two questions get two answers.

The parts travel beside the message through the rest of the pipeline as messages of their own
(Rasa reads only the first of the list), so that featurizers handle them all in one batch.
"""

from __future__ import annotations

import copy
from itertools import pairwise
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import SPACY_DOCS, TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from spacy.tokens import Doc

PART_OF = "part_of_message"  # marks a part; never an output property

QUESTION_WORDS = frozenset(
    """what what's whats how how's who who's whos where when why which is are was were do does did
    can could will would should has have am whether""".split()  # noqa: SIM905  easier to read
)
REQUEST_WORDS = frozenset(
    {"tell", "explain", "describe", "point", "indicate", "ask", "asks", "asking"}
)
JOINERS = frozenset(
    {"and", "also", "plus", "&", "n", "or", "but", "then", "+", "/", "oh", "moreover"}
)
STOPS = frozenset({"?", ".", "!", ";", ":", "??", "...", "+", "/", ")", "-", "\u2013"})
# A message so short is all question, also where no word of it asks: "price + waiting time".
SHORT = 8


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False
)  # fmt: skip
class QuestionSplitter(GraphComponent):
    """Appends the questions of a message to the list of messages."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """At most so many parts are looked at: a message of twenty questions gets titles."""
        return {"max_parts": 5}

    def __init__(self, config: dict[str, Any]) -> None:
        self._max_parts = int(config["max_parts"])

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> QuestionSplitter:
        """A ready component."""
        return cls({**cls.get_default_config(), **config})

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Training messages are single questions and stay whole."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """The messages, and after them the parts of each that holds several questions."""
        parts: list[Message] = []
        for index, message in enumerate(messages):
            doc = message.get(SPACY_DOCS[TEXT])
            spans = question_spans(doc) if doc is not None else []
            for start, end in likeliest(doc, spans, self._max_parts):
                parts.append(_part(message, index, doc, start, end))
        return messages + parts


def question_spans(doc: Doc) -> list[tuple[int, int]]:
    """Token ranges of the clauses that ask something; [] unless there are at least two clauses.

    It rather finds too many: the classifier answers a part only where it is certain of it alone.
    """
    cuts = sorted({0, len(doc), *_stop_cuts(doc), *_joiner_cuts(doc)})
    clauses = [_trimmed(doc, start, end) for start, end in pairwise(cuts)]
    clauses = [(start, end) for start, end in clauses if _words(doc, start, end)]
    if len(clauses) < 2:
        return []
    if _words(doc, 0, len(doc)) <= SHORT:
        return clauses
    return [(start, end) for start, end in clauses if _asks(doc, start, end)]


def likeliest(doc: Doc, spans: list[tuple[int, int]], most: int) -> list[tuple[int, int]]:
    """At most so many of the spans, in their order; a story may hold many clauses that could ask:
    those with a question mark go before others."""
    first = sorted(spans, key=lambda span: "?" not in doc[span[1] - 1].text)[:most]
    return sorted(first)


def _stop_cuts(doc: Doc) -> list[int]:
    """After what ends a clause."""
    return [token.i + 1 for token in doc[:-1] if token.text in STOPS or "\n" in token.text]


def _joiner_cuts(doc: Doc) -> list[int]:
    """Before "and how ...", "also does ...", ", what ...", "and tell me ..."."""
    cuts = []
    for token in doc[1:-1]:
        following = {doc[token.i + 1].lower_}
        if token.lower_ in JOINERS:  # "and I want to know where", "and then how"
            following |= {t.lower_ for t in doc[token.i + 2 : token.i + 6]}
        joins = token.lower_ in JOINERS or token.text == ","
        if joins and following & (QUESTION_WORDS | REQUEST_WORDS):
            cuts.append(token.i)
    return cuts


def _trimmed(doc: Doc, start: int, end: int) -> tuple[int, int]:
    while start < end and (
        doc[start].is_punct or doc[start].is_space or doc[start].lower_ in JOINERS
    ):
        start += 1
    return start, end


def _words(doc: Doc, start: int, end: int) -> int:
    return sum(token.is_alpha or token.like_num for token in doc[start:end])


def _asks(doc: Doc, start: int, end: int) -> bool:
    """A clause asks when it ends in a question mark or holds a word that asks."""
    words = {token.lower_ for token in doc[start:end]}
    return "?" in doc[end - 1].text or bool(words & (QUESTION_WORDS | REQUEST_WORDS))


def _part(message: Message, index: int, doc: Doc, start: int, end: int) -> Message:
    span = doc[start:end]
    first = span[0].idx
    text = span.text
    tokens = [
        _shifted(token, first)
        for token in message.get(TOKENS_NAMES[TEXT], [])
        if first <= token.start and token.end <= first + len(text)
    ]
    part = Message({TEXT: text, TOKENS_NAMES[TEXT]: tokens, PART_OF: index})
    return part


def _shifted(token: Token, by: int) -> Token:
    moved = copy.copy(token)
    moved.start, moved.end = token.start - by, token.end - by
    return moved
