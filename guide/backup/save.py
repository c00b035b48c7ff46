"""Making a backup while the guide runs."""

from __future__ import annotations

import platform
import shutil
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

from guide import live
from guide.backup import database
from guide.backup.archive import BackupError, write
from guide.content.reader import trained_files, version_of
from guide.settings import data_folder, models_folder, var_folder
from guide.train import FORMER, LIVE, model_of, model_path, noted

# Of GUIDE_VAR: the secret keeps web sessions and buttons alive, the others are staff's work. What
# is not here can be made again.
KEPT = ("secret", "draft", "undo", "switch")


def save(target: Path) -> dict[str, Any]:
    """Write a backup; what its manifest tells.

    Raises:
        BackupError: it could not be made; then there is no file.
    """
    if target.exists():
        raise BackupError(f"{target} is there already: choose another name")
    if not target.parent.is_dir():
        raise BackupError(f"there is no folder {target.parent}")
    # Copied first, for staff may change a file while it is packed. Only this user reads it.
    with tempfile.TemporaryDirectory(dir=var_folder(), prefix=".backup-") as folder:
        copies = Path(folder)
        name = database.part()
        (copies / name).parent.mkdir()
        database.save(copies / name)
        for inside, path in _files().items():
            (copies / inside).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copies / inside)
        about = _about(copies)
        packed = {
            path.relative_to(copies).as_posix(): path
            for path in copies.rglob("*") if path.is_file()
        }  # fmt: skip
        write(target, packed, about)
    return about


def _files() -> dict[str, Path]:
    """Name in the archive -> where it stands now."""
    found = {f"data/{name}": path for name, path in _below(data_folder())}
    models = {model_path(), model_of(noted(LIVE)), model_of(noted(FORMER))}
    notes = {models_folder() / name for name in (LIVE, FORMER)}
    found |= {f"models/{path.name}": path for path in models | notes if path.exists()}
    for kept in KEPT:
        path = var_folder() / kept
        if path.is_dir():
            found |= {f"var/{kept}/{name}": inside for name, inside in _below(path)}
        elif path.exists():
            found[f"var/{kept}"] = path
    return found


def _below(folder: Path) -> list[tuple[str, Path]]:
    """All files but hidden ones, which are half written or an editor's."""
    files = [(path.relative_to(folder), path) for path in folder.rglob("*") if path.is_file()]
    shown = (pair for pair in files if not any(part[0] == "." for part in pair[0].parts))
    return [(name.as_posix(), path) for name, path in shown]


def _about(copies: Path) -> dict[str, Any]:
    """What who puts it back wants to know first."""
    data = copies / "data"
    return {
        "made": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "database": database.part().rpartition("/")[2],
        "content": version_of(data, trained_files(data)),
        "release": live.release(),
        "models": sorted(path.name for path in copies.glob("models/*.tar.gz")),
        "secret": (copies / "var" / "secret").exists(),
        "versions": {
            "python": platform.python_version(),
            "rasa": version("rasa"),
            "sqlalchemy": version("sqlalchemy"),
            "django": version("django"),
        },
    }
