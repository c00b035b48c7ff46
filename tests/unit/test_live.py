"""A server ends when there is a new release, and at nothing else."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from guide import live
from guide.ports import free_port
from tests.conftest import started, wait_for

EVERY = 0.02


class Watch:
    """A watched models folder."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "live"
        self.ended = threading.Event()
        self._enough: threading.Event | None = None

    def begin(self) -> None:
        self._enough = live.watch(self.ended.set, EVERY)

    def close(self) -> None:
        if self._enough is not None:
            self._enough.set()


@pytest.fixture
def watch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    monkeypatch.setenv("GUIDE_MODELS", str(tmp_path))
    monkeypatch.setenv("GUIDE_LIVE_SEEN", "")
    monkeypatch.delenv("GUIDE_LIVE_SEEN")
    made = Watch(tmp_path)
    yield made
    made.close()


@pytest.mark.parametrize("before", [None, "old"])
def test_a_written_file_is_a_new_release(watch: Watch, before: str | None) -> None:
    if before is not None:
        watch.file.write_text(before)
    watch.begin()
    assert not watch.ended.wait(EVERY * 5)
    watch.file.write_text("newer")
    assert watch.ended.wait(20)
    assert live.release() == "newer"


def test_the_same_release_again_is_one_too(watch: Watch) -> None:
    """Undo of an undo: the models are others, whatever the file says."""
    watch.file.write_text("same")
    watch.begin()
    os.utime(watch.file, (1, 1))
    assert watch.ended.wait(20)


def test_a_file_put_in_its_place_is_one_too(watch: Watch, tmp_path: Path) -> None:
    watch.file.write_text("same")
    watch.begin()
    (tmp_path / "beside").write_text("same")
    os.utime(tmp_path / "beside", ns=(0, watch.file.stat().st_mtime_ns))
    (tmp_path / "beside").replace(watch.file)
    assert watch.ended.wait(20)


def test_what_changes_while_the_server_starts_counts(watch: Watch) -> None:
    """It chose its model before, and watches some seconds later."""
    watch.file.write_text("old")
    live.remember()
    watch.file.write_text("newer")
    watch.begin()
    assert watch.ended.wait(20)


def test_a_file_that_goes_is_a_change_too(watch: Watch) -> None:
    """Undone to what nobody had named."""
    watch.file.write_text("old")
    watch.begin()
    watch.file.unlink()
    assert watch.ended.wait(20)
    assert live.release() == ""


def test_who_is_told_to_watch_no_more_does_not_end(watch: Watch) -> None:
    watch.begin()
    watch.close()
    watch.file.write_text("newer")
    assert not watch.ended.wait(EVERY * 5)


def test_the_action_server_ends_by_itself(tmp_path: Path) -> None:
    port = str(free_port())
    places = {"ACTIONS_PORT": port, "GUIDE_MODELS": str(tmp_path), "GUIDE_VAR": str(tmp_path)}
    with started(["-m", "guide.serve_actions"], tmp_path / "log", **places) as process:
        wait_for(f"http://127.0.0.1:{port}/health", process)
        (tmp_path / "live").write_text("abc")
        assert process.wait(30) == 0


@pytest.mark.parametrize("server", ["guide.serve", "guide.serve_actions"])
def test_a_wrong_setting_is_one_sentence(tmp_path: Path, server: str) -> None:
    log = tmp_path / "log"
    with started(["-m", server], log, GUIDE_RETENTION_DAYS="0") as process:
        assert process.wait(60) == 2
    assert log.read_text() == "GUIDE_RETENTION_DAYS must be 1 to 3650 days, found '0'\n"
