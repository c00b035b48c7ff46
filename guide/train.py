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
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from guide.content import ContentError, load, unknown_answers
from guide.content.reader import trained_files
from guide.content.wording import load_responses, load_wording
from guide.settings import ROOT, data_folder, models_folder, prepare_environment, quiet_rasa
from guide.without_tensorflow import leave_out

# Modules of guide/content that training does not use: a change of theirs makes no other model.
SERVED_ONLY = frozenset(
    {"choice.py", "held_out.py", "notice.py", "said.py", "trials.py", "wording.py"}
)
KEPT = 2  # the newest and the one before it, to go back to
# Files beside the models that name the release in use and the one before it.
LIVE, FORMER = "live", "former"


class TrainingError(Exception):
    """The trained model lacks what it should hold."""


def fingerprint(data: Path | None = None) -> str:
    """A hash of all that a model is made from: content (of `data`, by default the one of the
    settings), configuration and components."""
    digest = hashlib.sha256()
    for name, path in sorted(_made_from(data or data_folder())):
        digest.update(name.as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


def _made_from(data: Path) -> Iterator[tuple[PurePosixPath, Path]]:
    """(name, path): the same names wherever the data folder is."""
    for path in trained_files(data):
        yield PurePosixPath("data", path.relative_to(data)), path
    for pattern in (
        "config.yml", "domain.yml", "guide/nlu/*.py", "guide/content/*.py", "guide/importer.py",
    ):  # fmt: skip
        for path in ROOT.glob(pattern):
            if path.name not in SERVED_ONLY:
                yield PurePosixPath(path.relative_to(ROOT)), path


def model_of(release: str) -> Path:
    """Where the model of a fingerprint is or will be."""
    return models_folder() / f"guide-{release}.tar.gz"


def model_path() -> Path:
    """Where the model of today's content is or will be."""
    return model_of(fingerprint())


def train() -> Path:
    """Train unless the model is there.

    Raises:
        ContentError: the content has faults.
        TrainingError: Rasa trained something else than the content.
    """
    path = model_path()
    content = load(data_folder())
    load_wording(data_folder(), content.article)  # read by the servers only, which would not start
    load_responses()
    if path.exists():
        return path
    leave_out()
    import rasa.api

    quiet_rasa()

    import guide.importer  # noqa: F401  a broken importer fails here and not silently in Rasa

    # Trained beside and moved last: an interrupted training leaves no half model.
    with tempfile.TemporaryDirectory(dir=path.parent) as work:
        result = rasa.api.train(
            domain=str(ROOT / "domain.yml"),
            config=str(ROOT / "config.yml"),
            training_files=[str(data_folder())],
            output=work,
            fixed_model_name=path.name.removesuffix(".tar.gz"),
        )
        if result.code != 0 or result.model is None:
            raise TrainingError(f"Rasa could not train (code {result.code})")
        check(Path(result.model), set(content.answers))
        Path(result.model).rename(path)
    forget_old()
    return path


def forget_old() -> None:
    """Delete all models but the newest, the live one and the one that Undo brings back."""
    folder = models_folder()
    named = {model_of(noted(name)) for name in (LIVE, FORMER)}
    models = sorted(folder.glob("guide-*.tar.gz"), key=lambda path: path.stat().st_mtime)
    for old in set(models[:-KEPT]) - named:
        old.unlink()


def noted(name: str) -> str:
    """The release that LIVE or FORMER names, "" where none is noted."""
    path = models_folder() / name
    return path.read_text(encoding="utf-8").strip() if path.exists() else ""


def check(model: Path, answers: set[str]) -> None:
    """Raises TrainingError unless the model's domain holds every answer."""
    from rasa.engine.storage.local_model_storage import LocalModelStorage

    domain = LocalModelStorage.metadata_from_archive(model).domain
    lacking = unknown_answers(answers, domain.intents, domain.responses)
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
        print(f"Trained in {time.monotonic() - began:.0f} s: {path.name}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
