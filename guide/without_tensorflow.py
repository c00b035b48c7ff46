"""Keeps TensorFlow out of a process that runs Rasa on the guide's pipeline, which uses none of it.

    python -m guide.without_tensorflow run ...     as `python -m rasa run ...`

Rasa 3.6.21 imports its neural networks whatever config.yml names, and spaCy (thinc) imports
TensorFlow where it is installed. That costs seconds of start-up and some 400 MB of memory. Here
the modules with those networks stand empty, and spaCy finds no TensorFlow. With
GUIDE_TENSORFLOW=1 nothing is left out. (Rasa 3.6 has no setting for it.)
"""

from __future__ import annotations

import os
import sys
from types import ModuleType

SETTING = "GUIDE_TENSORFLOW"
# Modules of Rasa that import TensorFlow, and what other modules import from them.
NETWORKS = {
    "rasa.nlu.classifiers.diet_classifier": ("DIETClassifier",),
    "rasa.nlu.selectors.response_selector": ("ResponseSelector",),
    "rasa.nlu.featurizers.dense_featurizer.convert_featurizer": ("ConveRTFeaturizer",),
    "rasa.nlu.featurizers.dense_featurizer.lm_featurizer": ("LanguageModelFeaturizer",),
    "rasa.core.policies.ted_policy": ("TEDPolicy",),
    "rasa.core.policies.unexpected_intent_policy": ("UnexpecTEDIntentPolicy",),
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
    if os.environ.get(SETTING, "") not in ("", "0") or "rasa" in sys.modules:
        return
    sys.modules["tensorflow"] = None  # type: ignore[assignment]  # an import of it fails
    for name, parts in NETWORKS.items():
        empty = ModuleType(name)
        for part in parts:
            setattr(empty, part, type(part, (Unavailable,), {}))
        sys.modules[name] = empty


if __name__ == "__main__":
    leave_out()
    from guide.logs import follow_rasa

    follow_rasa()
    from rasa.__main__ import main

    sys.exit(main())
