"""The encoder as a component of Rasa's graph."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from guide.nlu.encoder import EncoderError
from guide.nlu.sentence_encoder import SentenceEncoder
from tests.unit.nlu.pipeline import context, messages_of, storage_in


def made(folder: Path, **config: Any) -> SentenceEncoder:
    return SentenceEncoder.create(
        {**SentenceEncoder.get_default_config(), **config},
        storage_in(folder),
        Resource("encoder"),
        context(),
    )


def vector(message: Message) -> np.ndarray:
    sequence, sentence = message.get_dense_features(TEXT)
    assert sequence is None
    return np.asarray(sentence.features)


def test_messages_get_one_unit_vector_each(tmp_path: Path) -> None:
    messages = [Message({TEXT: "How much is it?"}), Message({TEXT: "Is it safe?"})]
    assert made(tmp_path).process(messages) is messages
    first, second = map(vector, messages)
    assert first.shape == second.shape == (1, first.shape[1])
    assert float(np.linalg.norm(first)) == pytest.approx(1, abs=1e-5)
    assert not np.allclose(first, second, atol=0.01)


@pytest.mark.parametrize("data", [{}, {TEXT: ""}, {TEXT: None}])
def test_a_message_without_text_is_passed_by(tmp_path: Path, data: dict[str, Any]) -> None:
    with_text, without = Message({TEXT: "How much is it?"}), Message(data)
    made(tmp_path).process([without, with_text])
    assert without.features == []
    assert len(with_text.features) == 1


def test_training_messages_get_the_same_vectors_as_typed_ones(tmp_path: Path) -> None:
    component = made(tmp_path)
    data = messages_of({"cost": ("How much is it?", "the price"), "safe": ("Is it safe?",)})
    assert component.process_training_data(data) is data
    for example in data.training_examples:
        (typed,) = component.process([Message({TEXT: example.get(TEXT)})])
        assert vector(example) == pytest.approx(vector(typed), abs=1e-3)


def test_another_file_trains_the_model_anew() -> None:
    """Rasa's cache sees the configuration's path, which may stay the same for another file."""
    config = SentenceEncoder.get_default_config()
    told = {
        SentenceEncoder.fingerprint_addon({**config, **change})
        for change in ({}, {"model_sha256": "0" * 64}, {"vocabulary_sha256": "0" * 64})
    }
    assert len(told) == 3
    assert SentenceEncoder.fingerprint_addon(dict(config)) in told


def test_a_file_that_was_exchanged_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="has sha256"):
        made(tmp_path, model_sha256="0" * 64)
    with pytest.raises(EncoderError, match=r"gone\.onnx is missing"):
        made(tmp_path, model="gone.onnx")
