"""The questions of a message, found by the real spaCy model."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.engine.graph import GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.spacy_tokenizer import SpacyTokenizer
from rasa.nlu.utils.spacy_utils import SpacyModel
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from guide.nlu.question_splitter import PART_OF, QuestionSplitter, question_spans
from guide.nlu.spacy_nlp import SpacyNLP
from tests.unit.nlu.pipeline import SPACY, Pipeline, context, messages_of, storage_in

STORY = (
    "My daughter was diagnosed ten years ago. She has tried everything and nothing worked. "
    "Her doctor told us about this therapy last week. How long does it take?"
)


@pytest.fixture(scope="module")
def pipeline(spacy_model: SpacyModel, tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    return Pipeline(spacy_model, tmp_path_factory.mktemp("splitter"))


@pytest.mark.parametrize(
    ("message", "questions"),
    [
        ("What is it? How much is it?", ["What is it?", "How much is it?"]),
        (
            "How much does it cost and is it safe?",
            ["How much does it cost", "is it safe?"],
        ),
        ("what is CAR T and how does it work", ["what is CAR T", "how does it work"]),
        (
            "Is it safe, and does insurance pay for it?",
            ["Is it safe,", "does insurance pay for it?"],
        ),
        (
            "Is it approved? Also where can I find a trial?",
            ["Is it approved?", "where can I find a trial?"],
        ),
        ("Who is the author & what does he do", ["Who is the author", "what does he do"]),
        ("Is it dangerous or is it safe", ["Is it dangerous", "is it safe"]),
        ("what is it\nhow much is it", ["what is it", "how much is it"]),
        (
            "what is it, how much is it, is it safe, who wrote this",
            ["what is it", "how much is it", "is it safe", "who wrote this"],
        ),
        ("Hi! How much is it?!  And is it safe?!", ["How much is it?", "is it safe?"]),
        # So short that all of it asks.
        ("price + waiting time", ["price", "waiting time"]),
        ("cost? risks?", ["cost?", "risks?"]),
    ],
)
def test_questions_are_found(pipeline: Pipeline, message: str, questions: list[str]) -> None:
    whole, *parts = pipeline.split(message)
    assert whole.get(TEXT) == message
    assert whole.get(PART_OF) is None
    assert [part.get(TEXT).strip("\n +") for part in parts] == questions


@pytest.mark.parametrize(
    ("message", "question"),
    [
        (STORY, "How long does it take?"),
        # However many clauses of a story could be asking too.
        ("She was ill. " * 20 + STORY + " She is tired." * 20, "How long does it take?"),
        ("I have lupus. How much does it cost?", "How much does it cost?"),
        ("How much does it cost? Thank you!", "How much does it cost?"),
        ("it costs $1.5 million. is that right?", "is that right?"),
        ("My son is ill and I would like to know whether it is approved", "whether it is approved"),
    ],
    ids=lambda text: text[:30],
)
def test_a_question_is_found_in_what_is_told_around_it(
    pipeline: Pipeline, message: str, question: str
) -> None:
    parts = [part.get(TEXT) for part in pipeline.split(message)[1:]]
    assert [part for part in parts if part.endswith(question)]


@pytest.mark.parametrize(
    "message",
    [
        # One question with a joiner in it.
        "what are the risks and benefits?",
        "How are T cells taken out and changed?",
        "is it for adults or for children?",
        "tell me the cost and the risks",
        "does it work or not",
        "is it approved",
        "?",
        "...",
        "\U0001f642 \U0001f642",
    ],
)
def test_one_question_stays_whole(pipeline: Pipeline, message: str) -> None:
    (whole,) = pipeline.split(message)
    assert whole.get(TEXT) == message


@pytest.mark.parametrize("message", ["What is it? How much is it?", STORY, "a b? c d? e f?"])
def test_the_words_of_a_part_stand_where_they_say(pipeline: Pipeline, message: str) -> None:
    whole, *parts = pipeline.split(message)
    assert parts
    for part in parts:
        text, tokens = part.get(TEXT), part.get(TOKENS_NAMES[TEXT])
        assert tokens
        assert [text[token.start : token.end] for token in tokens] == [t.text for t in tokens]
        assert "".join(t.text for t in tokens) == text.replace(" ", "")
    for token in whole.get(TOKENS_NAMES[TEXT]):
        assert message[token.start : token.end] == token.text


def test_a_message_of_many_questions_is_cut_short(pipeline: Pipeline) -> None:
    parts = pipeline.split("What is it? " * 20)[1:]
    assert 2 < len(parts) == QuestionSplitter.get_default_config()["max_parts"] < 10


def test_parts_name_their_message(pipeline: Pipeline) -> None:
    one, two = (pipeline.split(text)[0] for text in ("What is it?", "What is it? Is it safe?"))
    parts = QuestionSplitter({"max_parts": 4}).process([one, two])[2:]
    assert [part.get(PART_OF) for part in parts] == [1, 1]


def test_a_message_without_a_document_is_left_alone() -> None:
    messages = [Message({TEXT: "What is it? How much is it?"}), Message({})]
    assert QuestionSplitter({"max_parts": 4}).process(messages) == messages


def test_training_messages_stay_whole() -> None:
    data = messages_of({"cost": ("What is it? How much is it?",)})
    splitter = QuestionSplitter(QuestionSplitter.get_default_config())
    assert len(splitter.process_training_data(data).training_examples) == 1


@pytest.mark.parametrize("text", ["", " ", "\n\n", "?" * 50, "and and and", "is is is? is is?"])
def test_odd_documents_have_spans_within_them(spacy_model: SpacyModel, text: str) -> None:
    doc = spacy_model.model(text)
    for start, end in question_spans(doc):
        assert 0 <= start < end <= len(doc)


def test_rasa_hands_the_parts_through_its_graph(tmp_path: Path) -> None:
    def node(uses: type, fn: str, config: dict[str, object], **needs: str) -> SchemaNode:
        return SchemaNode(needs, uses, "create", fn, config, eager=True)

    schema = GraphSchema(
        {
            "model": node(SpacyNLP, "provide", SPACY),
            "nlp": node(SpacyNLP, "process", SPACY, messages="__message__", model="model"),
            "words": node(SpacyTokenizer, "process", {}, messages="nlp"),
            "parts": node(QuestionSplitter, "process", {"max_parts": 3}, messages="words"),
        }
    )
    runner = DaskGraphRunner.create(schema, storage_in(tmp_path / "model"), context())
    typed = [Message({TEXT: "What is it? How much is it?"})]
    result = runner.run({"__message__": typed}, targets=["parts"])["parts"]
    assert [m.get(TEXT) for m in result] == [typed[0].get(TEXT), "What is it?", "How much is it?"]
