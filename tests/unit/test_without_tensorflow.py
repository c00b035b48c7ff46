"""TensorFlow stays out of the chat server, and whoever needs it all the same is told."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
import yaml

from guide.settings import ROOT
from guide.without_tensorflow import COMPONENTS, SETTING, Unavailable

LOOK = """
from guide.without_tensorflow import leave_out
leave_out()
import json, sys
import rasa.__main__, rasa.core.run
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
DefaultV1Recipe()
import guide.nlu.spacy_nlp, guide.nlu.intent_classifier
print(json.dumps(sys.modules.get("tensorflow") is not None))
"""


@pytest.mark.parametrize(("setting", "there"), [("", False), ("1", True)])
def test_a_server_imports_it_only_when_told(
    monkeypatch: pytest.MonkeyPatch, setting: str, there: bool
) -> None:
    monkeypatch.setenv(SETTING, setting)
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", LOOK], cwd=ROOT, check=True, capture_output=True
    )
    assert json.loads(told.stdout.splitlines()[-1]) is there


def test_every_component_of_the_configuration_is_there() -> None:
    config = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
    names = [entry["name"] for part in ("pipeline", "policies") for entry in config[part]]
    assert {name for name in names if not name.startswith("guide.")} == set(COMPONENTS)


def test_what_needs_it_is_told_how_to_get_it() -> None:
    with pytest.raises(RuntimeError, match=f"{SETTING}=1"):
        Unavailable("verbose")
