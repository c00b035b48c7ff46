"""Writes the word lists of data/privacy.

    python -m tools.build_privacy_words [CENSUS]

`field_words.txt` comes from the project's own example questions: what patients write often, spelled
as they spell it, is no name. With CENSUS, a folder with the name files of the U.S. Census of 1990
(dist.female.first, dist.male.first, dist.all.last: a name in capitals, its share, the running sum,
its rank), the two lists of names are made anew too.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path

from guide.privacy.lexicon import WORD, fold

DATA = Path(__file__).parents[1] / "data"
FAMILY_NAMES = 15_000  # rarer ones are mostly words of other languages
OFTEN = 3  # a slip made more often is a spelling


def field_words(names: set[str]) -> list[str]:
    """Words that stand often in the examples, small letters mostly, and are no first names."""
    small: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    for path in sorted(DATA.glob("nlu/**/*.yml")) + sorted(DATA.glob("faq/*.yml")):
        for line in path.read_text(encoding="utf-8").splitlines():
            for word in WORD.findall(re.sub(r"^\s*- ", "", line)):
                (capital if word[0].isupper() else small)[fold(word)] += 1
    return sorted(
        word
        for word, count in small.items()
        if count >= OFTEN and count > capital[word] and len(word) > 1 and word not in names
    )


def names(path: Path, most: int | None = None) -> set[str]:
    """The commonest names of a file, in small letters."""
    lines = path.read_text(encoding="ascii").splitlines()[:most]
    return {line.split()[0].lower() for line in lines if line.strip()}


def write(name: str, words: list[str]) -> None:
    """One word a line."""
    (DATA / "privacy" / name).write_text("".join(f"{word}\n" for word in words), encoding="utf-8")


def main() -> int:
    """Exit code 0."""
    if len(sys.argv) > 1:
        folder = Path(sys.argv[1])
        given = names(folder / "dist.female.first") | names(folder / "dist.male.first")
        write("given_names.txt", sorted(given))
        write("family_names.txt", sorted(names(folder / "dist.all.last", FAMILY_NAMES)))
    known = set((DATA / "privacy" / "given_names.txt").read_text(encoding="utf-8").split())
    write("field_words.txt", field_words(known))
    return 0


if __name__ == "__main__":
    sys.exit(main())
