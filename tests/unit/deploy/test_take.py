"""A newer image's content on the volume: what staff changed stays, and Undo works."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from deploy import start, take
from guide.learn.places import read_json, undo
from guide.learn.release import go_back
from guide.learn.switch import ABOUT
from guide.train import LIVE, fingerprint, model_path, noted
from tests.unit.deploy.conftest import MINE, Places
from tests.unit.learn.conftest import Children

Run = Callable[..., tuple[int, str]]
ANOTHER = "faq/fever.yml"
OF_THE_PROGRAM = "wording.yml"


@pytest.fixture
def run(places: Places, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """`python -m deploy.take ...` on a volume that an image filled: (exit code, what it says)."""
    start.fill()
    monkeypatch.setattr(take, "prepare_environment", lambda: None)  # it changes the whole process

    def call(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["deploy.take", *arguments])
        code = take.main()
        said = capsys.readouterr()
        return code, said.out + said.err

    return call


def test_the_image_brings_what_staff_did_not_change(run: Run, places: Places) -> None:
    for name in (MINE, ANOTHER, OF_THE_PROGRAM):
        places.change(places.image, name, "a newer image")
    places.change(places.volume, MINE, "staff")
    before = fingerprint()
    code, said = run("--yes")
    assert code == 0
    assert f"kept, for staff changed it: {MINE}" in said
    assert places.read(places.volume, MINE).endswith("# staff\n")
    for name in (ANOTHER, OF_THE_PROGRAM):
        assert places.read(places.volume, name) == places.read(places.image, name)
    assert noted(LIVE) == fingerprint() != before
    assert model_path().exists()


def test_without_a_yes_it_is_only_shown(run: Run, places: Places) -> None:
    places.change(places.image, ANOTHER, "a newer image")
    code, said = run()
    assert (code, said) == (0, f"to take: {ANOTHER}\n")
    assert places.read(places.volume, ANOTHER) != places.read(places.image, ANOTHER)
    assert noted(LIVE) == ""


def test_the_same_content_is_nothing_to_do(run: Run) -> None:
    assert run("--yes") == (0, "")
    assert noted(LIVE) == ""


def test_an_answer_of_staff_stays_and_one_that_the_image_dropped_goes(
    run: Run, places: Places
) -> None:
    places.change(places.volume, "faq/of_staff.yml", "staff")
    (places.image / "data" / ANOTHER).unlink()
    assert run("--yes")[0] == 0
    assert (places.volume / "data" / "faq" / "of_staff.yml").exists()
    assert not (places.volume / "data" / ANOTHER).exists()


def test_what_was_kept_stays_kept_the_next_time(run: Run, places: Places) -> None:
    places.change(places.image, MINE, "a newer image")
    places.change(places.image, ANOTHER, "a newer image")
    places.change(places.volume, MINE, "staff")
    run("--yes")
    assert run("--yes") == (0, f"kept, for staff changed it: {MINE}\n")
    places.change(places.image, MINE, "a newer one still")
    run("--yes")
    assert places.read(places.volume, MINE).endswith("# staff\n")


def test_where_nobody_knows_what_staff_changed_all_of_theirs_stays(
    run: Run, places: Places
) -> None:
    start.noted().unlink()
    places.change(places.image, MINE, "a newer image")
    assert run("--yes") == (0, f"kept, for staff changed it: {MINE}\n")


def test_undo_brings_the_former_content_back(run: Run, places: Places) -> None:
    before = {name: places.read(places.volume, name) for name in (ANOTHER, OF_THE_PROGRAM)}
    release = fingerprint()
    for name in before:
        places.change(places.image, name, "a newer image")
    run("--yes")
    assert (read_json(undo() / ABOUT) or {})["from"] == release
    assert go_back("ann") == release
    assert {name: places.read(places.volume, name) for name in before} == before


def test_content_that_cannot_be_trained_is_not_taken(
    run: Run, places: Places, processes: Children, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise take.Refused("faq/fever.yml: has a fault")

    monkeypatch.setattr(take.children, "train", broken)
    places.change(places.image, ANOTHER, "a newer image")
    code, said = run("--yes")
    assert code == 1
    assert "has a fault" in said
    assert places.read(places.volume, ANOTHER) != places.read(places.image, ANOTHER)
