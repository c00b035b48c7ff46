"""The long course, without pytest: `python -m tests.faults` prints the counts."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from guide.train import train
from tests.faults.breaking import small_disk
from tests.faults.course import LONG, run
from tests.faults.kept import house


def main() -> int:
    """1 where anything was lost, doubled, mixed up or left without words."""
    train()
    with TemporaryDirectory() as folder:
        os.environ["GUIDE_VAR"] = folder
        with small_disk(Path(folder) / "disk") as disk, house(Path(folder), disk) as guide:
            passed = asyncio.run(run(guide, **LONG))
    print(passed.table())
    return 1 if passed.report.faults else 0


if __name__ == "__main__":
    sys.exit(main())
