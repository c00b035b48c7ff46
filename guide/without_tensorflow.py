"""Keeps TensorFlow out of a process that runs Rasa on the guide's pipeline, which uses none of it.

    python -m guide.without_tensorflow run ...     as `python -m rasa run ...`

Rasa 3.6.21 imports TensorFlow in two places whatever config.yml says: its list of all components,
and two helpers for training its own neural networks. spaCy (thinc) imports it where it is
installed. That costs seconds of start-up and some 400 MB of memory. Here the list holds the
components that config.yml names, the two helpers stand empty, and spaCy finds none. With
GUIDE_TENSORFLOW=1 nothing is left out. (Rasa 3.6 has no setting for it.)
"""

from __future__ import annotations

import importlib
import os
import sys
from types import ModuleType
from typing import Any

SETTING = "GUIDE_TENSORFLOW"
_LIST = "rasa.engine.recipes.default_components"
# What config.yml takes from Rasa itself; a test compares the two.
COMPONENTS = {
    "SpacyTokenizer": "rasa.nlu.tokenizers.spacy_tokenizer",
    "CountVectorsFeaturizer": "rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer",
    "RulePolicy": "rasa.core.policies.rule_policy",
}
# Imported by rasa.utils.train_utils, for networks only.
_HELPERS = {
    "rasa.utils.tensorflow.callback": ("RasaTrainingLogger", "RasaModelCheckpoint"),
    "rasa.utils.tensorflow.data_generator": ("RasaBatchDataGenerator",),
}


class Unavailable:
    """Stands for a part of Rasa that needs TensorFlow.

    Raises:
        RuntimeError: something wants to use it.
    """

    def __init__(self, *_: object, **__: object) -> None:
        raise RuntimeError(f"this needs TensorFlow: set {SETTING}=1")


def leave_out() -> None:
    """To be called before anything of Rasa is imported; does nothing where the setting says so."""
    if os.environ.get(SETTING, "") not in ("", "0") or _LIST in sys.modules:
        return
    sys.modules["tensorflow"] = None  # type: ignore[assignment]  # spaCy imports what it finds
    components = ModuleType(_LIST)
    components.__getattr__ = _listed  # type: ignore[method-assign]  # PEP 562
    sys.modules[_LIST] = components
    for name, parts in _HELPERS.items():
        helper = ModuleType(name)
        for part in parts:
            setattr(helper, part, Unavailable)
        sys.modules[name] = helper


def _listed(name: str) -> Any:
    if name != "DEFAULT_COMPONENTS":
        raise AttributeError(name)
    return [getattr(importlib.import_module(where), part) for part, where in COMPONENTS.items()]


if __name__ == "__main__":
    leave_out()
    from rasa.__main__ import main

    sys.exit(main())
