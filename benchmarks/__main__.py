"""`make bench`: every benchmark there is, one after the other; each also runs alone.

Their progress goes to stderr, their tables to stdout, their figures to results/*.json.
`python -m benchmarks.readme` puts the tables into README.md.
"""

from __future__ import annotations

import subprocess
import sys
import time

from guide.settings import ROOT

ALL = ("stock", "turn_cost", "clinc150")
# The exit code of a benchmark that cannot run here, and said why.
SKIPPED = 3


def main() -> int:
    """Exit code 0 when all ran or were skipped, with a reason, as what they need is not here."""
    outcomes = {}
    for name in ALL:
        print(f"== {name}", file=sys.stderr, flush=True)
        began = time.monotonic()
        code = subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], cwd=ROOT).returncode
        outcomes[name] = {0: "done", SKIPPED: "skipped"}.get(code, f"failed with {code}")
        seconds = time.monotonic() - began
        print(f"== {name}: {outcomes[name]} in {seconds:.0f} s", file=sys.stderr, flush=True)
    return int(any(outcome.startswith("failed") for outcome in outcomes.values()))


if __name__ == "__main__":
    sys.exit(main())
