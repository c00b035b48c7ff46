"""Where conversations are kept, and what its errors never say."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from guide.store.database import database_url, engine_of


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'guide.db'}"


def test_it_stands_beside_the_guide_unless_set(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GUIDE_VAR", str(tmp_path / "var"))
    for unset in (None, ""):
        monkeypatch.delenv("DATABASE_URL", raising=False)
        if unset is not None:
            monkeypatch.setenv("DATABASE_URL", unset)
        assert database_url() == f"sqlite:///{tmp_path / 'var' / 'guide.db'}"
    monkeypatch.setenv("DATABASE_URL", "postgresql://db/guide")
    assert database_url() == "postgresql://db/guide"


def test_all_parts_of_a_server_share_one_engine(url: str) -> None:
    assert engine_of(url) is engine_of(url)
    assert engine_of(url) is not engine_of(f"{url}.other")


def test_readers_do_not_wait_for_a_writer(url: str) -> None:
    engine = engine_of(url)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE notes (body TEXT)"))
    with engine.connect() as writer, writer.begin():
        writer.execute(sa.text("INSERT INTO notes VALUES ('x')"))
        with engine.connect() as reader:
            assert reader.execute(sa.text("SELECT count(*) FROM notes")).scalar() == 0
    with engine.connect() as reader:
        assert reader.execute(sa.text("SELECT count(*) FROM notes")).scalar() == 1


def test_every_connection_is_patient_and_overwrites_what_is_deleted(url: str) -> None:
    for _ in range(2):
        with engine_of(url).connect() as connection:
            pragmas = [
                connection.execute(sa.text(f"PRAGMA {name}")).scalar()
                for name in ("journal_mode", "busy_timeout", "synchronous", "secure_delete")
            ]
        assert pragmas == ["wal", 5000, 1, 1]


@pytest.mark.parametrize(
    "statement",
    ["INSERT INTO nowhere VALUES (:words)", "INSERT INTO notes VALUES (:words, :words)"],
)
def test_an_error_repeats_no_words(url: str, statement: str) -> None:
    engine = engine_of(url)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE notes (body TEXT PRIMARY KEY)"))
    with (
        pytest.raises(sa.exc.DBAPIError) as told,
        engine.begin() as connection,
    ):
        connection.execute(sa.text(statement), {"words": "Jane Roe of Boise"})
    assert "Jane" not in f"{told.value} {told.value!r}"


def test_a_turn_opens_no_connection_of_its_own(url: str) -> None:
    opened = []
    engine = engine_of(url)
    sa.event.listen(engine, "connect", lambda *_: opened.append(1))
    for _ in range(5):
        with engine.begin() as connection:
            connection.execute(sa.text("CREATE TABLE IF NOT EXISTS notes (body TEXT)"))
    assert len(opened) == 1


@pytest.mark.parametrize("how", ["deleted", "replaced"])
def test_nothing_is_written_into_a_file_that_is_gone(url: str, tmp_path: Path, how: str) -> None:
    """A kept connection would write there, and say that it is stored."""
    engine = engine_of(url)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE notes (body TEXT)"))
    file = tmp_path / "guide.db"
    for log in ("-wal", "-shm"):
        Path(f"{file}{log}").unlink(missing_ok=True)
    if how == "deleted":
        file.unlink()
    else:
        restored = engine_of(f"sqlite:///{tmp_path / 'restored.db'}")
        with restored.begin() as connection:
            connection.execute(sa.text("CREATE TABLE notes (body TEXT)"))
        restored.dispose()
        (tmp_path / "restored.db").replace(file)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE IF NOT EXISTS notes (body TEXT)"))
        connection.execute(sa.text("INSERT INTO notes VALUES ('x')"))
    with sqlite3.connect(file) as there:
        assert there.execute("SELECT count(*) FROM notes").fetchone() == (1,)
