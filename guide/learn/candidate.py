"""The content to be tried: a copy of the live data folder with the draft over it, checked."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from guide.content import ContentError, Problem, examine
from guide.content.held_out import FILE as HELD_OUT
from guide.content.reader import REVIEWED, version_of
from guide.content.wording import load_wording
from guide.learn.places import files_of, read
from guide.learn.words import say

ANSWER = re.compile(r"faq/[a-z][a-z0-9_]*\.yml")


@dataclass(frozen=True)
class Candidate:
    """A data folder, the files in which it differs from the live one, and its errors."""

    data: Path
    changed: tuple[str, ...]
    faults: tuple[Problem, ...]


def version(data: Path) -> str:
    """A hash of every file of a data folder."""
    return version_of(data, [data / name for name in files_of(data)])


def prepare(live: Path, draft: Path, data: Path) -> Candidate:
    """Make the folder `data` of the live content and the draft, and check it."""
    shutil.copytree(live, data)
    changed, faults = [], []
    for name in files_of(draft):
        if (draft / name).is_symlink() or not for_staff(name):
            faults.append(Problem(name, "", "draft.E001", say("not_for_staff")))
        elif read(draft / name) != read(live / name):
            (data / name).parent.mkdir(exist_ok=True)
            shutil.copyfile(draft / name, data / name)
            changed.append(name)
    return Candidate(data, tuple(changed), (*faults, *_faults(data)))


def for_staff(name: str) -> bool:
    """Whether staff may change this file of the data folder: an answer, or their sentences."""
    return name in (REVIEWED, HELD_OUT) or bool(ANSWER.fullmatch(name))


def _faults(data: Path) -> list[Problem]:
    """Every error of the content, in the order of files."""
    content, problems = examine(data)
    faults = [problem for problem in problems if problem.level == "error"]
    try:
        load_wording(data, content.article)
    except ContentError as error:
        faults += error.problems
    return faults
