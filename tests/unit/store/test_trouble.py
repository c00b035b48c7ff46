"""The database is away, slow, full or another's: patients are answered, nothing is raised."""

from __future__ import annotations

import asyncio
import logging
import shutil
import threading
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from guide.settings import SettingError
from guide.store import failures, patience
from guide.store.database import database_url, engine_of
from tests.standins.postgres import database
from tests.unit.store.talk import ANN, Talk, bot, user

SECRET = "zebra crossing pumpernickel"  # nothing personal, and nothing that a log may tell


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guide.store.database.PATIENCE_SECONDS", 0.2)
    monkeypatch.setattr(patience, "SECONDS", 2.0)


@pytest.fixture
def failed(caplog: pytest.LogCaptureFixture) -> Failed:
    caplog.set_level(logging.DEBUG)
    return Failed(caplog)


class Failed:
    """What the log and the count tell."""

    def __init__(self, caplog: pytest.LogCaptureFixture) -> None:
        self._caplog = caplog
        self._before = failures.count()

    @property
    def times(self) -> int:
        assert SECRET not in self._caplog.text
        assert "falling back" not in self._caplog.text.lower()  # Rasa's wrapper saw nothing
        told = [r for r in self._caplog.records if "the store failed" in r.getMessage()]
        assert len(told) == failures.count() - self._before
        return len(told)


def say(talk: Talk) -> bool:
    """Whether a turn with the secret was stored."""
    return talk.say(SECRET, SECRET).stored


def test_a_failing_insert_prints_nothing_and_leaves_nothing(talk: Talk, failed: Failed) -> None:
    assert say(talk)
    before, engine = talk.everything(), talk.engine
    with engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE turn_answers RENAME TO elsewhere"))
    assert not say(talk)
    assert failed.times == 1
    with engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE elsewhere RENAME TO turn_answers"))
    assert talk.everything() == before
    assert say(talk)
    assert failed.times == 1


def test_away_at_the_start_and_back_later(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, failed: Failed
) -> None:
    folder = tmp_path / "nowhere"
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{folder / 'guide.db'}")
    talk = Talk()
    assert not say(talk)
    assert failed.times == 2  # to read, and to write
    folder.mkdir()
    assert say(talk)
    assert talk.texts() == [SECRET, SECRET]


