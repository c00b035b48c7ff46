"""Where drafts, candidates and what Undo needs are kept, and how files appear whole."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from guide.settings import var_folder

WORK = "work-"


def draft() -> Path:
    """Files that staff changed, under the names that they have in the data folder."""
    return var_folder() / "draft"


def candidate() -> Path:
    """What the last Try made: data, models, report.json, progress.json."""
    return var_folder() / "candidate"


def undo() -> Path:
    """What the last Go live replaced (see guide.learn.switch)."""
    return var_folder() / "undo"


def kept() -> Path:
    """What is worth keeping from one Try to the next."""
    folder = var_folder() / "learn"
    folder.mkdir(exist_ok=True)
    return folder


def files_of(folder: Path) -> list[str]:
    """Names of all files below a folder, sorted; none where there is no folder. Files that begin
    with a dot are half written, or an editor's."""
    paths = (path for path in folder.rglob("*") if path.is_file() and path.name[0] != ".")
    return sorted(path.relative_to(folder).as_posix() for path in paths)


def read(path: Path) -> bytes | None:
    """The bytes of a file, None where there is none."""
    return path.read_bytes() if path.exists() else None


def write(path: Path, content: bytes | None) -> None:
    """Put a file in its place whole, or take it away: readers see the former one or the new."""
    if content is None:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            os.fchmod(file.fileno(), 0o644)  # servers may run as another user
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink()
            raise


def write_json(path: Path, value: Any) -> None:
    """Like `write`."""
    write(path, json.dumps(value, indent=1, ensure_ascii=False).encode())


def read_json(path: Path) -> dict[str, Any] | None:
    """The mapping of a JSON file; None where there is none, or a broken one."""
    try:
        value = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return value if isinstance(value, dict) else None


def clear(folder: Path) -> None:
    """Take a folder away, first out of its place: a process that still writes to it does not
    keep it there."""
    if folder.exists():
        with work_folder() as aside:
            folder.rename(aside / folder.name)


@contextmanager
def work_folder() -> Iterator[Path]:
    """A folder that is gone on leaving; what a killed process left is taken away by `tidy`."""
    path = Path(tempfile.mkdtemp(dir=kept(), prefix=WORK))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def tidy() -> None:
    """To be called while no other command runs."""
    for path in kept().glob(f"{WORK}*"):
        shutil.rmtree(path, ignore_errors=True)
