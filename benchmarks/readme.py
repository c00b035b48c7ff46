"""`python -m benchmarks.readme`: README's tables of benchmarks, made from results/*.json."""

from __future__ import annotations

import sys
from importlib import import_module

from benchmarks.results import FOLDER, read
from guide.evaluation.report import put_between
from guide.settings import ROOT

# Result -> the module whose `block(found)` makes Markdown of what `results.read` returns.
# README holds it between `<!-- bench-NAME: begin -->` and `<!-- bench-NAME: end -->`.
MADE_BY = {
    "stock": "benchmarks.stock.report",
}


def updated(text: str) -> str:
    """README's text with the tables of all results that there are.

    Raises:
        ValueError: it lacks the markers of one.
    """
    for name, module in MADE_BY.items():
        if (FOLDER / f"{name}.json").exists():
            text = put_between(text, f"bench-{name}", import_module(module).block(read(name)))
    return text


def main() -> int:
    """Write README.md; exit code 1 where its markers are missing."""
    path = ROOT / "README.md"
    try:
        path.write_text(updated(path.read_text(encoding="utf-8")), encoding="utf-8")
    except ValueError as error:
        print(f"README.md {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
