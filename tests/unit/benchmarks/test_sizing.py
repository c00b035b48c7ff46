"""docs/sizing.md: its arithmetic, and that its tables are those of the results."""

from __future__ import annotations

import sqlalchemy as sa

from benchmarks import sizing
from benchmarks.stock.measure import BUSY, MEMORY, throughput
from guide.store.database import engine_of
from guide.store.tables import make_tables

# A message in 20 ms; 20 a second are planned as 12.
FIGURES = {BUSY: 20.0, MEMORY: 700.0, throughput(16): 20.0}


def cells(table: str) -> dict[str, str]:
    """What a table tells in its last column, by its first."""
    rows = [line.strip("| ").split(" | ") for line in table.splitlines()[2:]]
    return {row[0]: row[-1] for row in rows}


def test_a_month_is_counted_right() -> None:
    found = cells(sizing.month_table({"PostgreSQL": 10_000}, FIGURES))
    assert found == {
        "turns a month": "5,000,000",
        "messages a second, on average": "1.9",
        "messages a second, at the peak": "11.6",
        "processors busy at the peak": "0.23",
        "chat servers for the peak": "1",
        "chat servers to run": "2",
        "their memory": "1.4 GB",
        "PostgreSQL: a turn": "10.0 kB",
        "PostgreSQL: a month": "50 GB",
        "PostgreSQL: kept": "300 GB",
    }


def test_a_slower_server_needs_more_of_its_kind() -> None:
    found = cells(sizing.month_table({}, {**FIGURES, throughput(16): 6.0}))
    assert (found["chat servers for the peak"], found["chat servers to run"]) == ("4", "5")


def test_without_figures_of_a_server_nothing_is_made_up() -> None:
    found = cells(sizing.month_table({"SQLite": 10_000}, None))
    assert not [name for name in found if "server" in name or "processor" in name]


def test_what_a_database_takes_grows_with_it_and_shrinks_again(any_database: str) -> None:
    engine = engine_of(any_database)
    make_tables(engine)
    empty = sizing.bytes_of(engine)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE more (text VARCHAR)"))
        rows = [{"text": "words " * 100}] * 200
        connection.execute(sa.text("INSERT INTO more VALUES (:text)"), rows)
    assert sizing.bytes_of(engine) - empty > 200 * 600
    with engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE more"))
    assert sizing.bytes_of(engine) == empty


def test_the_page_tells_what_was_measured() -> None:
    text = sizing.PAGE.read_text(encoding="utf-8")
    assert sizing.updated(text) == text
