"""Go live and Undo that are killed at any step leave content, model and Undo that fit together."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from guide.learn import switch
from guide.learn.places import draft, files_of, read, read_json, undo, write
from guide.learn.switch import replace, settle
from guide.settings import models_folder
from guide.train import noted
from tests.unit.content.small_content import SmallContent

NEW: dict[str, bytes | None] = {
    "faq/cost.yml": b"new cost", "faq/extra.yml": b"new answer", "faq/fever.yml": None,
}  # fmt: skip
STEPS = ("write", "write_json", "clear")  # of the module, each of which a crash may come before


class Crash(BaseException):
    """The process was killed."""


def crash_at(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The switch is killed before its step of this number."""
    left = [number]

    def before(step: Any) -> Any:
        def run(*arguments: Any) -> Any:
            left[0] -= 1
            if left[0] < 0:
                raise Crash
            return step(*arguments)

        return run

    for name in STEPS:
        monkeypatch.setattr(switch, name, before(getattr(switch, name)))
    monkeypatch.setattr(Path, "replace", before(Path.replace))


def state(folder: Path) -> dict[str, bytes | None]:
    return {name: read(folder / name) for name in NEW}


def go(kind: str, to: str, files: dict[str, bytes | None]) -> None:
    about = {"kind": kind, "from": "old", "to": to, "by": "", "reason": ""}
    replace(about, files)


# More steps than there are: the last ones are not interrupted.
@pytest.mark.parametrize("number", range(40))
def test_go_live_killed_at_any_step(
    live: SmallContent, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    before = state(live.folder)
    write(draft() / "faq/cost.yml", b"new cost")
    write(draft() / "faq/fever.yml", b"changed since the Try")
    write(models_folder() / "live", b"old\n")
    with monkeypatch.context() as patched:
        crash_at(number, patched)
        with suppress(Crash):
            go("live", "new", NEW)
    settle()
    assert state(live.folder) in (before, NEW)
    done = state(live.folder) == NEW
    assert noted("live") == ("new" if done else "old")
    assert noted("former") == ("old" if done else "")
    assert (read_json(undo() / "switch.json") is not None) is done
    if done:
        assert state(undo() / "old") == before
        assert files_of(draft()) == ["faq/fever.yml"]  # what is live is no draft
    assert not (undo().parent / "switch").exists()
    if number >= 35:
        assert done


@pytest.mark.parametrize("number", range(40))
def test_undo_killed_at_any_step(
    live: SmallContent, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    before = state(live.folder)
    go("live", "new", NEW)
    with monkeypatch.context() as patched:
        crash_at(number, patched)
        with suppress(Crash):
            go("undo", "old", before)
    settle()
    assert state(live.folder) in (before, NEW)
    done = state(live.folder) == before
    assert noted("live") == ("old" if done else "new")
    assert noted("former") == ("" if done else "old")
    assert undo().exists() is not done
    if done:  # the work of staff is a draft again
        assert {name: read(draft() / name) for name in ("faq/cost.yml", "faq/extra.yml")} == {
            "faq/cost.yml": b"new cost", "faq/extra.yml": b"new answer",
        }  # fmt: skip
    if number >= 35:
        assert done


def test_nothing_to_settle_changes_nothing(live: SmallContent) -> None:
    before = {name: read(live.folder / name) for name in files_of(live.folder)}
    settle()
    assert {name: read(live.folder / name) for name in files_of(live.folder)} == before


def test_a_draft_that_is_newer_than_what_is_undone_stays(live: SmallContent) -> None:
    before = state(live.folder)
    go("live", "new", NEW)
    write(draft() / "faq/cost.yml", b"newer")
    go("undo", "old", before)
    assert read(draft() / "faq/cost.yml") == b"newer"
