"""What a container runs: the volume is filled, then this process becomes the server.

    python -m deploy.start guide.serve

Staff change content and models on the volume (GUIDE_DATA, GUIDE_MODELS, GUIDE_VAR). So what is
there stays, whatever image starts: an empty volume gets the image's content, and each image adds
the model of its own. `deploy.take` brings the content of a newer image.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from guide.learn.candidate import version
from guide.learn.places import files_of, write_json
from guide.settings import ROOT, data_folder, models_folder, var_folder

IMAGE = ROOT
TELL = (
    "The volume has its own content, which stays; this image brings another. "
    "To see what would change: python -m deploy.take"
)


def main() -> int:
    """Becomes the module of the arguments; 2 without one, 1 when the volume takes no files."""
    if len(sys.argv) < 2:
        print("python -m deploy.start MODULE [ARGUMENT ...]", file=sys.stderr)
        return 2
    try:
        fill()
    except OSError as error:
        print(f"the volume cannot be filled: {error}", file=sys.stderr)
        return 1
    if version(IMAGE / "data") != version(data_folder()):
        print(TELL, flush=True)
    os.chdir(ROOT)
    os.execv(sys.executable, [sys.executable, "-m", *sys.argv[1:]])  # noqa: S606  no shell


def fill() -> None:
    """Put on the volume what it lacks; another container that starts meanwhile waits."""
    with _alone():
        if not data_folder().exists():
            _bring(IMAGE / "data", data_folder())
            note_image()
        for model in (IMAGE / "models").glob("guide-*.tar.gz"):
            if not (models_folder() / model.name).exists():
                _bring(model, models_folder() / model.name)


def noted() -> Path:
    """What the volume has of an image: file of the data folder -> its sha256."""
    return var_folder() / "image.json"


def note_image() -> None:
    """To be called when the volume took this image's content."""
    write_json(noted(), hashes(IMAGE / "data"))


def hashes(data: Path) -> dict[str, str]:
    """The sha256 of each file of a data folder."""
    return {name: hashlib.sha256((data / name).read_bytes()).hexdigest() for name in files_of(data)}


@contextmanager
def _alone() -> Iterator[None]:
    with (var_folder() / "start.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _bring(source: Path, target: Path) -> None:
    """A file or a folder that appears whole; what a killed container left half is made anew."""
    part = target.with_name(f".{target.name}.part")
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.rmtree(part, ignore_errors=True)
        shutil.copytree(source, part, copy_function=shutil.copyfile)
    else:
        shutil.copyfile(source, part)
    part.rename(target)


if __name__ == "__main__":
    sys.exit(main())
