"""The guide against stock Rasa, side by side in one run; `--quick` tries it on a small guide.

    python -m benchmarks.stock [--rounds 3] [--train] [--quick]

Both are trained once, on the same content; GUIDE_VAR/bench keeps the models and what training
cost (stock Rasa takes an hour or more). Prints a table and writes results/stock.json.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks import results
from benchmarks.stock import quality
from benchmarks.stock.measure import QUICK, Plan, measured, tell
from benchmarks.stock.models import BenchmarkError, trained
from benchmarks.stock.report import SIZE, TRAINING, TRAINING_CPU, block
from benchmarks.stock.sides import NAMES, Side, guide, stock
from guide.settings import prepare_environment, var_folder

TRIAL_EPOCHS = 2


def compared(sides: list[Side], plan: Plan, rounds: int, again: bool) -> dict[str, Any]:
    """Figures by side: of the questions, of the training, and medians of all rounds.

    Raises:
        BenchmarkError: a side cannot be trained or does not start.
    """
    once: dict[str, dict[str, float]] = {}
    shares: list[str] = []
    for side in sides:
        cost = trained(side, again)
        tell(side, "held-out questions")
        asked = quality.of(side)
        shares = list(asked)
        size = round(side.model.stat().st_size / 1e6, 2)
        once[side.name] = {
            **asked, TRAINING: cost.seconds, TRAINING_CPU: cost.cpu_seconds, SIZE: size,
        }  # fmt: skip
    each: dict[str, list[dict[str, float]]] = {side.name: [] for side in sides}
    for number in range(rounds):
        for side in sides:
            tell(side, f"round {number + 1} of {rounds}")
            each[side.name].append(measured(side, plan))
    return {
        "rounds": rounds, "shares": shares, "each_round": each,
        **{name: {**once[name], **medians(each[name])} for name in once},
    }  # fmt: skip


def medians(rounds: list[dict[str, float]]) -> dict[str, float]:
    """The median of each figure."""
    return {name: statistics.median(one[name] for one in rounds) for name in rounds[0]}


def main() -> int:
    """Exit code 0 when both were measured, whatever the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.stock")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--train", action="store_true", help="anew, even where models are kept")
    parser.add_argument("--quick", action="store_true", help="a trial; writes no results")
    options = parser.parse_args()
    prepare_environment()
    with ExitStack() as stack:
        if options.quick:
            _small_guide(Path(stack.enter_context(tempfile.TemporaryDirectory())))
        folder = var_folder() / "bench"
        folder.mkdir(exist_ok=True)
        sides = [guide(folder), stock(folder, TRIAL_EPOCHS if options.quick else None)]
        assert tuple(side.name for side in sides) == NAMES
        plan = QUICK if options.quick else Plan()
        try:
            figures = compared(sides, plan, options.rounds, options.train)
        except BenchmarkError as error:
            print(error, file=sys.stderr)
            return 1
    if options.quick:
        print(block({"about": results.about(), "figures": figures}))
    else:
        results.write("stock", figures)
        print(block(results.read("stock")))
    return 0


def _small_guide(folder: Path) -> None:
    """Settings of a guide of few answers, which trains in seconds."""
    from tests.small_guide import make_small_guide, settings

    make_small_guide(folder)
    os.environ |= settings(folder)


if __name__ == "__main__":
    sys.exit(main())
