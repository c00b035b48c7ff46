"""Putting a backup back: all of it is checked first, written beside, and moved last."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from guide.backup import database
from guide.backup.archive import BackupError, unpack
from guide.backup.save import KEPT
from guide.content import examine
from guide.ports import check_free
from guide.settings import PORTS, SettingError, data_folder, models_folder, var_folder
from guide.train import FORMER, LIVE

BESIDE = ".restore-"
# What other programs of the guide read, and what nobody else may.
OPEN, CLOSED = 0o644, 0o600


def check_stopped() -> None:
    """Raises BackupError while a server of the guide runs here: it would go on with what it has."""
    for name in PORTS:
        try:
            check_free(name)
        except SettingError as error:
            raise BackupError(f"stop the guide first (or add --force): {error}") from None


def restore(source: Path, sure: bool) -> dict[str, Any]:
    """Replace conversations, staff's work, content and models; what the manifest tells.

    Args:
        source: of `guide.backup.save`.
        sure: without it all is checked and nothing replaced.

    Raises:
        BackupError: nothing was replaced, and why.
    """
    with _beside() as stages:
        manifest = unpack(source, lambda name: stages[name.partition("/")[0]] / "new" / name)
        _check(manifest, stages)
        if not sure:
            raise BackupError(
                f"the backup of {manifest['made']} is whole. It would replace conversations, "
                f"staff's work, content and models: add --yes"
            )
        try:
            with _moves() as move:
                _swap(manifest, stages, move)
        except OSError as error:
            raise BackupError(f"nothing was replaced: {error}") from None
    return manifest


@contextmanager
def _beside() -> Iterator[dict[str, Path]]:
    """For each part of a backup a folder of the same file system as its place; gone after."""
    part = database.part()
    beside_database = database.sqlite_file().parent if part == database.SQLITE else var_folder()
    places = {
        "database": beside_database, "data": data_folder(), "models": models_folder(),
        "var": var_folder(),
    }  # fmt: skip
    with ExitStack() as stack:
        stages = {}
        for name, place in places.items():
            place.mkdir(parents=True, exist_ok=True)
            folder = stack.enter_context(tempfile.TemporaryDirectory(dir=place, prefix=BESIDE))
            stages[name] = Path(folder)
        yield stages


def _check(manifest: dict[str, Any], stages: dict[str, Path]) -> None:
    if database.part() not in manifest["files"]:
        raise BackupError(
            f"the backup holds {manifest['database']}, and DATABASE_URL names another kind of "
            f"database"
        )
    database.check(stages["database"] / "new" / database.part())
    _, problems = examine(stages["data"] / "new" / "data")
    errors = [str(problem) for problem in problems if problem.level == "error"]
    if errors:
        raise BackupError(
            "this version of the guide cannot read the content of the backup: " + "; ".join(errors)
        )


class Moves:
    """Moves that can be taken back."""

    def __init__(self) -> None:
        self._done: list[tuple[Path, Path]] = []

    def replace(self, place: Path, new: Path, former: Path) -> None:
        """Put `new`, if it is there, in its place; what stood there goes to `former`."""
        if place.exists():
            self._move(place, former)
        if new.exists():
            self._move(new, place)

    def take_back(self) -> None:
        """All of them, the last one first."""
        for source, target in reversed(self._done):
            target.rename(source)

    def _move(self, source: Path, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        source.rename(target)
        self._done.append((source, target))


@contextmanager
def _moves() -> Iterator[Moves]:
    moves = Moves()
    try:
        yield moves
    except BaseException:
        moves.take_back()
        raise


def _swap(manifest: dict[str, Any], stages: dict[str, Path], moves: Moves) -> None:
    def replace(root: str, place: Path, name: str) -> None:
        inside = stages[root]
        moves.replace(place, inside / "new" / root / name, inside / "former" / name)

    _hand_over(stages)
    kept = [path.name for path in data_folder().iterdir() if path.name[0] != "."]
    for name in sorted({*kept, *_names(stages, "data")}):
        replace("data", data_folder() / name, name)
    # The file that says which model is live comes after the models.
    for name in [*_names(stages, "models"), LIVE, FORMER]:
        replace("models", models_folder() / name, name)
    for name in KEPT:
        if name != "secret" or manifest["secret"]:  # else it stands in the environment
            replace("var", var_folder() / name, name)
    if database.part() == database.POSTGRES:
        database.load_into_postgres(stages["database"] / "new" / database.POSTGRES)
        return
    place = database.sqlite_file()
    for log in ("-wal", "-shm"):  # they belong to the former file
        replace("database", place.with_name(place.name + log), f"no{log}")
    stored = stages["database"] / "new" / database.SQLITE
    moves.replace(place, stored, stages["database"] / "former" / place.name)


def _hand_over(stages: dict[str, Path]) -> None:
    """To whom the places belong, though root puts the backup back."""
    for stage in stages.values():
        owner = stage.parent.stat()
        for path in (stage / "new").rglob("*"):
            closed = path.name == "secret" or path.parent.name == "database"
            if path.is_file():
                path.chmod(CLOSED if closed else OPEN)
            if os.geteuid() == 0:
                os.chown(path, owner.st_uid, owner.st_gid)


def _names(stages: dict[str, Path], root: str) -> list[str]:
    folder = stages[root] / "new" / root
    found = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    return [name for name in found if root != "models" or name not in {LIVE, FORMER}]
