"""Dense featurizer: one embedding a message, from the project's sentence encoder."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import FEATURIZER_CLASS_ALIAS
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from guide.nlu.encoder import STOCK, configured_encoder


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False
)  # fmt: skip
class SentenceEncoder(DenseFeaturizer, GraphComponent):
    """Adds a sentence feature of shape (1, 384) to each message with text."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Files and their sha256; see `guide.nlu.encoder.load_encoder` for the paths."""
        return {**DenseFeaturizer.get_default_config(), **STOCK}

    def __init__(self, config: dict[str, Any], name: str) -> None:
        super().__init__(name, config)
        self._encoder = configured_encoder(config)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEncoder:
        """A ready component; raises EncoderError when a file is not the checked one."""
        return cls(config, execution_context.node_name)

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Rasa's hook; the files are checked when they are loaded."""

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Rasa's cache sees class and configuration; the files are named by their sha256 there."""
        return f"{config.get('model_sha256')} {config.get('vocabulary_sha256')}"

    def process(self, messages: list[Message]) -> list[Message]:
        """Encode all messages in one go (the splitter's parts come beside the message)."""
        with_text = [message for message in messages if message.get(TEXT)]
        vectors = self._encoder.encode([message.get(TEXT) for message in with_text])
        for message, vector in zip(with_text, vectors, strict=True):
            message.add_features(
                Features(
                    vector[None, :],
                    FEATURE_TYPE_SENTENCE,
                    TEXT,
                    self._config[FEATURIZER_CLASS_ALIAS],
                )
            )
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Encode every training message, in place."""
        self.process(training_data.training_examples)
        return training_data
