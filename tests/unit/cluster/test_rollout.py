"""Servers of one models folder end one after the other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from guide import rollout

On = Callable[[int], None]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GUIDE_MODELS", str(tmp_path))
    return tmp_path


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> On:
    """`on(5005)` makes this process the server of that port."""
    return lambda port: monkeypatch.setenv("GUIDE_PORT", str(port))


def test_the_second_waits_until_the_first_is_ready_again(on: On) -> None:
    on(5005)
    assert rollout.take()
    on(5006)
    assert not rollout.take()
    rollout.give_back()  # not its own
    assert not rollout.take()
    on(5005)
    assert rollout.take()  # started again, it still has it
    rollout.give_back()
    on(5006)
    assert rollout.take()


def test_a_dead_server_does_not_keep_the_others_for_ever(
    on: On, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on(5005)
    assert rollout.take()
    on(5006)
    assert not rollout.take()
    monkeypatch.setattr(rollout, "MAX_SECONDS", -1.0)
    assert rollout.take()


@pytest.mark.parametrize("text", ["", "nonsense", "a b c\n", "\udcff", "host:5005 soon"])
def test_a_file_of_another_kind_is_nobodys_turn(on: On, folder: Path, text: str) -> None:
    (folder / "leaving").write_text(text, errors="surrogateescape")
    on(5006)
    assert rollout.take()


def test_a_folder_that_cannot_be_written_keeps_nobody(
    on: On, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on(5005)
    (tmp_path / "leaving").mkdir()
    assert rollout.take()
    rollout.give_back()
