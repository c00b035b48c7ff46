"""The comparison with stock Rasa counts right, and its table says so."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml

from benchmarks.sample import make_sample
from benchmarks.stock.__main__ import medians
from benchmarks.stock.measure import MEMORY, latency, throughput
from benchmarks.stock.quality import reply_of
from benchmarks.stock.report import TRAINING, WRONG, block, ratio, verdict
from benchmarks.stock.sides import guide, stock, stock_config
from guide.evaluation.judge import verdict as judged
from guide.evaluation.questions import Question

ABOUT = {
    "machine": {"cpu": "Processor", "cores": 2, "memory": 25.3},
    "versions": {"python": "3.10.13"}, "commit": "abc1234", "date": "2026-11-22",
}  # fmt: skip


def figures(name: str, guide: float, stock: float) -> dict[str, Any]:
    return {"rounds": 3, "shares": [WRONG], "guide": {name: guide}, "stock": {name: stock}}


@pytest.mark.parametrize(
    ("name", "guide", "stock", "told"),
    [
        (WRONG, 0.02, 0.1, "at most 0.2: met"),
        (WRONG, 0.021, 0.1, "at most 0.2: missed"),
        (TRAINING, 101, 1000, "at most 0.1: missed"),
        (latency(50, 5), 20.0, 60.0, "at most 0.333: met"),
        (latency(50, 150), 20.0, 100.0, "at most 0.125: missed"),
        (throughput(16), 30.0, 10.0, "at least 3: met"),
        (throughput(16), 29.0, 10.0, "at least 3: missed"),
        (MEMORY, 66.0, 100.0, "at most 0.65: missed"),
        (WRONG, 0.02, 0.0, ""),  # nothing to divide by
        (throughput(1), 1.0, 10.0, ""),  # no goal
    ],
)
def test_a_goal_is_met_or_missed(name: str, guide: float, stock: float, told: str) -> None:
    assert verdict(figures(name, guide, stock), name) == told


def test_the_ratio_is_the_guides_part() -> None:
    assert ratio(figures(WRONG, 0.01, 0.04), WRONG) == 0.25
    assert ratio(figures(WRONG, 0.01, 0.0), WRONG) is None


def test_medians_are_those_of_each_figure() -> None:
    rounds = [{"a": 1.0, "b": 9.0}, {"a": 5.0, "b": 7.0}, {"a": 2.0, "b": 8.0}]
    assert medians(rounds) == {"a": 2.0, "b": 8.0}


def test_the_table_names_all_sides_and_what_was_measured_on() -> None:
    found = {
        **figures(WRONG, 0.021, 0.21), "guide_whole": {WRONG: 0.02},
        "stock_whole": {"seconds": 16200, "epochs": 3},
    }  # fmt: skip
    head, _, row, _, told = block({"about": ABOUT, "figures": found}).splitlines()
    assert head == "| figure | guide | stock Rasa | ratio | goal | guide, whole content |"
    assert row == f"| {WRONG} | 2.1% | 21.0% | 0.1 | at most 0.2: met | 2.0% |"
    assert "4.5 hours (extrapolated from 3 epochs)" in told
    assert "at commit abc1234 on Processor, 2 cores" in told


@pytest.mark.parametrize(
    ("messages", "accept", "wanted"),
    [
        ([{"text": "It costs.", "utter_action": "utter_cost"}], ["cost"], "right"),
        ([{"text": "It costs.", "utter_action": "utter_cost"}], ["cure"], "wrong"),
        # As Rasa hands on what domain.yml says of a response: one level down.
        ([{"text": "Call.", "utter_action": "utter_emergency",
           "metadata": {"kind": "emergency"}}], ["emergency"], "right"),
        ([{"text": "I do not know.", "utter_action": "utter_nlu_fallback",
           "metadata": {"kind": "fallback"}}], ["cost"], "refused"),
        ([{"text": "Hello.", "utter_action": "utter_greet",
           "metadata": {"kind": "small_talk"}}], ["cost"], "handled"),
        ([{"text": "Trials.", "custom": {}}], ["cost"], "handled"),
        ([], ["cost"], "refused"),
    ],
)  # fmt: skip
def test_what_stock_rasa_says_is_judged_as_the_guide_is(
    messages: list[dict[str, Any]], accept: list[str], wanted: str
) -> None:
    reply = reply_of(messages, {"cost", "cure"})
    assert judged(Question("text", tuple(accept)), reply) == wanted


def test_a_model_is_of_its_content_and_configuration(tmp_path: Path) -> None:
    data, other = make_sample(tmp_path / "one", 3), make_sample(tmp_path / "two", 4)
    same = make_sample(tmp_path / "three", 3)
    for side in (stock, guide):
        assert side(tmp_path, data).model == side(tmp_path, same).model
        assert side(tmp_path, data).model != side(tmp_path, other).model
    assert stock(tmp_path, data).model != stock(tmp_path, data, 2).model


def test_stock_rasa_is_as_it_comes() -> None:
    """But for the importer: what `rasa init` trains by, from Rasa itself."""
    rasa = Path(str(find_spec("rasa").origin)).parent
    path = rasa / "engine" / "recipes" / "config_files" / "default_config.yml"
    theirs = yaml.safe_load(path.read_text(encoding="utf-8"))
    ours = stock_config()
    assert {key: ours[key] for key in ("pipeline", "policies")} == {
        key: theirs[key] for key in ("pipeline", "policies")
    }
    trial = stock_config(2)
    assert {part["epochs"] for part in trial["pipeline"] if "epochs" in part} == {2}
