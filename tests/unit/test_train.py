"""`make train`: when a model is new, and when it is no good."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
import rasa.api
from rasa.engine.graph import GraphModelConfiguration, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.model_training import TrainingResult
from rasa.shared.core.domain import Domain
from rasa.shared.data import TrainingType

from guide import train as module
from guide.content import Content, ContentError, load
from guide.content.problems import Problem
from guide.train import FORMER, LIVE, TrainingError, check, fingerprint, main, model_path, train

MADE_FROM = (
    "config.yml", "domain.yml", "data/article.yml", "data/rules.yml", "data/faq/cost.yml",
    "data/nlu/small_talk.yml", "data/nlu/faq/cost.yml", "guide/nlu/encoder.py",
    "guide/content/reader.py", "guide/importer.py",
)  # fmt: skip
OTHERS = (
    "README.md", "guide/chat.py", "guide/content/wording.py", "data/wording.yml",
    "data/safety/5_crisis.yml",
)  # fmt: skip


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project in place of this one."""
    for name in (*MADE_FROM, *OTHERS):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# {name}")
    (tmp_path / "models").mkdir()
    monkeypatch.setattr(module, "ROOT", tmp_path)
    for name in ("data", "models"):
        monkeypatch.setenv(f"GUIDE_{name.upper()}", str(tmp_path / name))
    for name in ("prepare_environment", "quiet_rasa"):  # they change the whole process
        monkeypatch.setattr(module, name, lambda: None)
    return tmp_path


@pytest.mark.parametrize("name", MADE_FROM)
def test_what_a_model_is_made_from_makes_another_model(root: Path, name: str) -> None:
    before = fingerprint()
    (root / name).write_text("changed")
    assert fingerprint() != before


@pytest.mark.parametrize("name", OTHERS)
def test_what_it_is_not_made_from_does_not(root: Path, name: str) -> None:
    before = fingerprint()
    (root / name).write_text("changed")
    assert fingerprint() == before


def test_a_new_a_lost_and_a_renamed_file_make_another_model(root: Path) -> None:
    seen = [fingerprint()]
    (root / "data/faq/new.yml").write_text("title: New?")
    seen.append(fingerprint())
    (root / "data/faq/new.yml").rename(root / "data/faq/newer.yml")
    seen.append(fingerprint())
    (root / "data/faq/cost.yml").unlink()
    seen.append(fingerprint())
    assert len(set(seen)) == 4


def test_the_same_content_is_the_same_model_again(root: Path) -> None:
    path = model_path()
    before = (root / "data/faq/cost.yml").read_text()
    (root / "data/faq/cost.yml").write_text("changed")
    assert model_path() != path
    (root / "data/faq/cost.yml").write_text(before)
    assert model_path() == path
    assert path.parent == root / "models"


def model_of(path: Path, answers: Iterable[str], without: Iterable[str] = ()) -> Path:
    """A model that knows some answers; those in `without` have an intent but no response."""
    answers = list(answers)
    responses = {f"utter_{id_}": [{"text": "A."}] for id_ in answers if id_ not in set(without)}
    domain = Domain.from_dict({"intents": answers, "responses": responses})
    empty = GraphSchema({})
    configuration = GraphModelConfiguration(
        empty, empty, TrainingType.BOTH, "guide", "en", None, None
    )
    folder = path.parent / "parts"
    folder.mkdir(exist_ok=True)
    LocalModelStorage(folder).create_model_package(path, configuration, domain)
    return path


def test_a_model_that_knows_every_answer_is_good(tmp_path: Path) -> None:
    check(model_of(tmp_path / "m.tar.gz", ["cost", "risk", "greet"]), {"cost", "risk"})


def test_the_answers_that_a_model_lacks_are_named(tmp_path: Path) -> None:
    model = model_of(tmp_path / "m.tar.gz", ["cost", "risk"], without=["risk"])
    with pytest.raises(TrainingError, match=r"does not know these answers: approved, risk, trial$"):
        check(model, {"trial", "cost", "approved", "risk"})


