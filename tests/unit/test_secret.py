"""The secret that signs sessions and buttons: given, or made once and kept."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from guide.settings import MIN_SECRET, ROOT, SettingError, secret


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.delenv("GUIDE_SECRET", raising=False)
    monkeypatch.setenv("GUIDE_VAR", str(tmp_path / "var"))
    return tmp_path / "var"


def test_one_is_made_and_only_this_user_can_read_it(folder: Path) -> None:
    before = os.umask(0)
    try:
        made = secret()
    finally:
        os.umask(before)
    assert len(made) >= MIN_SECRET
    assert [path.name for path in folder.iterdir()] == ["secret"]
    assert (folder / "secret").stat().st_mode & 0o777 == 0o600
    assert (folder / "secret").read_bytes() == made


def test_it_is_the_same_after_a_restart() -> None:
    made = secret()
    ask = "from guide.settings import secret; print(secret().decode())"
    told = subprocess.run(
        [sys.executable, "-c", ask], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip().encode() == made


def test_servers_that_start_at_once_share_it() -> None:
    ask = "from guide.settings import secret; print(secret().decode())"
    started = [
        subprocess.Popen([sys.executable, "-c", ask], cwd=ROOT, stdout=subprocess.PIPE)
        for _ in range(4)
    ]
    told = {process.communicate(timeout=60)[0] for process in started}
    assert [process.returncode for process in started] == [0] * 4
    assert told == {secret() + b"\n"}


def test_two_guides_have_two(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    first = secret()
    monkeypatch.setenv("GUIDE_VAR", str(tmp_path / "other"))
    assert secret() != first


def test_a_given_one_is_taken_and_nothing_is_kept(
    monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    monkeypatch.setenv("GUIDE_SECRET", "s" * MIN_SECRET)
    assert secret() == b"s" * MIN_SECRET
    assert not folder.exists()


def test_a_given_one_that_is_too_short_is_told_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GUIDE_SECRET", "hunter2")
    with pytest.raises(SettingError) as told:
        secret()
    assert str(told.value) == f"GUIDE_SECRET must have at least {MIN_SECRET} characters"


@pytest.mark.parametrize("kept", ["", "short"])
def test_a_kept_one_that_is_too_short_is_told(folder: Path, kept: str) -> None:
    """A file of a full disk or of a careless hand would let anybody sign."""
    folder.mkdir()
    (folder / "secret").write_text(kept, encoding="utf-8")
    with pytest.raises(SettingError, match="delete it") as told:
        secret()
    assert str(folder / "secret") in str(told.value)


def test_where_nothing_can_be_kept_is_told(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    folder.mkdir()
    (folder / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("GUIDE_VAR", str(folder / "file"))
    with pytest.raises(SettingError, match="GUIDE_VAR"):
        secret()
