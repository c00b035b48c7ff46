"""A backup holds all that cannot be made again, and comes back where it belongs."""

from __future__ import annotations

import os
import socket

import pytest

from guide.backup import database
from guide.store.database import engine_of
from guide.store.tables import CONVERSATIONS, EVENTS, NOTES, TURNS
from tests.unit.backup.place import Place, ran, refused, rewrite
from tests.unit.content.small_content import make_small_content


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
