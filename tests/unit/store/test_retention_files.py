"""What retention removed is in no file any more; and retention by hand."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from guide.store import retention
from guide.store.database import engine_of
from guide.store.retention import DAY, purge
from guide.store.tables import TURNS, make_tables
from tests.standins.postgres import database
from tests.unit.store.talks import Talks

BEFORE = 1_000_000.0
OLD, NEW = BEFORE - 10, BEFORE + 10


@pytest.fixture
def file_talks(tmp_path: Path) -> Iterator[Talks]:
    """On SQLite, where a test looks into the file."""
    engine = engine_of.__wrapped__(f"sqlite:///{tmp_path / 'guide.db'}")
    make_tables(engine)
    yield Talks(engine)
    engine.dispose()


def test_no_byte_of_it_is_left_in_the_files(file_talks: Talks, tmp_path: Path) -> None:
    talks = file_talks
    for number in range(50):
        talks.conversation(f"web:{number}", OLD)
    talks.conversation("web:new", NEW)

    def holds(words: bytes) -> bool:
        return any(words in path.read_bytes() for path in tmp_path.iterdir())

    with talks.engine.connect() as other:  # a server that runs on: who is last empties the log
        other.execute(sa.select(1))
        assert holds(b"words of web:7 at")
        purge(talks.engine, BEFORE)
        assert not holds(b"words of web:7 at")
        assert holds(b"words of web:new at")
        assert (tmp_path / "guide.db-wal").stat().st_size == 0


def test_no_row_of_it_is_left_in_the_pages_of_postgresql(postgres_server: str) -> None:
    with database(postgres_server) as url:
        engine = engine_of.__wrapped__(url)
        make_tables(engine)
        _no_row_is_left(Talks(engine))
        engine.dispose()


def _no_row_is_left(talks: Talks) -> None:
    for number in range(50):
        talks.conversation(f"web:{number}", OLD)
    talks.conversation("web:new", NEW)
    purge(talks.engine, BEFORE)
    with talks.engine.begin() as connection:
        connection.execute(sa.text("CREATE EXTENSION pageinspect"))
        pages = "generate_series(0, pg_relation_size('turns') / 8192 - 1) AS page"
        rows = f"{pages}, heap_page_items(get_raw_page('turns', page::int))"
        standing = sa.text(f"SELECT count(*) FROM {rows} WHERE t_data IS NOT NULL")
        assert connection.execute(standing).scalar() == 1


def test_a_reader_keeps_the_log_and_the_run_goes_on(
    file_talks: Talks, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    talks = file_talks
    talks.conversation("web:1", OLD)
    with sqlite3.connect(tmp_path / "guide.db") as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM turns").fetchone()
        assert purge(talks.engine, BEFORE).turns == 1
        assert "emptied the next time" in caplog.text
        reader.rollback()
        purge(talks.engine, BEFORE)
        assert (tmp_path / "guide.db-wal").stat().st_size == 0
    with talks.engine.connect() as connection:  # its patience with writers is as it was
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 5000


def test_by_hand_it_prints_numbers(
    file_talks: Talks,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'guide.db'}")
    monkeypatch.setenv("GUIDE_RETENTION_DAYS", "30")
    now = time.time()
    file_talks.conversation("web:old", now - 31 * DAY)
    file_talks.conversation("web:new", now - 29 * DAY)
    assert retention.main() == 0
    told = "Removed what is older than 30 days: 1 conversations, 1 turns, 3 events\n"
    assert capsys.readouterr().out == told
    assert file_talks.count(TURNS) == 1


@pytest.mark.parametrize("value", ["0", "-1", "many", "99999"])
def test_a_wrong_setting_removes_nothing(
    file_talks: Talks,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    value: str,
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'guide.db'}")
    monkeypatch.setenv("GUIDE_RETENTION_DAYS", value)
    file_talks.conversation("web:old", OLD)
    assert retention.main() == 2
    assert capsys.readouterr().err.startswith("GUIDE_RETENTION_DAYS must be 1 to")
    assert file_talks.count(TURNS) == 1


def test_a_database_that_is_away_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'no' / 'folder' / 'guide.db'}")
    assert retention.main() == 1
    assert capsys.readouterr().err == "the database failed: OperationalError\n"
