"""CLINC150 ("Full" split, Larson et al. 2019) through Rasa with the guide's own components.

Same components and settings as config.yml; only the roles of intents differ, since that data set
has neither refusals nor small talk: its 150 intents are all answerable, and the thresholds are
learned without a single out-of-scope sentence.

    python -m benchmarks.clinc150 [--data ../shared/data/clinc150_data_full.json]

Prints in-scope accuracy (a refusal of an in-scope sentence counts as wrong), out-of-scope recall
and the training time.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import yaml

from guide.settings import ROOT, prepare_environment, quiet_rasa

DATA = ROOT.parent / "shared" / "data" / "clinc150_data_full.json"
OURS_ONLY = {
    "guide.nlu.known_messages.KnownMessages",
    "guide.nlu.urgent_screen.UrgentScreen",
    "guide.nlu.personal_details.PersonalDetails",
}
CLASSIFIER = "guide.nlu.intent_classifier.IntentClassifier"


def config() -> dict[str, Any]:
    """config.yml without content, policies and the components that know this project."""
    full = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
    pipeline = [dict(part) for part in full["pipeline"] if part["name"] not in OURS_ONLY]
    for part in pipeline:
        if part["name"] == CLASSIFIER:
            part["small_talk"], part["urgent"] = [], []
    keys = ("recipe", "assistant_id", "language")
    return {**{key: full[key] for key in keys}, "pipeline": pipeline, "policies": []}


def write_training_data(sentences: list[list[str]], path: Path) -> None:
    """Stock Rasa NLU examples."""
    by_intent: dict[str, list[str]] = {}
    for text, intent in sentences:
        by_intent.setdefault(intent, []).append(text)
    blocks = [
        {"intent": intent, "examples": "".join(f"- {text}\n" for text in texts)}
        for intent, texts in by_intent.items()
    ]
    path.write_text(yaml.safe_dump({"version": "3.1", "nlu": blocks}), encoding="utf-8")


async def measure(model: str, data: dict[str, list[list[str]]]) -> tuple[float, float]:
    """(in-scope accuracy, out-of-scope recall) on the test sentences."""
    from rasa.core.agent import load_agent

    agent = await load_agent(model_path=model)
    right = 0
    for number, (text, intent) in enumerate(data["test"]):
        if number % 500 == 0:
            print(f"\r{number}/{len(data['test'])} ", end="", file=sys.stderr, flush=True)
        parsed = await agent.parse_message(text)
        right += parsed["intent"]["name"] == intent
    refused = 0
    for text, _ in data["oos_test"]:
        parsed = await agent.parse_message(text)
        refused += parsed["decision"]["act"] == "refuse"
    print("\r", end="", file=sys.stderr)
    return right / len(data["test"]), refused / len(data["oos_test"])


def main() -> int:
    """Train, measure, print; exit code 3 where the data set is absent."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.clinc150")
    parser.add_argument("--data", type=Path, default=DATA)
    options = parser.parse_args()
    if not options.data.exists():
        print(f"CLINC150 is not at {options.data}; name its file with --data", file=sys.stderr)
        return 3
    prepare_environment()
    quiet_rasa()
    logging.disable(logging.WARNING)
    from rasa.model_training import train_nlu

    data = json.loads(options.data.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        (work / "config.yml").write_text(yaml.safe_dump(config()), encoding="utf-8")
        write_training_data(data["train"], work / "nlu.yml")
        began = time.monotonic()
        model = train_nlu(str(work / "config.yml"), str(work / "nlu.yml"), str(work))
        seconds = time.monotonic() - began
        if model is None:
            raise RuntimeError("Rasa could not train")
        accuracy, recall = asyncio.run(measure(model, data))
    print(f"CLINC150 Full: {len(data['train'])} sentences, trained in {seconds:.0f} s")
    print(f"in-scope accuracy {accuracy:.1%} (goal at least 96 %)")
    print(f"out-of-scope recall {recall:.1%} (goal at least 60 %)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
