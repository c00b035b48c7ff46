"""`make train`: a model of today's content, or nothing to do.

Rasa trains on without our importer when it cannot be imported, and says "success": so the
importer is loaded first, and what the model knows is checked after.
"""

from __future__ import annotations

import hashlib
import logging
import sys
import tempfile
import time
from pathlib import Path

from guide.content import DATA, ContentError, load
from guide.content.reader import trained_files
from guide.content.wording import load_responses, load_wording
from guide.settings import ROOT, prepare_environment, quiet_rasa

MODELS = ROOT / "models"
# Modules of guide/content that only the servers use: a change of theirs makes no other model.
SERVED_ONLY = frozenset({"choice.py", "notice.py", "said.py", "trials.py", "wording.py"})
KEPT = 2  # the newest and the one before it, to go back to


class TrainingError(Exception):
    """The trained model lacks what it should hold."""


def fingerprint() -> str:
    """A hash of all that a model is made from: content, configuration and components."""
    digest = hashlib.sha256()
    files = [ROOT / "config.yml", ROOT / "domain.yml", *trained_files(ROOT / "data")]
    for pattern in ("guide/nlu/*.py", "guide/content/*.py", "guide/importer.py"):
        files += ROOT.glob(pattern)
    for path in sorted(file for file in files if file.name not in SERVED_ONLY):
        digest.update(path.relative_to(ROOT).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


def model_path() -> Path:
    """Where the model of today's content is or will be."""
    return MODELS / f"guide-{fingerprint()}.tar.gz"


def train() -> Path:
    """Train unless the model is there.

    Raises:
        ContentError: the content has faults.
        TrainingError: Rasa trained something else than the content.
    """
    path = model_path()
    content = load()
    load_wording(DATA, content.article)  # read by the servers only, which would not start
    load_responses()
    if path.exists():
        return path
    import rasa.api

    quiet_rasa()

    import guide.importer  # noqa: F401  a broken importer fails here and not silently in Rasa

    # Trained beside and moved last: an interrupted training leaves no half model.
    with tempfile.TemporaryDirectory(dir=MODELS) as work:
        result = rasa.api.train(
            domain=str(ROOT / "domain.yml"),
            config=str(ROOT / "config.yml"),
            training_files=[str(ROOT / "data")],
            output=work,
            fixed_model_name=path.name.removesuffix(".tar.gz"),
        )
        if result.code != 0 or result.model is None:
            raise TrainingError(f"Rasa could not train (code {result.code})")
        check(Path(result.model), set(content.answers))
        Path(result.model).rename(path)
    for old in sorted(MODELS.glob("guide-*.tar.gz"), key=lambda p: p.stat().st_mtime)[:-KEPT]:
        old.unlink()
    return path


def check(model: Path, answers: set[str]) -> None:
    """Raises TrainingError unless the model's domain holds every answer."""
    from rasa.engine.storage.local_model_storage import LocalModelStorage

    domain = LocalModelStorage.metadata_from_archive(model).domain
    lacking = sorted(
        id_
        for id_ in answers
        if id_ not in domain.intents or f"utter_{id_}" not in domain.responses
    )
    if lacking:
        raise TrainingError(f"the model does not know these answers: {', '.join(lacking)}")


def main() -> int:
    """Exit code 0 when a good model is there."""
    prepare_environment()
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    logging.getLogger("guide").setLevel(logging.INFO)
    began = time.monotonic()
    new = not model_path().exists()
    if new:
        print("Training (a few minutes) ...", flush=True)
    try:
        path = train()
    except (ContentError, TrainingError) as error:
        print(error, file=sys.stderr)
        return 1
    if new:
        print(f"Trained in {time.monotonic() - began:.0f} s: models/{path.name}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
