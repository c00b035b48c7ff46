"""Asks the guide of GUIDE_DATA and GUIDE_MODELS the held-out questions, in a process of its own.

`python -m guide.learn.measure QUESTIONS HELD_OUT RESULT`: a folder of sets, the file of staff's
own questions, and where the measurement goes (see guide.learn.compare). Each line that it prints
is "done total".
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import signal
import sys
from pathlib import Path
from typing import Any

from guide.evaluation.agent import running_guide
from guide.evaluation.questions import read_dialogues, read_questions, with_staffs
from guide.evaluation.run import Judged, Played, run_dialogues, run_questions
from guide.learn.compare import DIALOGUES
from guide.learn.places import write_json
from guide.settings import prepare_environment, quiet_rasa


async def measured(folder: Path, held_out: Path) -> dict[str, Any]:
    """The measurement of today's model.

    Raises:
        ContentError: the questions have faults.
    """
    sets = with_staffs(read_questions(folder), held_out)
    path = folder / f"{DIALOGUES}.yml"
    dialogues = read_dialogues(path) if path.exists() else ()
    total = sum(map(len, sets.values())) + len(dialogues)
    asked: list[dict[str, Any]] = []

    def judged(one: Judged) -> None:
        told = {"verdict": one.verdict, "kind": one.reply["kind"], "by": one.reply["by"]}
        asked.append(_named(one.set, one.number, one.question.text) | told)
        print(len(asked), total, flush=True)

    def played(one: Played) -> None:
        told = {"verdict": "failed" if one.failed else "passed", "kind": "", "by": ""}
        asked.append(_named(DIALOGUES, one.number, one.dialogue.name) | told)
        print(len(asked), total, flush=True)

    async with running_guide() as guide:
        figures = (await run_questions(guide, sets, judged))["figures"]
        if dialogues:
            counts = (await run_dialogues(guide, dialogues, played))["dialogues"]
            figures["dialogues passed"] = counts["passed"] / counts["total"]
    return {"figures": figures, "questions": asked}


def _named(set_: str, number: int, text: str) -> dict[str, Any]:
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    return {"id": f"{set_}:{number}", "set": set_, "hash": digest, "text": text}


def main() -> int:
    """Exit code 0 when the measurement was written."""
    questions, held_out, result = map(Path, sys.argv[1:])
    prepare_environment()
    # Leaves by way of `running_guide`, which ends the action server.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    logging.disable(logging.WARNING)
    quiet_rasa()
    write_json(result, asyncio.run(measured(questions, held_out)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
