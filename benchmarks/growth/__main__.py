"""How the guide's times grow with turns, answers, stored events and patients at once.

    python -m benchmarks.growth [--only turns events ...] [--sizes 50 200 ...] [--clinc150 FILE]

Prints tables. A run of all parts also writes results/growth.json and the plots of the README. The
models are trained once and kept in GUIDE_VAR/bench.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks import results
from benchmarks.as_served import before_rasa
from benchmarks.clinc150 import DATA as CLINC150
from benchmarks.growth import answers, events, loads, turns
from benchmarks.growth.exponent import series
from benchmarks.growth.report import PARTS, block, plots
from benchmarks.patients import plain_questions
from benchmarks.stock.models import trained
from benchmarks.stock.servers import running
from benchmarks.stock.sides import WHOLE, Side, guide
from guide.content import DATA
from guide.settings import prepare_environment, var_folder


def main() -> int:
    """Exit code 0, whatever the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument(
        "--sizes", nargs="+", type=int, help="with --only: other sizes than its own"
    )
    parser.add_argument("--clinc150", type=Path, default=CLINC150, help="its data_full.json")
    options = parser.parse_args()
    if options.sizes and len(options.only) != 1:
        parser.error("--sizes needs --only and one part")
    before_rasa()
    prepare_environment()
    folder = var_folder() / "bench"
    folder.mkdir(exist_ok=True)
    figures = {}
    for name in options.only:
        print(f"growth: {name}", file=sys.stderr, flush=True)
        figures[name] = MEASURED[name](folder, options)
    if options.only == list(PARTS):
        results.write("growth", figures)
        plots(figures)
    print(block({"about": results.about(), "figures": figures}))
    return 0


def _in_process(module: Any) -> Callable[[Path, argparse.Namespace], dict[str, Any]]:
    """How a part is measured that needs the guide in this process."""

    def measured(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
        from benchmarks.growth.spoken import Spoken

        sizes = options.sizes or module.SIZES
        with _own_database():
            spoken = Spoken(_guide(folder).model)
            rounds = asyncio.run(module.measure(spoken, plain_questions(), sizes))
        return {"sizes": sizes, "series": series(sizes, rounds)}

    return measured


@contextmanager
def _own_database() -> Iterator[None]:
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        os.environ["DATABASE_URL"] = f"sqlite:///{name}/guide.db"
        yield
        del os.environ["DATABASE_URL"]


def _answers(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    if not options.clinc150.exists():
        return {"left_out": f"Left out: CLINC150 is not at {options.clinc150.name}."}
    sizes = options.sizes or answers.SIZES
    texts = plain_questions()
    times, costs = answers.measure(folder, texts, sizes, clinc150=options.clinc150)
    return {"sizes": sizes, "series": {**series(sizes, times), **series(sizes, [costs])}}


def _patients(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    sizes = options.sizes or loads.SIZES
    with running(_guide(folder)) as server:
        loads.measure(server.url, sizes[:1], rounds=1)  # warm
        rounds = loads.measure(server.url, sizes)
    return {"sizes": sizes, "series": series(sizes, rounds)}


def _guide(folder: Path) -> Side:
    """The guide of the project's whole content, trained where it is not yet."""
    side = guide(folder, DATA, WHOLE)
    trained(side)
    return side


MEASURED = {
    "turns": _in_process(turns),
    "answers": _answers,
    "events": _in_process(events),
    "patients": _patients,
}

if __name__ == "__main__":
    sys.exit(main())
