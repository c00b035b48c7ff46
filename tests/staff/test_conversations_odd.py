"""Rows that another version, another program or nobody sane wrote, in a transcript."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.staff import rows
from tests.staff.said import ID, event, page_of, turn

Sign = Callable[[str], Client]


@pytest.fixture
def reader(client_of: Sign) -> Client:
    return client_of("reader")


@pytest.fixture
def key() -> str:
    return rows.conversation(ID, key="a1", started=1000.0)


BAD: list[tuple[str, object]] = [
    ("user", {"event": "user", "text": "<script>alert(1)</script>"}),
    ("bot", {"event": "bot", "text": "<img src=x onerror=alert(1)> [x](javascript:alert(1))"}),
    ("bot", {"event": "bot", "text": "ok", "metadata": [1], "data": {"buttons": 7}}),
    ("bot", {"event": "bot", "text": "ok", "data": {"buttons": [7, {"title": 8}, {}, None]}}),
    (
        "bot",
        {"event": "bot", "text": "ok", "data": {"buttons": [{"title": "<b>x</b>" * 900}] * 99}},
    ),
    ("bot", {"event": "bot", "text": "*" * 50_000}),
    ("bot", {"event": "bot", "text": "[" * 20_000}),
    ("bot", {"event": "bot", "text": "> - 1. " * 5_000}),
    ("user", {"event": "user", "text": "x" * 150_000}),
    ("user", {"event": "user", "text": "x" * 3_000_000}),
    ("user", "[" * 100_000),
    ("user", {"event": "bot", "text": "who am I"}),
    ("bot", {"event": "bot", "text": "\ud800 \u202e"}),
    ("x" * 255, {"event": "x"}),
]


@pytest.mark.parametrize("bad", BAD, ids=[str(number) for number in range(len(BAD))])
def test_a_bad_row_is_shown_safely_or_counted(
    reader: Client, key: str, bad: tuple[str, object]
) -> None:
    rows.turn(ID, "before")
    first = event(*bad)
    turn(first, first, "<script>alert(2)</script>")
    rows.turn(ID, "after")
    page = page_of(reader, key)
    assert "before" in page and "after" in page
    for tag in ("<script>", "<img", "<b>x", "javascript:"):
        assert f'href="{tag}' not in page and (tag == "javascript:" or tag not in page)
    assert len(page) < 120_000


ODD_TURNS: list[dict[str, Any]] = [
    {"answers": "{", "scores": "nonsense"},
    {"answers": '["\\ud800"]', "scores": '[["\\udfff", 0.5]]'},
    {"answers": '["<b>x</b>"]', "scores": '[["<b>y</b>", 0.5]]'},
    {"answers": json.dumps(["a/b", "", "x" * 5000] * 50)},
    {"scores": '[["a", 1e999], ["b"], [1, 2], "c"]'},
    {"kind": "<b>x</b>", "version": "<b>" * 20, "outcome": "odd", "reason": "<b>r</b>"},
    {"milliseconds": 1e300, "confidence": -5.0, "feedback": 99, "time": 1e18},
    {"first_event": 10**12, "last_event": 1},
]


@pytest.mark.parametrize("columns", ODD_TURNS)
def test_an_odd_turn_is_shown_safely(reader: Client, key: str, columns: dict[str, Any]) -> None:
    rows.turn(ID, "before")
    turn(**{"first": 0, "last": 0, "text": "odd one", **{
        {"first_event": "first", "last_event": "last"}.get(k, k): v for k, v in columns.items()
    }})  # fmt: skip
    rows.turn(ID, "after")
    page = page_of(reader, key)
    assert all(text in page for text in ("before", "odd one", "after"))
    assert "<b>" not in page
    assert len(page) < 60_000
