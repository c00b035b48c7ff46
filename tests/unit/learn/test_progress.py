"""What staff see of a Try while it runs, and when it was killed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from guide.learn import progress as module
from guide.learn.lock import only_one
from guide.learn.places import candidate
from guide.learn.progress import Progress, seen
from guide.learn.words import say
from tests.unit.content.small_content import SmallContent


@pytest.fixture(autouse=True)
def always(live: SmallContent, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each step is written, however soon it comes after the last."""
    monkeypatch.setattr(module, "EVERY_SECONDS", 0)


def written() -> dict[str, Any]:
    return json.loads((candidate() / "progress.json").read_text(encoding="utf-8"))


def test_the_percent_moves_on_until_it_is_done() -> None:
    progress, percents = Progress("ann"), []
    for step in ("checking", "training", "evaluating candidate", "evaluating live"):
        progress.step(step)
        percents.append(written()["percent"])
        progress.at(7, 14)
        percents.append(written()["percent"])
        assert (written()["step"], written()["done"], written()["total"]) == (step, 7, 14)
    progress.step("done")
    percents.append(written()["percent"])
    assert percents == [0, 1, 2, 26, 50, 62, 75, 88, 100]
    assert (written()["by"], written()["message"]) == ("ann", "Done")


def test_a_failure_stays_where_it_happened() -> None:
    progress = Progress("")
    progress.step("evaluating live")
    progress.at(1, 5)
    progress.step("failed", "no memory")
    assert (written()["percent"], written()["message"]) == (80, "no memory")


def test_a_killed_try_has_failed() -> None:
    assert seen() is None
    with only_one("try", "ann"):
        Progress("ann").step("training")
        assert (seen() or {})["step"] == "training"
    told = seen() or {}
    assert (told["step"], told["message"]) == ("failed", say("ended"))
    with only_one("undo", "bob"):
        assert (seen() or {})["step"] == "failed"
