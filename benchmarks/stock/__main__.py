"""The guide against stock Rasa, side by side in one run; `--quick` tries it on a small guide.

    python -m benchmarks.stock [--rounds 3] [--train] [--epochs-of-whole N] [--quick]

Both learn the same sample of the content, on all of which stock Rasa would train for hours; the
guide is measured on all of it, too. GUIDE_VAR/bench keeps the models and what their training cost:
stock Rasa's takes an hour, once. Prints a table and writes results/stock.json.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks import results
from benchmarks.sample import EACH, make_sample
from benchmarks.stock import quality
from benchmarks.stock.measure import QUICK, Plan, measured, tell
from benchmarks.stock.models import BenchmarkError, trained
from benchmarks.stock.report import SIZE, TRAINING, TRAINING_BUSY, block
from benchmarks.stock.sides import WHOLE, Side, guide, stock
from guide.content import DATA
from guide.settings import prepare_environment, var_folder

TRIAL_EPOCHS = 2
ALL_EPOCHS = 100


def compared(sides: list[Side], plan: Plan, rounds: int, again: bool) -> dict[str, Any]:
    """Figures by side: of training and questions, and medians of all rounds.

    Raises:
        BenchmarkError: a side cannot be trained or does not start.
    """
    once, shares = {}, []
    for side in sides:
        cost = trained(side, again)
        tell(side, "held-out questions")
        asked = quality.of(side)
        shares = list(asked)
        once[side.name] = {
            **asked, TRAINING: cost.seconds, TRAINING_BUSY: cost.cpu_seconds,
            SIZE: side.model.stat().st_size / 1e6,
        }  # fmt: skip
    each: dict[str, list[dict[str, float]]] = {side.name: [] for side in sides}
    for number in range(rounds):
        for side in sides:
            tell(side, f"round {number + 1} of {rounds}")
            each[side.name].append(measured(side, plan))
    return {
        "rounds": rounds, "shares": shares, "each_round": each,
        **{name: {**found, **medians(each[name])} for name, found in once.items()},
    }  # fmt: skip


def medians(rounds: list[dict[str, float]]) -> dict[str, float]:
    """The median of each figure."""
    return {name: statistics.median(one[name] for one in rounds) for name in rounds[0]}


def extrapolated(folder: Path, data: Path, epochs: int) -> dict[str, float]:
    """{epochs, seconds} of stock Rasa's training by what 1 and `epochs` epochs take.

    Raises:
        BenchmarkError: it cannot be trained.
    """
    one, more = (trained(stock(folder, data, number)).seconds for number in (1, epochs))
    return {"epochs": epochs, "seconds": one + (ALL_EPOCHS - 1) * (more - one) / (epochs - 1)}


def main() -> int:
    """Exit code 0 when all was measured, whatever the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.stock")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--each", type=int, default=EACH, help="examples of an intent")
    parser.add_argument("--train", action="store_true", help="anew, even where models are kept")
    parser.add_argument(
        "--epochs-of-whole", type=int, metavar="N",
        help="train stock Rasa N epochs (2 or more) on the whole content, and extrapolate",
    )  # fmt: skip
    parser.add_argument("--quick", action="store_true", help="a trial; writes no results")
    options = parser.parse_args()
    prepare_environment()
    folder = var_folder() / "bench"
    folder.mkdir(exist_ok=True)
    try:
        if options.quick:
            print(block({"about": results.about(), "figures": _trial(options.rounds)}))
            return 0
        figures = _figures(folder, options)
    except BenchmarkError as error:
        print(error, file=sys.stderr)
        return 1
    results.write("stock", figures)
    print(block(results.read("stock")))
    return 0


def _figures(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    data = folder / "sample"
    shutil.rmtree(data, ignore_errors=True)
    make_sample(data, options.each)
    sides = [guide(folder, data), stock(folder, data), guide(folder, DATA, WHOLE)]
    figures = compared(sides, Plan(), options.rounds, options.train)
    if options.epochs_of_whole:
        figures["stock_whole"] = extrapolated(folder, DATA, options.epochs_of_whole)
    return {"examples_of_an_intent": options.each, **figures}


def _trial(rounds: int) -> dict[str, Any]:
    """All of it on a guide of few answers, which trains in seconds."""
    from tests.small_guide import make_small_guide

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data = make_small_guide(folder)
        os.environ["GUIDE_QUESTIONS"] = str(folder / "questions")
        return compared(
            [guide(folder, data), stock(folder, data, TRIAL_EPOCHS)], QUICK, rounds, False
        )


if __name__ == "__main__":
    sys.exit(main())
