"""Sentence embeddings from the real packaged files."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from guide.nlu import encoder as module
from guide.nlu.encoder import Encoder, EncoderError, checked, load_encoder, packaged

TEXTS = (
    "hi",
    "How much does it cost?",
    "HOW MUCH DOES IT COST",
    "my daughter has had lupus for ten years, and her doctor told us about a new therapy where "
    "they take cells out of her blood; I wonder how long that takes",
    "¿Es seguro?",
    "\U0001f642",
    "lupus " * 500,
)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_vectors_have_length_one(encoder: Encoder) -> None:
    vectors = encoder.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), encoder.size)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)


def test_a_text_has_the_same_vector_alone_and_in_a_batch(encoder: Encoder) -> None:
    together = encoder.encode(TEXTS)
    for number, text in enumerate(TEXTS):
        assert encoder.encode([text])[0] == pytest.approx(together[number], abs=1e-3), text


def test_small_batches_keep_the_order(encoder: Encoder) -> None:
    assert encoder.encode(TEXTS, batch=2) == pytest.approx(encoder.encode(TEXTS), abs=1e-3)


def test_capitals_do_not_matter(encoder: Encoder) -> None:
    small, large = encoder.encode(["how much does it cost", "HOW MUCH DOES IT COST"])
    assert small == pytest.approx(large, abs=1e-6)


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_no_words_have_a_vector_too(encoder: Encoder, text: str) -> None:
    assert np.isfinite(encoder.encode([text])).all()


def test_nothing_to_encode(encoder: Encoder) -> None:
    assert encoder.encode([]).shape == (0, encoder.size)


@pytest.mark.parametrize(
    ("question", "paraphrase", "stranger"),
    [
        ("how much does it cost", "what is the price of the treatment", "who wrote the article"),
        ("what are the side effects", "which unwanted effects can it have", "trials near Boston"),
        ("can I join a study", "how do I take part in a clinical trial", "what is a T cell"),
        ("has the FDA approved it", "is it licensed yet", "does insurance pay"),
        ("does insurance pay", "will my health plan cover this", "is it approved"),
    ],
)
def test_paraphrases_are_nearer_than_strangers(
    encoder: Encoder, question: str, paraphrase: str, stranger: str
) -> None:
    asked, near, far = encoder.encode([question, paraphrase, stranger])
    assert asked @ near > asked @ far + 0.1


def test_the_right_files_are_loaded_once_a_process() -> None:
    model, vocabulary = packaged("model.onnx"), packaged("vocab.txt")
    files = ("packaged", sha256(model), "packaged", sha256(vocabulary), 1)
    assert load_encoder(*files) is load_encoder(*files)


def test_a_file_with_another_sha256_is_not_run() -> None:
    model = sha256(packaged("model.onnx"))
    with pytest.raises(EncoderError, match=rf"vocab\.txt has sha256 \w+, expected {'0' * 64}"):
        load_encoder("packaged", model, "packaged", "0" * 64, 1)
    with pytest.raises(EncoderError, match=r"model\.onnx has sha256"):
        load_encoder("packaged", "", "packaged", "", 1)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match=r"nowhere\.onnx is missing \(make install\)"):
        checked(tmp_path / "nowhere.onnx", "0" * 64)
    with pytest.raises(EncoderError, match="is missing"):
        checked(tmp_path, "0" * 64)
    with pytest.raises(EncoderError, match=r"encoder.nowhere\.onnx is missing"):
        load_encoder("nowhere.onnx", "0" * 64, "packaged", "0" * 64, 1)


def test_a_package_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(module.PACKAGED, "model.onnx", "no_such_package")
    with pytest.raises(EncoderError, match="no_such_package is not installed"):
        packaged("model.onnx")


def test_files_may_stand_in_the_project_or_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "own.txt").write_bytes(packaged("vocab.txt").read_bytes())
    monkeypatch.setattr(module, "MODELS", tmp_path)
    model, vocabulary = packaged("model.onnx"), sha256(tmp_path / "own.txt")
    for place in ("own.txt", str(tmp_path / "own.txt")):
        assert load_encoder(str(model), sha256(model), place, vocabulary, 1).size > 0
