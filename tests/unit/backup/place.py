"""A guide of its own to back up, and what tests do with archives."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from guide.backup.__main__ import main
from guide.store.database import engine_of
from guide.store.tables import CONVERSATIONS, EVENTS, NOTES, TURNS, make_tables
from guide.train import model_path
from tests.unit.content.small_content import make_small_content
from tests.unit.store.talks import Talks

SECRET = "s" * 48


@dataclass
class Place:
    """A guide of its own: its folders and its database."""

    folder: Path
    url: str

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def models(self) -> Path:
        return self.folder / "models"

    @property
    def var(self) -> Path:
        return self.folder / "var"

    @property
    def archive(self) -> Path:
        return self.folder / "backup.tar.gz"

    def talks(self) -> Talks:
        return Talks(engine_of(self.url))

    def fill(self) -> None:
        """Conversations, staff's work, a live model and the one before."""
        self.models.mkdir()
        self.var.mkdir(exist_ok=True)
        make_small_content(self.data)
        make_tables(engine_of(self.url))
        (turn,) = self.talks().conversation("web:1", 5.0)
        self.talks().work_on("web:1", turn)
        model_path().write_bytes(b"a model")
        (self.models / "guide-former.tar.gz").write_bytes(b"the model before")
        (self.models / "guide-forgotten.tar.gz").write_bytes(b"an old model")
        (self.models / "live").write_text("abc\n")
        (self.models / "former").write_text("former\n")
        (self.var / "secret").write_text(SECRET)
        (self.var / "draft" / "faq").mkdir(parents=True)
        (self.var / "draft" / "faq" / "cost.yml").write_text("a draft")

    def state(self) -> dict[str, object]:
        """All that a backup is about, but for times and the order of rows."""
        files = {
            path.relative_to(self.folder).as_posix(): path.read_bytes()
            for part in (self.data, self.models, self.var)
            for path in part.rglob("*")
            if path.is_file() and not path.name.startswith("guide.db")
        }
        with engine_of(self.url).connect() as connection:
            rows = {
                table.name: sorted(map(str, connection.execute(table.select())))
                for table in (CONVERSATIONS, EVENTS, TURNS, NOTES)
            }
        return {**files, **rows}

    def spoil(self) -> None:
        """What goes on after a backup."""
        with engine_of(self.url).begin() as connection:
            connection.execute(CONVERSATIONS.delete())
            connection.execute(EVENTS.delete())
        self.talks().conversation("web:2", 9.0)
        (self.data / "faq" / "cost.yml").write_text("broken")
        (self.data / "faq" / "another.yml").write_text("new")
        model_path().unlink(missing_ok=True)
        (self.models / "live").write_text("xyz\n")
        (self.var / "secret").write_text("x" * 48)
        (self.var / "draft" / "faq" / "cost.yml").unlink()
        (self.var / "undo").mkdir()
        (self.var / "undo" / "switch.json").write_text("{}")


def ran(*arguments: object) -> int:
    return main([str(argument) for argument in arguments])


def refused(
    place: Place, capsys: pytest.CaptureFixture[str], *arguments: object, says: str
) -> None:
    """One sentence, and nothing has changed."""
    before = place.state()
    engine_of(place.url).dispose()
    capsys.readouterr()
    assert ran("restore", place.archive, *arguments) == 1
    told = capsys.readouterr().err
    assert says in told
    assert len(told.strip().splitlines()) == 1
    assert place.state() == before
    left = [path for path in place.folder.rglob("*") if path.name.startswith(".restore-")]
    assert left == []


def rewrite(
    archive: Path,
    change: Callable[[dict[str, bytes]], None],
    *,
    manifest: Callable[[dict[str, object]], None] = lambda _: None,
    honest: bool = True,
) -> None:
    """Pack an archive anew with other files; an honest manifest fits them."""
    with tarfile.open(archive) as packed:
        files = {m.name: packed.extractfile(m).read() for m in packed.getmembers()}  # type: ignore[union-attr]
    told = json.loads(files.pop("manifest.json"))
    change(files)
    if honest:
        told["files"] = {name: described(content) for name, content in files.items()}
    manifest(told)
    with tarfile.open(archive, "w:gz") as packed:
        for name, content in {"manifest.json": json.dumps(told).encode(), **files}.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            packed.addfile(member, io.BytesIO(content))


def described(content: bytes) -> dict[str, object]:
    return {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}


def keep(_: dict[str, bytes]) -> None:
    """No change."""
