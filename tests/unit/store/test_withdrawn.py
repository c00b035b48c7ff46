"""The set of withdrawn answers follows the database, and waits for nobody."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
import sqlalchemy as sa

from guide.store import withdrawn
from guide.store.database import engine_of
from guide.store.tables import WITHDRAWN, make_tables
from guide.store.withdrawn import Withdrawn

NONE: frozenset[str] = frozenset()


@pytest.fixture
def engine(any_database: str) -> Iterator[sa.engine.Engine]:
    made = engine_of.__wrapped__(any_database)
    make_tables(made)
    yield made
    made.dispose()


@pytest.fixture
def looking() -> Iterator[Callable[..., Withdrawn]]:
    """Begins to look; ends with the test."""
    made: list[Withdrawn] = []

    def look(engine: sa.engine.Engine, every: float = 0.02) -> Withdrawn:
        made.append(Withdrawn(engine, every).start())
        return made[-1]

    yield look
    for one in made:
        one.close()


def withdraw(engine: sa.engine.Engine, *ids: str) -> None:
    with engine.begin() as connection:
        connection.execute(WITHDRAWN.delete())
        for id_ in ids:
            row = {"answer": id_, "time": 1.0, "by": "ann", "reason": "is being checked"}
            connection.execute(WITHDRAWN.insert().values(**row))


def until(true: Callable[[], bool]) -> bool:
    end = time.monotonic() + 20
    while not true() and time.monotonic() < end:
        time.sleep(0.01)
    return true()


def test_it_is_known_from_the_start(
    engine: sa.engine.Engine, looking: Callable[..., Withdrawn]
) -> None:
    withdraw(engine, "cost")
    assert looking(engine, every=3600).current() == {"cost"}


def test_it_follows_the_database_by_itself(
    engine: sa.engine.Engine, looking: Callable[..., Withdrawn]
) -> None:
    known = looking(engine)
    assert known.current() == NONE
    withdraw(engine, "cost", "results")
    assert until(lambda: known.current() == {"cost", "results"})
    withdraw(engine)
    assert until(lambda: known.current() == NONE)


def test_tables_that_are_not_there_yet_are_made(
    tmp_path: Path, looking: Callable[..., Withdrawn], caplog: pytest.LogCaptureFixture
) -> None:
    made = engine_of.__wrapped__(f"sqlite:///{tmp_path / 'new.db'}")
    assert looking(made, every=3600).current() == NONE
    assert sa.inspect(made).has_table("withdrawn")
    assert caplog.text == ""
    made.dispose()


def test_the_last_set_stays_while_the_database_is_away(
    engine: sa.engine.Engine, looking: Callable[..., Withdrawn], caplog: pytest.LogCaptureFixture
) -> None:
    withdraw(engine, "cost")
    known = looking(engine)
    tried = threading.Semaphore(0)

    def away(*_: object) -> None:
        tried.release()
        raise sa.exc.OperationalError("SELECT secret words", {}, Exception("secret words"))

    with patch.object(engine, "connect", away):
        for _ in range(3):
            assert tried.acquire(timeout=20)
        assert known.current() == {"cost"}
    withdraw(engine)
    assert until(lambda: known.current() == NONE)
    # Told once and not at every look, by its kind.
    assert caplog.text.count("withdrawn answers cannot be looked up: OperationalError") == 1
    assert "secret words" not in caplog.text


def test_a_database_that_hangs_holds_up_no_start(
    tmp_path: Path, looking: Callable[..., Withdrawn], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(withdrawn, "FIRST_SECONDS", 0.05)
    made = engine_of.__wrapped__(f"sqlite:///{tmp_path / 'guide.db'}")
    make_tables(made)
    withdraw(made, "cost")
    answers = threading.Event()
    connect = made.connect

    def hangs(*args: object, **how: object) -> sa.engine.Connection:
        answers.wait(20)
        return connect(*args, **how)

    with patch.object(made, "connect", hangs):
        known = looking(made)
        assert known.current() == NONE
        answers.set()
        assert until(lambda: known.current() == {"cost"})
    made.dispose()


def test_the_guides_own_database_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("one", "two"):
        url = f"sqlite:///{tmp_path / name}"
        monkeypatch.setenv("DATABASE_URL", url)
        make_tables(engine_of(url))
        withdraw(engine_of(url), name)
        assert withdrawn.current() == {name}
