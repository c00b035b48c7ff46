"""The project's whole content with fewer examples: what stock Rasa can learn within an hour.

    python -m benchmarks.sample FOLDER [--each 40]

Every answer, text, rule and kind of refusal stays; of the examples of each intent, so many are
kept, spread evenly over its files. Both sides of a comparison are trained on the same sample.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

import yaml

from guide.content import DATA
from guide.content.reader import Reader

EACH = 40


def make_sample(folder: Path, each: int = EACH) -> Path:
    """Fill `folder`, which must not be there, with a data folder; returns it."""
    shutil.copytree(DATA, folder, ignore=shutil.ignore_patterns("nlu", "held_out"))
    (folder / "nlu").mkdir()
    entries = [
        {"intent": intent, "examples": "".join(f"- {text}\n" for text in _spread(texts, each))}
        for intent, texts in sorted(Reader(DATA).examples().items())
    ]
    text = yaml.safe_dump({"version": "3.1", "nlu": entries}, allow_unicode=True, width=10_000)
    (folder / "nlu" / "sample.yml").write_text(text, encoding="utf-8")
    return folder


def _spread(texts: list[str] | tuple[str, ...], most: int) -> list[str]:
    if len(texts) <= most:
        return list(texts)
    return [texts[number * len(texts) // most] for number in range(most)]


def main() -> int:
    """Exit code 0."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--each", type=int, default=EACH)
    options = parser.parse_args()
    make_sample(options.folder, options.each)
    return 0


if __name__ == "__main__":
    sys.exit(main())
