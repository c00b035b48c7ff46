"""Stands in for `python -m guide.learn try`: it ends as FAKE_LEARN says, and trains nothing.

"done", "worse" and "faults" end with a report, "fails" and "breaks" without one, "dies" and "hangs"
in the middle, "refused" before it begins.
"""

from __future__ import annotations

import os
import sys
import time

from guide.learn.lock import only_one
from guide.learn.places import candidate, write_json
from guide.learn.progress import Progress

FIGURE = {"name": "urgent found", "old": 1.0, "new": 1.0, "limit": 1.0, "ok": True, "guarded": True}
FLIP = {"set": "urgent", "text": "a <b>question</b>", "was": "right (patterns)", "now": "refused",
        "change": "worse", "guards": ["urgent found"]}  # fmt: skip
REPORT = {
    "time": 1_700_000_000.0, "live": "aaa", "candidate": "bbb", "live_version": "1",
    "candidate_version": "2", "changed_files": ["nlu/reviewed.yml"], "faults": [], "flips": [],
    "figures": [FIGURE], "sentences": {"examples": 3, "held_out": 1}, "allowed": True,
    "reasons": [],
}  # fmt: skip
WORSE = {
    "figures": [{**FIGURE, "new": 0.9, "ok": False}], "flips": [FLIP], "allowed": False,
    "reasons": ["Urgent found got worse: 1 of 10 messages fail, 0 before."],
}  # fmt: skip
FAULT = {"file": "faq/cost.yml", "key": "answer", "id": "faq.E015", "text": "is empty"}
FAULTS = {"faults": [FAULT], "figures": [], "allowed": False, "reasons": ["1 fault."]}


def main() -> int:
    """The exit code of the command that it stands in for."""
    how = os.environ["FAKE_LEARN"]
    if how == "refused":
        print("Try is running since today. Please wait until it is done.", file=sys.stderr)
        return 1
    if how == "breaks":
        raise RuntimeError("a line of the log")
    with only_one("try", "manager"):
        candidate().mkdir(parents=True, exist_ok=True)
        progress = Progress("manager")
        progress.step("training")
        if how == "dies":
            os._exit(9)
        if how == "hangs":
            time.sleep(60)
        if how == "fails":
            progress.step("failed", "There is no change to try.")
            return 1
        report = REPORT | {"worse": WORSE, "faults": FAULTS}.get(how, {})
        write_json(candidate() / "report.json", report)
        progress.step("failed" if report["faults"] else "done", "".join(report["reasons"]))
        return 0 if how == "done" else 1


if __name__ == "__main__":
    sys.exit(main())
