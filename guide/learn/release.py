"""Go live and Undo: what was tried takes the place of the live content, or gives it back."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from guide.learn import children
from guide.learn.candidate import version
from guide.learn.lock import running
from guide.learn.places import candidate, draft, files_of, read, read_json, undo, work_folder
from guide.learn.progress import seen
from guide.learn.switch import ABOUT, replace
from guide.learn.words import Refused, say
from guide.settings import data_folder, models_folder
from guide.train import LIVE, fingerprint, forget_old, model_of


def report() -> dict[str, Any]:
    """report.json of the last Try.

    Raises:
        Refused: there is none, or it can no longer go live.
    """
    told = read_json(candidate() / "report.json")
    if told is None:
        raise Refused(say("no_try"))
    if told["faults"]:
        raise Refused(told["reasons"][0])
    if (progress := seen()) is None or progress["step"] != "done":
        raise Refused(say("not_done"))
    live, tried = version(data_folder()), version(candidate() / "data")
    if live == tried:
        raise Refused(say("already"))
    if (told["live_version"], told["candidate_version"]) != (live, tried):
        raise Refused(say("stale"))
    if told["candidate"] != fingerprint(candidate() / "data"):
        raise Refused(say("other_program"))
    return told


def go_live(by: str, overrule: str) -> str:
    """What was tried becomes the live content; the release that it is.

    Raises:
        Refused: it can not, or it may not and no reason is given to overrule.
    """
    told = report()
    if not told["allowed"] and not overrule:
        raise Refused("\n".join(told["reasons"]))
    release = told["candidate"]
    _bring(candidate() / "models" / model_of(release).name, model_of(release))
    about = {
        "kind": "live", "from": told["live"], "to": release, "by": by,
        "reason": "" if told["allowed"] else overrule,
    }  # fmt: skip
    replace(about, {name: read(candidate() / "data" / name) for name in told["changed_files"]})
    forget_old()
    return str(release)


def _bring(tried: Path, target: Path) -> None:
    """The models may lie on another volume: the model appears whole."""
    if not target.exists():
        part = target.with_suffix(".part")
        shutil.copyfile(tried, part)
        part.replace(target)


def undoable() -> dict[str, Any]:
    """What the last Go live was (see guide.learn.switch).

    Raises:
        Refused: there is nothing to undo, or a file of it was changed since.
    """
    about = read_json(undo() / ABOUT)
    if about is None:
        raise Refused(say("no_undo"))
    for name in about["files"]:
        if read(data_folder() / name) != read(undo() / "new" / name):
            raise Refused(say("undo_stale", file=name))
    return about


def go_back(by: str) -> str:
    """The content before the last Go live is live again; the release that it is.

    Its model is trained first where the program changed since and it is no longer the same.

    Raises:
        Refused: it can not.
    """
    done = undoable()
    files = {name: read(undo() / "old" / name) for name in done["files"]}
    with work_folder() as work:
        data = work / "data"
        shutil.copytree(data_folder(), data)
        for name, content in files.items():
            (data / name).write_bytes(content) if content is not None else (data / name).unlink()
        release = fingerprint(data)
        if not model_of(release).exists():
            children.train(data, model_of(release).parent, lambda done, total: None)
    about = {"kind": "undo", "from": done["to"], "to": release, "by": by, "reason": ""}
    replace(about, files)
    return release


def status() -> dict[str, Any]:
    """What the staff site shows, as JSON values."""
    told = read_json(candidate() / "report.json")
    last = read_json(undo() / ABOUT)
    return {
        "live": fingerprint(),
        "since": live.stat().st_mtime if (live := models_folder() / LIVE).exists() else None,
        "running": running(),
        "progress": seen(),
        "report": told,
        "draft": files_of(draft()),
        "cannot_go_live": _why_not(report),
        "cannot_undo": _why_not(undoable),
        "undo": last and {key: last[key] for key in ("from", "to", "by", "reason", "time")},
    }


def _why_not(check: Any) -> str:
    """ "" when a check passes."""
    try:
        check()
    except Refused as refused:
        return str(refused)
    return ""
