"""The models of both sides, trained once and kept, with what their training cost."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass

from benchmarks.stock.sides import Side
from guide.settings import ROOT


class BenchmarkError(Exception):
    """Something that is to be measured does not work, in words for who measures."""


@dataclass(frozen=True)
class Cost:
    """What a training took: seconds that passed, and seconds of processors.

    On a machine that others use, too, the second is the fairer figure.
    """

    seconds: float
    cpu_seconds: float


def trained(side: Side, again: bool = False) -> Cost:
    """What the training of a side's model cost; it is trained if it is not there, or `again`.

    Raises:
        BenchmarkError: it could not be trained.
    """
    kept = side.model.with_suffix("").with_suffix(".json")
    if again or not (side.model.exists() and kept.exists()):
        side.model.unlink(missing_ok=True)
        kept.write_text(json.dumps(asdict(_train(side))), encoding="utf-8")
    return Cost(**json.loads(kept.read_text(encoding="utf-8")))


def _train(side: Side) -> Cost:
    log = side.model.with_name(f"{side.name}-training.log")
    print(f"{side.name}: training, log in {log}", file=sys.stderr, flush=True)
    # An empty cache: with what an earlier training left there, Rasa would skip the most of it.
    with tempfile.TemporaryDirectory() as cache, log.open("wb") as output:
        environment = {
            **os.environ, "PYTHONPATH": str(ROOT), "RASA_TELEMETRY_ENABLED": "false",
            "RASA_CACHE_DIRECTORY": cache, **side.settings,
        }  # fmt: skip
        began, before = time.monotonic(), _cpu_of_children()
        done = subprocess.run(
            [sys.executable, *side.training],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=output,
        )
        cost = Cost(round(time.monotonic() - began, 1), round(_cpu_of_children() - before, 1))
    if done.returncode or not side.model.exists():
        raise BenchmarkError(f"{side.name} could not be trained: see {log}")
    return cost


def _cpu_of_children() -> float:
    """Seconds of processors of all processes that this one started and that ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