Rasa = Callable[..., list[dict[str, Any]]]


@pytest.fixture(scope="module")
def content() -> Content:
    return load()


@pytest.fixture
def rasa_trains(root: Path, content: Content, monkeypatch: pytest.MonkeyPatch) -> Rasa:
    """Stands for Rasa's training, which takes minutes: gives a model of some answers."""
    monkeypatch.setattr(module, "load", lambda _: content)
    monkeypatch.setattr(module, "load_wording", lambda *_: None)

    def stand_in(answers: Iterable[str], code: int = 0) -> list[dict[str, Any]]:
        calls: list[dict[str, Any]] = []

        def rasa_train(**arguments: Any) -> TrainingResult:
            calls.append(arguments)
            if code:
                return TrainingResult(None, code)
            name = f"{arguments['fixed_model_name']}.tar.gz"
            return TrainingResult(str(model_of(Path(arguments["output"]) / name, answers)))

        monkeypatch.setattr(rasa.api, "train", rasa_train)
        return calls

    return stand_in


def kept(root: Path) -> list[str]:
    return sorted(path.name for path in (root / "models").iterdir())


def test_a_model_is_trained_once(root: Path, content: Content, rasa_trains: Rasa) -> None:
    calls = rasa_trains(content.answers)
    assert train() == train() == model_path()
    assert len(calls) == 1
    assert kept(root) == [model_path().name]


def test_the_newest_two_models_are_kept(root: Path, content: Content, rasa_trains: Rasa) -> None:
    rasa_trains(content.answers)
    paths = []
    for number in range(3):
        (root / "data/faq/cost.yml").write_text(f"title: {number}")
        paths.append(train())
    assert kept(root) == sorted(path.name for path in paths[1:])


def test_the_live_model_and_the_one_of_undo_are_kept(
    root: Path, content: Content, rasa_trains: Rasa
) -> None:
    rasa_trains(content.answers)
    paths = []
    for number in range(5):
        (root / "data/faq/cost.yml").write_text(f"title: {number}")
        paths.append(train())
        if number < 2:
            (root / "models" / (FORMER, LIVE)[number]).write_text(fingerprint() + "\n")
    assert {path for path in paths if path.exists()} == {paths[i] for i in (0, 1, 3, 4)}


def test_a_copy_of_the_content_elsewhere_is_the_same_model(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = fingerprint()
    shutil.copytree(root / "data", tmp_path / "candidate")
    monkeypatch.setenv("GUIDE_DATA", str(tmp_path / "candidate"))
    assert fingerprint() == before


def test_a_model_without_the_content_is_no_model(
    root: Path, rasa_trains: Rasa, capsys: pytest.CaptureFixture[str]
) -> None:
    """Rasa trains on without an importer that it cannot load, and says that all went well."""
    rasa_trains(["greet"])
    with pytest.raises(TrainingError, match="does not know these answers"):
        train()
    assert kept(root) == []
    assert main() == 1
    assert "does not know these answers" in capsys.readouterr().err


def test_a_training_that_fails_is_told(
    root: Path, rasa_trains: Rasa, capsys: pytest.CaptureFixture[str]
) -> None:
    rasa_trains((), code=1)
    assert main() == 1
    assert "Rasa could not train (code 1)" in capsys.readouterr().err
    assert kept(root) == []


def test_faults_of_the_content_are_told_and_nothing_is_trained(
    root: Path, content: Content, rasa_trains: Rasa, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    calls = rasa_trains(content.answers)

    def faulty(_: Path) -> Content:
        raise ContentError([Problem("faq/cost.yml", "answer", "faq.E003", "is too long")])

    monkeypatch.setattr(module, "load", faulty)
    assert main() == 1
    assert "faq/cost.yml" in capsys.readouterr().err
    assert calls == []
