"""config.yml makes a graph in which every component gets what it needs."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from rasa.engine.constants import PLACEHOLDER_TRACKER
from rasa.engine.exceptions import GraphSchemaValidationException
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.validation import validate
from rasa.shared.data import TrainingType

from guide.content import DATA, Content, load
from guide.settings import ROOT

OURS = (
    "QuestionSplitter", "SentenceEncoder", "IntentClassifier", "KnownMessages", "TrialFollowUp",
    "UrgentScreen", "PersonalDetails",
)  # fmt: skip


@pytest.fixture
def config() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def content() -> Content:
    return load(DATA)


def components(config: dict[str, Any]) -> list[str]:
    return [entry["name"].rsplit(".", 1)[-1] for entry in config["pipeline"]]


def graph(config: dict[str, Any]) -> Any:
    return DefaultV1Recipe().graph_config_for_recipe(config, {}, TrainingType.BOTH)


def test_the_graph_is_valid(config: dict[str, Any]) -> None:
    validate(graph(config))


def test_every_component_works_on_each_message(config: dict[str, Any]) -> None:
    run = {node.uses.__name__ for node in graph(config).predict_schema.nodes.values()}
    assert run.issuperset(OURS)


def test_a_classifier_without_features_is_told(config: dict[str, Any]) -> None:
    featurizers = {"SentenceEncoder", "CountVectorsFeaturizer"}
    config["pipeline"] = [
        entry
        for entry, name in zip(config["pipeline"], components(config), strict=True)
        if name not in featurizers
    ]
    with pytest.raises(GraphSchemaValidationException, match="IntentClassifier"):
        validate(graph(config))


def test_urgent_words_have_the_last_word(config: dict[str, Any]) -> None:
    names = components(config)
    # What comes behind it marks details and leaves the intent alone.
    assert names[-2:] == ["UrgentScreen", "PersonalDetails"]
    assert names.index("IntentClassifier") < names.index("KnownMessages")
    assert names.index("KnownMessages") < names.index("TrialFollowUp")
    assert names.index("QuestionSplitter") < names.index("SentenceEncoder")


def test_the_conversation_so_far_reaches_what_depends_on_it(config: dict[str, Any]) -> None:
    nodes = graph(config).predict_schema.nodes.values()
    (node,) = (node for node in nodes if node.uses.__name__ == "TrialFollowUp")
    assert node.needs["tracker"] == PLACEHOLDER_TRACKER


def test_every_role_is_an_intent_that_has_examples(
    config: dict[str, Any], content: Content
) -> None:
    (classifier,) = (c for c in config["pipeline"] if c["name"].endswith("IntentClassifier"))
    assert set(classifier["small_talk"]) <= set(content.examples)
    assert not set(classifier["small_talk"]) & set(content.answers)


def test_every_example_has_an_answer_a_refusal_or_a_role(
    config: dict[str, Any], content: Content
) -> None:
    """An intent that is none of these would be proposed as an answer, and has no text."""
    (classifier,) = (c for c in config["pipeline"] if c["name"].endswith("IntentClassifier"))
    known = {*content.answers, *classifier["small_talk"], "emergency", "crisis", "urgent"}
    assert not {i for i in content.examples if i not in known and not i.startswith("oos_")}
