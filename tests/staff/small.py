"""A small content folder in the place of the live one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from guide import content
from staff.records import titles
from tests.unit.content.small_content import SmallContent, make_small_content


def make_live(folder: Path, monkeypatch: pytest.MonkeyPatch) -> SmallContent:
    """Answers `cells`, `cost` and `fever`, with the project's own wording."""
    small = make_small_content(folder)
    for name in ("wording.yml", "languages.yml"):
        shutil.copy(content.DATA / name, folder / name)
    monkeypatch.setattr(content, "DATA", folder)
    monkeypatch.setattr(titles, "DATA", folder)
    return small
