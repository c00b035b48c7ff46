"""Edited answers that are not live yet: files of the draft, under the names they have in data/."""

from __future__ import annotations

import fcntl
import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from guide import content
from guide.learn.places import draft, files_of, read, write
from guide.settings import var_folder

ID = re.compile(r"[a-z][a-z0-9_]{1,39}")


class ChangedError(Exception):
    """Somebody else saved or discarded this answer's draft meanwhile."""


def name_of(answer: str) -> str:
    """A file's name in the data folder, and in the draft."""
    return f"faq/{answer}.yml"


def live_path(answer: str) -> Path:
    """What patients are answered from."""
    return content.DATA / name_of(answer)


def draft_path(answer: str) -> Path:
    """What the next Try will hold instead."""
    return draft() / name_of(answer)


def newest_path(answer: str) -> Path:
    """The draft where there is one, else the live file; it may not be there at all."""
    path = draft_path(answer)
    return path if path.is_file() else live_path(answer)


def exists(answer: str) -> bool:
    """Whether an answer is live or drafted. Other names than ids are not looked for."""
    return bool(ID.fullmatch(answer)) and newest_path(answer).is_file()


def seen(answer: str) -> str:
    """A hash of the newest text, by which a later save knows that nobody came between."""
    found = read(newest_path(answer))
    return "" if found is None else hashlib.sha256(found).hexdigest()


def changed_answers() -> set[str]:
    """Answers whose draft differs from what is live."""
    stems = (Path(name).stem for name in files_of(draft() / "faq") if name.endswith(".yml"))
    return {
        answer
        for answer in stems
        if ID.fullmatch(answer) and read(draft_path(answer)) != read(live_path(answer))
    }


def other_files() -> list[str]:
    """What else the next Try will hold: sentences approved on the page Teach."""
    return [name for name in files_of(draft()) if not name.startswith("faq/")]


def save(answer: str, text: str, opened: str) -> None:
    """Put a draft in its place; one that is the same as the live file goes away.

    Raises:
        ChangedError: the newest text is not the one that was opened.
    """
    with _alone():
        _unchanged(answer, opened)
        same = read(live_path(answer)) == text.encode()
        write(draft_path(answer), None if same else text.encode())


def discard(answer: str, opened: str) -> None:
    """Take a draft away.

    Raises:
        ChangedError: the newest text is not the one that was opened.
    """
    with _alone():
        _unchanged(answer, opened)
        write(draft_path(answer), None)


def _unchanged(answer: str, opened: str) -> None:
    if seen(answer) != opened:
        raise ChangedError(answer)


@contextmanager
def _alone() -> Iterator[None]:
    """Between the look at a file and its change nobody else changes one."""
    with (var_folder() / "draft.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