@pytest.mark.parametrize(
    "url", ["postgresql://guide@127.0.0.1:1/guide", "postgresql://guide@guide.invalid/guide"]
)
def test_a_server_that_is_not_there(
    monkeypatch: pytest.MonkeyPatch, failed: Failed, url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    talk = Talk()
    assert not say(talk)
    assert asyncio.run(talk.rasa.keys()) == []
    assert asyncio.run(talk.store.exists(ANN)) is False
    assert asyncio.run(talk.rasa.retrieve_full_tracker(ANN)) is None
    assert failed.times == 5


def test_a_postgresql_that_goes_away_and_comes_back(
    postgres_server: str, monkeypatch: pytest.MonkeyPatch, failed: Failed
) -> None:
    with database(postgres_server) as url:
        monkeypatch.setenv("DATABASE_URL", url)
        admin = sa.create_engine(postgres_server.format("postgres"), isolation_level="AUTOCOMMIT")
        _goes_away(Talk(), admin, failed)
        admin.dispose()
        engine_of(url).dispose()


def _goes_away(talk: Talk, admin: sa.engine.Engine, failed: Failed) -> None:
    assert say(talk)
    name = talk.engine.url.database
    with admin.connect() as connection:
        connection.execute(sa.text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
        ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
        connection.execute(sa.text(ended), {"name": name})
        assert not say(talk)
        assert failed.times == 2
        connection.execute(sa.text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true"))
    assert say(talk)
    assert talk.texts() == [SECRET] * 4
    assert failed.times == 2


def test_read_only(talk: Talk, failed: Failed) -> None:
    assert say(talk)
    lite = talk.engine.dialect.name == "sqlite"
    with only(talk, "PRAGMA query_only=ON" if lite else "SET default_transaction_read_only = on"):
        assert not say(talk)
        assert len(talk.texts()) == 2  # what stands is read all the same
    assert failed.times == 1
    assert say(talk)


class only:
    """Every connection begins with this statement meanwhile."""

    def __init__(self, talk: Talk, statement: str) -> None:
        self._engine = talk.engine
        self._statement = statement

    def _set(self, connection: object, *_: object) -> None:
        cursor = connection.cursor()  # type: ignore[attr-defined]
        cursor.execute(self._statement)
        connection.commit()  # type: ignore[attr-defined]

    def __enter__(self) -> None:
        sa.event.listen(self._engine, "connect", self._set)
        self._engine.dispose()

    def __exit__(self, *_: object) -> None:
        sa.event.remove(self._engine, "connect", self._set)
        self._engine.dispose()


@pytest.fixture
def lite(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Talk:
    """A server on SQLite."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'guide.db'}")
    return Talk()


def test_a_full_disk(lite: Talk, failed: Failed) -> None:
    assert say(lite)
    pages = lite.rows("pragma_page_count()")[0][0]
    with only(lite, f"PRAGMA max_page_count={pages}"):
        stored = [lite.say(SECRET, SECRET * 500).stored for _ in range(5)]
        assert not stored[-1]
        assert lite.texts()[:2] == [SECRET, SECRET]
    assert failed.times == stored.count(False)
    assert say(lite)


def test_another_program_holds_the_lock(lite: Talk, failed: Failed) -> None:
    assert say(lite)
    other = sa.create_engine(database_url())
    with other.connect() as connection:
        connection.execute(sa.text("BEGIN IMMEDIATE"))
        assert not say(lite)
        assert len(lite.texts()) == 2
        connection.execute(sa.text("ROLLBACK"))
    assert failed.times == 1
    assert say(lite)
    other.dispose()


def test_the_file_is_nonsense_or_gone(lite: Talk, tmp_path: Path, failed: Failed) -> None:
    (tmp_path / "guide.db").write_bytes(b"not a database " * 1000)
    assert not say(lite)
    assert failed.times == 2


def test_a_database_that_hangs_holds_up_nobody_for_long(
    lite: Talk, monkeypatch: pytest.MonkeyPatch, failed: Failed
) -> None:
    monkeypatch.setattr(patience, "SECONDS", 0.1)
    go_on = threading.Event()
    ready = lite.store._ready
    monkeypatch.setattr(lite.store, "_ready", lambda: go_on.wait(30) and ready())

    async def scenario() -> None:
        outcomes = [await lite.play(user(SECRET), bot("So."), of=f"rest:{n}") for n in range(20)]
        assert not any(outcome.stored for outcome in outcomes)

    began = time.monotonic()
    asyncio.run(scenario())
    # Only the first few wait: 40 calls, one after the other, would take 4 seconds.
    assert time.monotonic() - began < 3
    assert failed.times == 40
    go_on.set()
    monkeypatch.undo()
    monkeypatch.setenv("DATABASE_URL", str(lite.store.engine.url))
    for _ in range(100):
        if say(lite):
            return
        time.sleep(0.05)
    pytest.fail("it did not come back")


def test_the_event_loop_goes_on_meanwhile(lite: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    ready = lite.store._ready
    monkeypatch.setattr(lite.store, "_ready", lambda: time.sleep(0.3) or ready())

    async def scenario() -> None:
        turn = asyncio.ensure_future(lite.play(user("hello"), bot("Hello!")))
        ticks = 0
        while not turn.done():
            await asyncio.sleep(0.01)
            ticks += 1
        assert ticks > 10
        assert (await turn).stored

    asyncio.run(scenario())


@pytest.mark.parametrize(
    "url", ["nonsense", "mysql://root:secret@db/guide", "oracle://db", "x:///"]
)
def test_an_address_that_cannot_work_is_told_without_its_password(url: str) -> None:
    with pytest.raises(SettingError, match="DATABASE_URL") as told:
        engine_of(url)
    assert "secret" not in str(told.value)


def test_a_folder_that_goes_away_and_comes_back(lite: Talk, tmp_path: Path, failed: Failed) -> None:
    assert say(lite)
    lite.engine.dispose()
    (tmp_path / "kept").mkdir()
    for file in tmp_path.glob("guide.db*"):
        shutil.move(file, tmp_path / "kept" / file.name)
    (tmp_path / "guide.db").mkdir()
    assert not say(lite)
    assert failed.times == 2
    (tmp_path / "guide.db").rmdir()
    for file in (tmp_path / "kept").iterdir():
        shutil.move(file, tmp_path / file.name)
    assert say(lite)
    assert len(lite.texts()) == 4
