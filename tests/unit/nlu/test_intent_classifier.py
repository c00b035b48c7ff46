"""The classifier as Rasa runs it, trained on a few messages with the real components before it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.engine.storage.resource import Resource
from rasa.nlu.utils.spacy_utils import SpacyModel
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from guide.nlu.intent_classifier import IntentClassifier
from tests.unit.nlu.pipeline import Pipeline, context, storage_in
from tests.unit.nlu.small_examples import EXAMPLES

QUESTIONS = {
    "What is the price?": "cost",
    "how expensive is this therapy": "cost",
    "Is this risky?": "side_effects",
    "has it been approved by the FDA": "approved",
}
# Rates as loose as sixty messages allow.
RATES = {"wrong": 0.1, "answered_out": 0.1, "not_refused": 0.1, "false_alarms": 0.05}


@pytest.fixture(scope="module")
def pipeline(spacy_model: SpacyModel, tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    folder = tmp_path_factory.mktemp("classifier")
    made = Pipeline(spacy_model, folder, small_talk=["greet"], rates=RATES, ranking_length=4)
    assert made.train(EXAMPLES) == Resource("IntentClassifier")
    return made


def told(message: Message) -> dict[str, Any]:
    """What leaves the pipeline with the message."""
    data = message.as_dict(only_output_properties=True)
    return {key: data.get(key) for key in ("intent", "intent_ranking", "decision")}


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_gets_its_answer(pipeline: Pipeline, question: str) -> None:
    message = told(pipeline.parse(question))
    assert message["intent"]["name"] == QUESTIONS[question]
    assert message["decision"] == {"act": "answer", "answers": [QUESTIONS[question]]}


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_ranking_holds_the_true_probabilities(pipeline: Pipeline, question: str) -> None:
    message = told(pipeline.parse(question))
    ranking = message["intent_ranking"]
    assert len(ranking) == 4
    assert ranking[0]["name"] == message["intent"]["name"]
    assert ranking[0]["confidence"] == pytest.approx(message["intent"]["confidence"])
    confidences = [entry["confidence"] for entry in ranking]
    assert confidences == sorted(confidences, reverse=True)
    assert sum(confidences) <= 1 + 1e-5
    assert {entry["name"] for entry in ranking} <= set(EXAMPLES)


@pytest.mark.parametrize(
    ("text", "act", "intent"),
    [
        ("tell me another joke", "refuse", "oos_not_health"),
        ("what will the weather be tomorrow", "refuse", "oos_not_health"),
        ("hello there", "talk", "greet"),
        ("I have a terrible chest pain", "urgent", "emergency"),
    ],
)
def test_other_messages(pipeline: Pipeline, text: str, act: str, intent: str) -> None:
    message = told(pipeline.parse(text))
    assert (message["decision"]["act"], message["intent"]["name"]) == (act, intent)
    assert message["decision"]["answers"] == []


def test_two_questions_are_both_answered(pipeline: Pipeline) -> None:
    message = told(pipeline.parse("What is the price of the treatment? Is it approved?"))
    assert message["intent"]["name"] == "several"
    assert message["decision"] == {"act": "several", "answers": ["cost", "approved"]}


def test_only_the_message_itself_is_decided(pipeline: Pipeline) -> None:
    whole, *parts = pipeline.classifier.process(pipeline.featurized("Is it safe? What is it?"))
    assert whole.get("decision")
    assert len(parts) == 2
    assert all(part.get("intent") is None for part in parts)


@pytest.mark.parametrize("text", ["", None])
def test_a_message_without_features_falls_back(pipeline: Pipeline, text: str | None) -> None:
    (message,) = pipeline.classifier.process([Message({TEXT: text})])
    assert message.get("intent") == {"name": "nlu_fallback", "confidence": 1.0}
    assert message.get("decision") is None


def test_several_messages_at_once_get_what_they_get_alone(pipeline: Pipeline) -> None:
    texts = ["Is it risky?", "What is the price?"]
    together = pipeline.classifier.process([pipeline.featurized(text)[0] for text in texts])
    alone = [pipeline.parse(text) for text in texts]
    assert [m.get("intent")["name"] for m in together] == [m.get("intent")["name"] for m in alone]


def test_a_kept_classifier_gives_the_same(pipeline: Pipeline) -> None:
    texts = [*QUESTIONS, "tell me a joke", "hello", "What is the price? Is it approved?"]
    before = [told(pipeline.parse(text)) for text in texts]
    pipeline.load()
    for text, was in zip(texts, before, strict=True):
        now = told(pipeline.parse(text))
        assert now["intent"]["name"] == was["intent"]["name"], text
        assert now["decision"] == was["decision"], text
        for old, new in zip(was["intent_ranking"], now["intent_ranking"], strict=True):
            assert new["confidence"] == pytest.approx(old["confidence"], abs=2e-3)


def test_an_untrained_classifier_says_so(tmp_path: Path) -> None:
    classifier = IntentClassifier.create(
        {}, storage_in(tmp_path / "m"), Resource("none"), context()
    )
    with pytest.raises(RuntimeError, match="not trained"):
        classifier.process([Message({TEXT: "hello"})])


def test_a_model_without_it_does_not_load(tmp_path: Path) -> None:
    """Rasa's convention for a resource that was never kept."""
    with pytest.raises(ValueError, match="does not exist"):
        IntentClassifier.load({}, storage_in(tmp_path / "m"), Resource("none"), context())


def test_a_rate_that_nobody_knows_is_told(spacy_model: SpacyModel, tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="wrnog"):
        Pipeline(spacy_model, tmp_path / "m", rates={"wrnog": 0.1}).train(EXAMPLES)
