"""Writes the name lists of data/privacy from the name files of the U.S. Census of 1990.

    python -m tools.build_names FOLDER

FOLDER holds dist.female.first, dist.male.first and dist.all.last, in the Census Bureau's own form:
a name in capitals, its share, the running sum, its rank.
"""

from __future__ import annotations

import sys
from pathlib import Path

DATA = Path(__file__).parents[1] / "data" / "privacy"
FAMILY_NAMES = 30_000  # those after it stand for fewer than one person in 200,000


def names(path: Path, most: int | None = None) -> list[str]:
    """The commonest names of a file, in small letters."""
    lines = path.read_text(encoding="ascii").splitlines()[:most]
    return [line.split()[0].lower() for line in lines if line.strip()]


def main() -> int:
    """Exit code 0."""
    folder = Path(sys.argv[1])
    given = names(folder / "dist.female.first") + names(folder / "dist.male.first")
    family = names(folder / "dist.all.last", FAMILY_NAMES)
    for file, found in (("given_names.txt", given), ("family_names.txt", family)):
        text = "".join(f"{name}\n" for name in sorted(set(found)))
        (DATA / file).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
