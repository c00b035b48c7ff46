"""Replacing live content so that a crash at any point leaves a guide that starts.

All that is needed is first put into one folder, which then gets its name `switch` in one step.
From there on the switch is carried through: whoever comes next (a command, a starting server)
finishes it, and each step may be done again. The file `live`, which the servers watch, comes after
the content. A finished Go live leaves its folder as `undo`:

    switch.json  {kind, from, to, files, by, reason, time}
    new/, old/   the files after and before; one that is missing is not there then
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from guide.learn.lock import switching
from guide.learn.places import clear, draft, read, read_json, undo, write, write_json
from guide.settings import data_folder, models_folder, var_folder
from guide.train import FORMER, LIVE

ABOUT = "switch.json"


def replace(about: dict[str, Any], files: dict[str, bytes | None]) -> None:
    """Put files into the live data folder and make a release the live one.

    Args:
        about: `kind` "live" or "undo", the releases `from` and `to`, `by` and `reason`.
        files: name in the data folder -> its new bytes, None to take it away.
    """
    part = var_folder() / "switch.part"
    clear(part)
    for name, content in files.items():
        write(part / "new" / name, content)
        write(part / "old" / name, read(data_folder() / name))
    write_json(part / ABOUT, {**about, "files": sorted(files), "time": time.time()})
    with switching():
        part.replace(_folder())
        _carry_through()


def settle() -> None:
    """Finish a switch that was interrupted; waits for one that goes on just now."""
    if _folder().exists():
        with switching():
            if _folder().exists():
                _carry_through()


def _folder() -> Path:
    return var_folder() / "switch"


def _carry_through() -> None:
    folder = _folder()
    about = read_json(folder / ABOUT)
    if about is None:
        raise OSError(f"{folder / ABOUT} cannot be read")
    for name in about["files"]:
        write(data_folder() / name, read(folder / "new" / name))
    if about["kind"] == "live":
        for name in about["files"]:
            if read(draft() / name) == read(folder / "new" / name):
                write(draft() / name, None)  # it is no change any more
        _note(FORMER, about["from"])
        _note(LIVE, about["to"])
        clear(undo())
        folder.replace(undo())
    else:
        for name in about["files"]:
            if name.startswith("faq/") and not (draft() / name).exists():
                write(draft() / name, read(folder / "old" / name))  # nobody's work is lost
        _note(FORMER, "")
        _note(LIVE, about["to"])
        clear(undo())
        clear(folder)


def _note(name: str, release: str) -> None:
    write(models_folder() / name, f"{release}\n".encode() if release else None)
