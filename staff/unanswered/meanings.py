"""Sentence embeddings of messages, kept in the table `meanings`, made a few at a time."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import yaml
from django.db import transaction

from guide.nlu.encoder import STOCK, Encoder, configured_encoder
from guide.settings import ROOT
from staff.records.models import Meaning, Turn

COMPONENT = "guide.nlu.sentence_encoder.SentenceEncoder"
BATCH = 32  # takes about 50 ms, a third of a second when every message is as long as can be
MAX_CHARACTERS = 2000  # the encoder reads about 70 words


@lru_cache(maxsize=1)
def _config() -> dict[str, object]:
    pipeline = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))["pipeline"]
    entry = next(entry for entry in pipeline if entry["name"] == COMPONENT)
    return {**STOCK, **entry}


def encoder() -> Encoder:
    """The guide's own, of config.yml, checked by its sha256.

    Raises:
        EncoderError: its file is missing or another one.
    """
    return configured_encoder(_config())


def encoder_id() -> str:
    """What tells its vectors from those of another."""
    return str(_config()["model_sha256"])[:12]


def embed(turns: Sequence[int], seconds: float = 0.0) -> int:
    """Keep the embeddings of turns, in batches; a first batch always, more while there is time.

    A turn that was erased in the meantime is left out.

    Args:
        turns: ids.
        seconds: after which no other batch is begun.

    Returns:
        How many of `turns` are done with.

    Raises:
        EncoderError: as `encoder`.
    """
    end = time.monotonic() + seconds
    done = 0
    while done < len(turns) and (done == 0 or time.monotonic() < end):
        batch = turns[done : done + BATCH]
        _keep(dict(Turn.objects.filter(pk__in=batch).values_list("pk", "text")))
        done += len(batch)
    return done


def _keep(texts: dict[int, str]) -> None:
    vectors = encoder().encode([text[:MAX_CHARACTERS] for text in texts.values()])
    with transaction.atomic():
        # Locked, so that none is erased between being looked up and being referred to.
        there = set(
            Turn.objects.select_for_update().filter(pk__in=texts).values_list("pk", flat=True)
        )
        Meaning.objects.bulk_create(
            [
                Meaning(turn_id=id_, vector=vector.tobytes(), encoder=encoder_id())
                for id_, vector in zip(texts, vectors, strict=True)
                if id_ in there
            ],
            update_conflicts=True, unique_fields=["turn"], update_fields=["vector", "encoder"],
        )  # fmt: skip


def read_vectors(kept: Sequence[bytes], size: int) -> np.ndarray:
    """Rows of `meanings` as float32, (len(kept), size), each of length 1 but broken ones, 0."""
    vectors = np.frombuffer(b"".join(kept), dtype=np.float32).reshape(-1, size)
    vectors = np.where(np.isfinite(vectors).all(axis=1, keepdims=True), vectors, 0)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1))
