"""The stock encoder and the spaCy model, loaded once."""

from __future__ import annotations

import pytest
from rasa.nlu.utils.spacy_utils import SpacyModel

from guide.nlu.encoder import Encoder, packaged
from guide.nlu.spacy_nlp import SpacyNLP
from tests.unit.nlu.pipeline import SPACY


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    return Encoder(packaged("model.onnx"), packaged("vocab.txt"))


@pytest.fixture(scope="session")
def spacy_model() -> SpacyModel:
    return SpacyNLP.load_model(SPACY["model"])
