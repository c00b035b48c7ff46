"""A small guide's folders, in which training and measuring are told and not done."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import guide.privacy  # noqa: F401  before GUIDE_DATA is changed: the small content has no rules
from guide.content import DATA
from guide.learn import __main__ as command
from guide.learn import children
from guide.learn.places import draft
from guide.train import fingerprint
from tests.unit.content.small_content import SmallContent, make_small_content
from tests.unit.learn.measured import MADE_UP, measurement


@pytest.fixture
def live(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallContent:
    """The live content; models, drafts and database lie beside it."""
    for name in ("DATA", "MODELS", "VAR", "QUESTIONS"):
        monkeypatch.setenv(f"GUIDE_{name}", str(tmp_path / name.lower()))
    monkeypatch.setenv("DATABASE_URL", "")
    (tmp_path / "questions").mkdir()
    content = make_small_content(tmp_path / "data")
    for name in ("wording.yml", "languages.yml"):
        shutil.copy(DATA / name, content.folder / name)
    return content


class Children:
    """Stands for the processes that train and measure."""

    def __init__(self) -> None:
        self.trained: list[str] = []
        self.candidate: dict[str, Any] = measurement(MADE_UP)
        self.live: dict[str, Any] = measurement(MADE_UP)

    def train(self, data: Path, models: Path, at: Callable[[float, float], None]) -> None:
        model = models / f"guide-{fingerprint(data)}.tar.gz"
        if not model.exists():
            self.trained.append(model.name)
            models.mkdir(exist_ok=True)
            model.write_text("a model")

    def measure(self, data: Path, *_: Any) -> dict[str, Any]:
        return self.candidate if "candidate" in data.parts else self.live


@pytest.fixture
def processes(live: SmallContent, monkeypatch: pytest.MonkeyPatch) -> Children:
    made = Children()
    monkeypatch.setattr(children, "train", made.train)
    monkeypatch.setattr(children, "measure", made.measure)
    return made


Learn = Callable[..., tuple[int, str]]


@pytest.fixture
def learn(
    processes: Children, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Learn:
    """`python -m guide.learn ...` in this process: (exit code, what it says)."""
    for name in ("prepare_environment", "read_dotenv", "signal"):  # they change the whole process
        monkeypatch.setattr(f"guide.learn.__main__.{name}", _Nothing())

    def run(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["guide.learn", *arguments])
        code = command.main()
        said = capsys.readouterr()
        return code, said.out + said.err

    return run


class _Nothing:
    """Takes any call and attribute."""

    def __call__(self, *_: Any) -> None:
        return None

    def __getattr__(self, _: str) -> _Nothing:
        return self


@pytest.fixture
def edit(live: SmallContent) -> Callable[[str, str, str], None]:
    """Staff change a file: the draft gets it with one text for another."""

    def make(name: str, old: str, new: str) -> None:
        text = (live.folder / name).read_text(encoding="utf-8")
        assert old in text
        (draft() / name).parent.mkdir(parents=True, exist_ok=True)
        (draft() / name).write_text(text.replace(old, new), encoding="utf-8")

    return make
