"""Try: the draft is checked, trained and measured against what is live; patients see nothing."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from guide.content.held_out import FILE as HELD_OUT
from guide.content.problems import Problem
from guide.learn import children
from guide.learn.candidate import Candidate, prepare, version
from guide.learn.compare import compare
from guide.learn.places import candidate, clear, draft, tidy, write_json
from guide.learn.progress import Progress
from guide.learn.words import Refused, say
from guide.settings import data_folder, models_folder, questions_folder
from guide.train import fingerprint


def attempt(by: str, new: Sequence[int]) -> dict[str, Any]:
    """The report of a Try, which is in report.json too.

    Args:
        by: who wants it.
        new: sentences that the draft adds: to train on, held out.

    Raises:
        Refused: it could not be done. progress.json says so too.
    """
    tidy()
    clear(candidate())
    candidate().mkdir(parents=True)
    progress = Progress(by)
    progress.step("checking")
    try:
        report = _tried(progress, new)
    except BaseException as error:
        progress.step("failed", _why(error))
        raise
    write_json(candidate() / "report.json", report)
    if report["faults"]:
        progress.step("failed", report["reasons"][0])
    else:
        progress.step("done")
    return report


def _tried(progress: Progress, new: Sequence[int]) -> dict[str, Any]:
    live, questions = data_folder(), questions_folder()
    if not questions.is_dir():
        raise Refused(say("no_questions", folder=questions))
    made = prepare(live, draft(), candidate() / "data")
    if not made.changed and not made.faults:
        raise Refused(say("nothing"))
    report = _head(made, live, new)
    if made.faults:
        reason = say("faults", count=len(made.faults))
        faults = [_told(fault) for fault in made.faults]
        return report | {"faults": faults, "allowed": False, "reasons": [reason]}
    progress.step("training")
    models = candidate() / "models"
    children.train(made.data, models, progress.at)
    children.train(live, models_folder(), progress.at)
    held_out = made.data / HELD_OUT
    measured = {}
    for name, data, folder in (("candidate", made.data, models), ("live", live, models_folder())):
        progress.step(f"evaluating {name}")
        measured[name] = children.measure(data, folder, questions, held_out, progress.at)
    return report | compare(measured["live"], measured["candidate"])


def _why(error: BaseException) -> str:
    if isinstance(error, Refused):
        return str(error)
    broken = isinstance(error, Exception)  # else a signal ended it
    return say("broken", error=type(error).__name__) if broken else say("stopped")


def _head(made: Candidate, live: Path, new: Sequence[int]) -> dict[str, Any]:
    return {
        "time": time.time(),
        "live": fingerprint(live), "candidate": fingerprint(made.data),
        "live_version": version(live), "candidate_version": version(made.data),
        "changed_files": list(made.changed),
        "sentences": {"examples": new[0], "held_out": new[1]},
        "faults": [], "figures": [], "flips": [],
    }  # fmt: skip


def _told(fault: Problem) -> dict[str, str]:
    return {"file": fault.file, "key": fault.key, "id": fault.id, "text": fault.text}
