"""Rasa's SpacyNLP without what costs and is used by nobody here.

Rasa loads a model whole but for its parser, and reads every training message with it. The guide
needs the words of a training message, and of a patient's also the named entities.
"""

from __future__ import annotations

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.constants import SPACY_DOCS
from rasa.nlu.utils.spacy_utils import SpacyModel
from rasa.nlu.utils.spacy_utils import SpacyNLP as RasaSpacyNLP
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.training_data import TrainingData

from guide.privacy.reading import MODEL, english


@DefaultV1Recipe.register(
    [
        DefaultV1Recipe.ComponentType.MODEL_LOADER,
        DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER,
    ],
    is_trainable=False,
    model_from="SpacyNLP",
)
class SpacyNLP(RasaSpacyNLP):
    """Carries Rasa's name, by which its tokenizer finds it."""

    @staticmethod
    def load_model(spacy_model_name: str) -> SpacyModel:
        """The model of this process, which the removal of personal details reads with, too.

        Raises:
            InvalidConfigException: config.yml names another one.
        """
        if spacy_model_name != MODEL:
            raise InvalidConfigException(f"the spaCy model must be {MODEL}")
        return SpacyModel(model=english(), model_name=spacy_model_name)

    def process_training_data(self, training_data: TrainingData, model: SpacyModel) -> TrainingData:
        """The words of every training message, in place."""
        for example in training_data.training_examples:
            if example.get(TEXT):
                text = self._preprocess_text(example.get(TEXT))
                example.set(SPACY_DOCS[TEXT], model.model.make_doc(text))
        return training_data
