"""Staff teach a question that the guide refused: Try, Go live and Undo on a small real guide."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from guide.settings import ROOT
from tests.conftest import running_guide
from tests.small_guide import REFUSED, make_small_guide, settings
from tests.unit.learn.labelled import add


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small guide's folder; its model is not trained yet."""
    folder = tmp_path_factory.mktemp("small")
    make_small_guide(folder)
    (folder / "var").mkdir()
    return folder


def asked(folder: Path) -> dict[str, Any]:
    """What a server that starts now says to the question."""
    with running_guide(folder, **settings(folder)) as guide:
        return dict(guide.say(REFUSED)["metadata"])


def learn(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "guide.learn", *arguments], cwd=ROOT, text=True,
        env={**os.environ, **settings(folder)}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def done(process: subprocess.Popen[str]) -> str:
    said = process.communicate(timeout=300)[0]
    assert process.returncode == 0, said
    return said


def steps(folder: Path, process: subprocess.Popen[str]) -> Iterator[tuple[str, int]]:
    """(step, percent) as the staff site sees them, each once."""
    last, path = None, folder / "var" / "candidate" / "progress.json"
    while process.poll() is None:
        if path.exists():
            state = json.loads(path.read_text(encoding="utf-8"))
            if last != (now := (state["step"], state["percent"])):
                yield now
                last = now
        time.sleep(0.02)


def label(folder: Path) -> None:
    """A reviewer says what the question asks, in the tables that the staff site writes."""
    engine = sa.create_engine(f"sqlite:///{folder}/var/guide.db")
    add(engine, [{"target": "cost", "sentence": REFUSED}])


def test_a_refused_question_is_taught_put_live_and_taken_back(small: Path) -> None:
    first = asked(small)  # the server trains the model that it lacks
    assert first["kind"] != "answer"
    assert len(list((small / "models").glob("guide-*.tar.gz"))) == 1
    label(small)
    attempt = learn(small, "try", "--by", "ann")
    seen = list(steps(small, attempt))
    assert "Nothing that is guarded got worse" in done(attempt)
    assert [percent for _, percent in seen] == sorted(percent for _, percent in seen)
    assert [step for step in dict.fromkeys(step for step, _ in seen) if step != "done"] == [
        "checking", "training", "evaluating candidate", "evaluating live",
    ]  # fmt: skip
    report = json.loads((small / "var/candidate/report.json").read_text(encoding="utf-8"))
    assert (report["sentences"], report["allowed"]) == ({"examples": 1, "held_out": 0}, True)
    assert not (small / "data/nlu/reviewed.yml").exists()
    done(learn(small, "live"))
    taught = asked(small)
    assert (taught["kind"], taught["answers"]) == ("answer", ["cost"])
    assert taught["version"] != first["version"]
    done(learn(small, "undo"))
    told = json.loads(done(learn(small, "status", "--json")))
    assert told["live"] == report["live"]
    # A server that starts now has the former content and its model.
    assert not (small / "data/nlu/reviewed.yml").exists()
    assert (small / "models" / f"guide-{told['live']}.tar.gz").exists()


def test_a_stopped_try_leaves_no_process_and_no_half_guide(small: Path) -> None:
    draft = small / "var/draft/faq/cost.yml"
    draft.parent.mkdir(parents=True)
    text = (small / "data/faq/cost.yml").read_text(encoding="utf-8")
    draft.write_text(text.replace("reviewed_by: ''", "reviewed_by: nurse").replace(
        "reviewed_on: ''", "reviewed_on: 2026-01-01"), encoding="utf-8")  # fmt: skip
    before = len(list((small / "models").iterdir()))
    process = learn(small, "try")
    assert next(step for step, _ in steps(small, process) if step == "training")
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    while not (child := children.read_text().strip()):
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert not Path(f"/proc/{child}").exists()
    told = json.loads(done(learn(small, "status", "--json")))
    assert (told["progress"]["step"], told["running"]) == ("failed", None)
    assert told["cannot_go_live"]
    assert len(list((small / "models").iterdir())) == before
