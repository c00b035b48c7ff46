"""Exponents, tables and plots of growth, and content made of as many answers as are asked for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from benchmarks.growth.answers import EACH, make_content
from benchmarks.growth.exponent import exponent, growth, series
from benchmarks.growth.report import PARTS, block, picture, plots, table
from benchmarks.retention import fill
from guide.content import DATA, load
from guide.store.database import engine_of
from guide.store.tables import EVENTS, TURNS, make_tables

ABOUT = {
    "machine": {"cpu": "a processor", "cores": 2, "memory": 8.0}, "versions": {"rasa": "3.6.21"},
    "commit": "abc", "date": "2026-01-31",
}  # fmt: skip


@pytest.mark.parametrize("expected", [0.0, 0.5, 1.0, 2.0, -1.0])
def test_the_exponent_of_a_power_is_found_at_any_scale(expected: float) -> None:
    sizes = [10, 200, 3_000]
    assert exponent(sizes, [7 * size**expected for size in sizes]) == pytest.approx(expected)


def test_an_exponent_comes_with_its_range_over_the_rounds() -> None:
    flat, in_step, between = [5, 5, 5], [1, 10, 100], [3, 10, 30]
    found = growth([1, 10, 100], [flat, in_step, between])
    assert found["values"] == [3, 10, 30]  # medians
    assert found["exponent"] == pytest.approx(0.5)
    assert found["range"] == pytest.approx([0, 1])


def test_a_table_shows_each_size_and_the_exponent() -> None:
    rounds = [[{"a, ms": 1.0, "b": 4.0}, {"a, ms": 10.0, "b": 4.0}]]
    found = {"sizes": [100, 1_000], "series": series([100, 1_000], rounds)}
    assert table(found, "events").splitlines() == [
        "| events | 100 | 1,000 | exponent |",
        "| --- | ---: | ---: | ---: |",
        "| a, ms | 1 | 10 | 1.00 |",
        "| b | 4 | 4 | 0.00 |",
    ]


def test_what_was_measured_is_told_and_drawn_and_what_was_left_out_is_told(tmp_path: Path) -> None:
    rounds = [[{"a, ms": 1.0, "b": 4.0}, {"a, ms": 9.0, "b": 4.0}], [{"a, ms": 2.0, "b": 4.0}] * 2]
    figures = {
        "turns": {"sizes": [1, 10], "series": series([1, 10], rounds)},
        "answers": {"left_out": "No sentences."},
    }
    text = block({"about": ABOUT, "figures": figures})
    assert "| a, ms | 1.5 | 5.5 | 0.56 (0.00 to 0.95) |" in text
    assert "No sentences." in text
    assert "at commit abc on a processor" in text
    plots(figures, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [picture("turns")]
    assert f"docs/pictures/{picture('turns')}" in text
    assert PARTS["events"].title not in text


def test_other_sentences_fill_in_once_the_intents_are_used_up(tmp_path: Path) -> None:
    own = len(list((DATA / "faq").glob("*.yml")))
    sentences = [
        [f"{topic} wish number {n}", topic] for topic in ("red", "blue") for n in range(50)
    ]
    source = tmp_path / "data_full.json"
    source.write_text(json.dumps({"train": sentences, "val": sentences[:9], "test": []}))
    data = make_content(tmp_path / "data", own + 3, source)
    content = load(data)  # raises ContentError for a fault, such as a sentence that stands twice
    assert len(content.answers) == own + 3
    assert len(content.examples["red_0"]) == len(content.examples[f"red_{EACH}"]) == EACH


def test_a_store_that_holds_events_is_filled_further(tmp_path: Path) -> None:
    engine = engine_of(f"sqlite:///{tmp_path}/guide.db")
    make_tables(engine)
    fill(engine, 20)
    fill(engine, 30, prefix="web:more-")
    with engine.connect() as connection:
        spans = connection.execute(sa.select(TURNS).order_by(TURNS.c.id)).all()
        events = connection.execute(sa.select(sa.func.count()).select_from(EVENTS)).scalar()
        of = {row.id: row.sender_id for row in connection.execute(sa.select(EVENTS))}
    assert (len(spans), events) == (50, 400)
    assert all(of[turn.first_event] == of[turn.last_event] == turn.conversation for turn in spans)
