"""A backup holds all that cannot be made again, and comes back whole or not at all."""

from __future__ import annotations

import hashlib
import io
import json
import os
import socket
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa

from guide.backup import database
from guide.backup.__main__ import main
from guide.evaluation.agent import free_port
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


@pytest.fixture
def empty(any_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """A place without a guide, on a database of each kind."""
    for name in ("data", "models", "var"):
        monkeypatch.setenv(f"GUIDE_{name.upper()}", str(tmp_path / name))
    for name in ("GUIDE_PORT", "ACTIONS_PORT"):
        monkeypatch.setenv(name, str(free_port()))
    monkeypatch.setenv("GUIDE_RETENTION_DAYS", "180")
    monkeypatch.setenv("DATABASE_URL", any_database)
    yield Place(tmp_path, any_database)
    engine_of(any_database).dispose()


@pytest.fixture
def place(empty: Place) -> Place:
    empty.fill()
    return empty


def ran(*arguments: object) -> int:
    return main([str(argument) for argument in arguments])


def test_all_of_it_comes_back(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    before = place.state()
    assert ran("save", place.archive) == 0
    place.spoil()
    after = place.state()
    assert after != before
    engine_of(place.url).dispose()
    assert ran("restore", place.archive, "--yes") == 0
    told = capsys.readouterr()
    assert "keep it as safe as the database" in told.out
    assert "The guide is as it was at 20" in told.out
    restored = place.state()
    # An old model that nobody needs is in no backup, and nobody takes it away.
    assert {key: restored.get(key) for key in before} == before
    assert set(restored) == set(before)


def test_it_comes_back_where_nothing_was(place: Place) -> None:
    before = place.state()
    assert ran("save", place.archive) == 0
    with engine_of(place.url).begin() as connection:
        for table in (NOTES, TURNS, EVENTS, CONVERSATIONS):
            connection.execute(table.delete())
    engine_of(place.url).dispose()
    for folder in (place.data, place.models, place.var):
        folder.rename(place.folder / f"gone-{folder.name}")
    if place.url.startswith("sqlite"):
        for path in place.folder.glob("guide.db*"):
            path.unlink()
    assert ran("restore", place.archive, "--yes") == 0
    del before["models/guide-forgotten.tar.gz"]
    assert place.state() == before


def test_only_its_owner_reads_it_and_what_is_secret(place: Place) -> None:
    ran("save", place.archive)
    assert place.archive.stat().st_mode & 0o777 == 0o600
    place.spoil()
    engine_of(place.url).dispose()
    ran("restore", place.archive, "--yes")
    assert (place.var / "secret").stat().st_mode & 0o777 == 0o600
    assert (place.data / "faq" / "cost.yml").stat().st_mode & 0o777 == 0o644
    if place.url.startswith("sqlite"):
        assert database.sqlite_file().stat().st_mode & 0o777 == 0o600


def test_a_backup_is_made_while_patients_write(place: Place) -> None:
    with engine_of(place.url).begin() as connection:
        values = {"id": "web:half", "channel": "web", "started": 1.0, "last": 1.0}
        connection.execute(CONVERSATIONS.insert().values(**values))
        assert ran("save", place.archive) == 0
    engine_of(place.url).dispose()
    assert ran("restore", place.archive, "--yes") == 0
    assert place.talks().count(CONVERSATIONS) == 1


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


def test_without_yes_nothing_is_replaced(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    ran("save", place.archive)
    place.spoil()
    refused(place, capsys, says="is whole. It would replace")


@pytest.mark.parametrize("name", ["GUIDE_PORT", "ACTIONS_PORT"])
def test_while_the_guide_runs_nothing_is_replaced(
    place: Place, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    ran("save", place.archive)
    place.spoil()
    with socket.socket() as server:
        server.bind(("127.0.0.1", int(os.environ[name])))
        server.listen()
        refused(place, capsys, "--yes", says="stop the guide first (or add --force): port")
        assert ran("restore", place.archive, "--yes", "--force") == 0


def test_no_file_is_overwritten_by_a_backup(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    place.archive.write_text("mine")
    assert ran("save", place.archive) == 1
    assert "is there already" in capsys.readouterr().err
    assert place.archive.read_text() == "mine"
    assert ran("save", place.folder / "no" / "folder.tar.gz") == 1
    assert "there is no folder" in capsys.readouterr().err


def test_without_a_database_there_is_no_backup(
    empty: Place, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = {"sqlite": "sqlite:////nowhere/guide.db", "postgresql": "postgresql://127.0.0.1:1/none"}
    monkeypatch.setenv("DATABASE_URL", wrong[empty.url.partition(":")[0]])
    make_small_content(empty.data)
    assert ran("save", empty.archive) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert not empty.archive.exists()


@pytest.mark.parametrize("url", ["sqlite://", "mysql://db/guide"])
def test_a_database_of_another_kind_is_told(
    empty: Place, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    assert ran("save", empty.archive) == 1
    assert "cannot be backed up here" in capsys.readouterr().err


def test_programs_that_are_lacking_are_named(
    place: Place, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if place.url.startswith("sqlite"):
        pytest.skip("SQLite needs none")
    monkeypatch.setenv("PATH", "")
    assert ran("save", place.archive) == 1
    assert "pg_dump is not installed" in capsys.readouterr().err


def test_a_backup_of_the_other_kind_of_database_is_refused(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    ran("save", place.archive)
    names = [database.SQLITE, database.POSTGRES]
    mine = database.part()
    names.remove(mine)

    def other(files: dict[str, bytes]) -> None:
        files[names[0]] = files.pop(mine)

    rewrite(place.archive, other)
    refused(place, capsys, "--yes", says="DATABASE_URL names another kind")


# Broken archives.


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


@pytest.fixture
def saved(place: Place) -> Place:
    """A backup, and what went on after it."""
    ran("save", place.archive)
    place.spoil()
    return place


@pytest.mark.parametrize("part", [0.0, 0.01, 0.5, 0.99])
def test_half_a_file_changes_nothing(
    saved: Place, capsys: pytest.CaptureFixture[str], part: float
) -> None:
    whole = saved.archive.read_bytes()
    saved.archive.write_bytes(whole[: int(len(whole) * part)])
    refused(saved, capsys, "--yes", says="")


def test_what_is_no_archive_changes_nothing(
    saved: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    saved.archive.write_bytes(b"words " * 1000)
    refused(saved, capsys, "--yes", says="cannot be read")
    saved.archive.unlink()
    refused(saved, capsys, "--yes", says="cannot be read: No such file")


def test_a_changed_part_changes_nothing(saved: Place, capsys: pytest.CaptureFixture[str]) -> None:
    def change(files: dict[str, bytes]) -> None:
        name = next(name for name in files if name.startswith("models/guide-"))
        files[name] = bytes(len(files[name]))

    rewrite(saved.archive, change, honest=False)
    refused(saved, capsys, "--yes", says="was changed since the backup")


def test_a_missing_part_changes_nothing(saved: Place, capsys: pytest.CaptureFixture[str]) -> None:
    rewrite(saved.archive, lambda files: files.pop("var/secret") and None, honest=False)
    refused(saved, capsys, "--yes", says="'var/secret' is missing")


def test_a_part_too_many_changes_nothing(saved: Place, capsys: pytest.CaptureFixture[str]) -> None:
    rewrite(saved.archive, lambda files: files.update({"data/x.yml": b"x"}), honest=False)
    refused(saved, capsys, "--yes", says="'data/x.yml' is not as the manifest has it")


@pytest.mark.parametrize(
    "name",
    [
        "../outside", "data/../../outside", "/tmp/outside", "data", "other/x", "data//x",
        "data/./x", "data/../var/secret", "data/a\\b", "data/a\nb", "",
    ],
)  # fmt: skip
def test_a_name_that_leads_elsewhere_changes_nothing(
    saved: Place, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    rewrite(saved.archive, lambda files: files.update({name: b"x"}))
    refused(saved, capsys, "--yes", says="the manifest is none that")
    assert not (saved.folder.parent / "outside").exists()


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE])
def test_a_link_changes_nothing(
    saved: Place, capsys: pytest.CaptureFixture[str], kind: bytes
) -> None:
    told = {"format": 1, "made": "", "files": {"data/link": described(b"")}}
    manifest = json.dumps(told).encode()
    with tarfile.open(saved.archive, "w:gz") as packed:
        first = tarfile.TarInfo("manifest.json")
        first.size = len(manifest)
        packed.addfile(first, io.BytesIO(manifest))
        link = tarfile.TarInfo("data/link")
        link.type, link.linkname = kind, "/etc/hostname"
        packed.addfile(link)
    refused(saved, capsys, "--yes", says="is no plain file")


@pytest.mark.parametrize("told", [{"format": 2}, {"files": []}, {"files": {"data/x": 1}}])
def test_a_manifest_of_another_version_changes_nothing(
    saved: Place, capsys: pytest.CaptureFixture[str], told: dict[str, object]
) -> None:
    rewrite(saved.archive, keep, manifest=lambda manifest: manifest.update(told))
    refused(saved, capsys, "--yes", says="the manifest is none that")


def test_a_damaged_database_changes_nothing(
    saved: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    name = database.part()
    rewrite(saved.archive, lambda files: files.update({name: b"no database " * 500}))
    refused(saved, capsys, "--yes", says="database")


def test_content_that_cannot_be_read_changes_nothing(
    saved: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    rewrite(saved.archive, lambda files: files.update({"data/faq/cost.yml": b"title: [x"}))
    refused(saved, capsys, "--yes", says="faq/cost.yml: title: is missing")


def test_a_failure_at_the_last_step_takes_the_others_back(
    saved: Place, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database comes last; by then all files stand in their places."""
    if saved.url.startswith("sqlite"):
        rename = Path.rename

        def fails(path: Path, target: Path) -> Path:
            if path.name == "guide.db" and ".restore-" in str(path) and "/new/" in str(path):
                raise OSError(28, "No space left on device")
            return rename(path, target)

        monkeypatch.setattr(Path, "rename", fails)
    else:
        # Something that the backup does not know hangs on a table that it would replace.
        with engine_of(saved.url).begin() as connection:
            connection.execute(sa.text("CREATE TABLE other (id text REFERENCES conversations(id))"))
    refused(saved, capsys, "--yes", says="")
