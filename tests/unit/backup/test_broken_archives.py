"""An archive that is broken, or made to harm, changes nothing."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path

import pytest
import sqlalchemy as sa

from guide.backup import database
from guide.store.database import engine_of
from tests.unit.backup.place import Place, described, keep, refused, rewrite


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
