"""The first start on a new volume, and later ones."""

from __future__ import annotations

import os
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from deploy import start
from guide.settings import models_folder
from guide.train import model_path
from tests.unit.deploy.conftest import MINE, Places


class Became(Exception):
    """The process would be another one now."""


@pytest.fixture
def became(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The command line that `start` ended in."""
    found: list[str] = []

    def become(_: str, arguments: list[str]) -> None:
        found.extend(arguments)
        raise Became

    monkeypatch.setattr(os, "execv", become)
    monkeypatch.setattr(os, "chdir", lambda _: None)
    return found


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> None:
    monkeypatch.setattr(sys, "argv", ["deploy.start", *arguments])
    with pytest.raises(Became):
        start.main()


def test_an_empty_volume_is_filled_and_the_server_needs_no_training(
    places: Places, became: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run(monkeypatch, "guide.serve")
    assert became == [sys.executable, "-m", "guide.serve"]
    assert places.names(places.volume) == places.names(places.image) != []
    assert model_path().parent == models_folder()
    assert model_path().read_text() == "the image's model"


def test_what_stands_on_the_volume_stays_and_that_is_told(
    places: Places,
    became: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run(monkeypatch, "guide.serve")
    assert capsys.readouterr().out == ""
    model_path().write_text("a model of the same content, trained here")
    places.change(places.volume, MINE, "staff")
    places.change(places.image, MINE, "a newer image")
    run(monkeypatch, "guide.serve")
    assert places.read(places.volume, MINE).endswith("# staff\n")
    assert "python -m deploy.take" in capsys.readouterr().out
    kept = {path.read_text() for path in models_folder().glob("guide-*.tar.gz")}
    assert kept == {"a model of the same content, trained here"}


def test_a_newer_image_adds_its_model(places: Places) -> None:
    start.fill()
    newer = places.image / "models" / "guide-0123456789ab.tar.gz"
    newer.write_text("a newer model")
    start.fill()
    assert (models_folder() / newer.name).read_text() == "a newer model"
    assert model_path().exists()


def test_several_containers_start_at_once(places: Places) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: start.fill(), range(8)))
    assert places.names(places.volume) == places.names(places.image)
    assert [path.name for path in places.volume.glob(".data*")] == []


def test_a_container_that_is_killed_meanwhile_leaves_nothing_half(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied: list[Path] = []
    copyfile = shutil.copyfile

    def copy(source: Path, target: Path) -> None:
        copied.append(copyfile(source, target))
        if len(copied) == 3:
            raise Became

    with monkeypatch.context() as patch, pytest.raises(Became):
        patch.setattr(start.shutil, "copyfile", copy)
        start.fill()
    assert not (places.volume / "data").exists()
    start.fill()
    assert places.names(places.volume) == places.names(places.image)


def test_a_volume_that_takes_no_files_is_told_in_one_sentence(
    places: Places, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (places.volume / "file").write_text("no folder")
    monkeypatch.setenv("GUIDE_DATA", str(places.volume / "file" / "data"))
    monkeypatch.setattr(sys, "argv", ["deploy.start", "guide.serve"])
    assert start.main() == 1
    told = capsys.readouterr().err
    assert "the volume cannot be filled" in told
    assert len(told.splitlines()) == 1


def test_a_command_is_needed(
    places: Places, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["deploy.start"])
    assert start.main() == 2
    assert "MODULE" in capsys.readouterr().err
    assert not (places.volume / "data").exists()
