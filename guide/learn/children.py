"""Training and measuring in processes of their own: each has its data folder from its start."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from guide.content.reader import version_of
from guide.learn.places import files_of, kept, read_json, work_folder, write_json
from guide.learn.words import Refused, say
from guide.settings import ROOT
from guide.train import fingerprint, model_of

At = Callable[[float, float], None]  # (done, total), again and again
CODE = ("guide/**/*.py", "guide/**/*.yml", "actions/**/*.py", "*.yml", "models/encoder/about.json")
KEPT_MEASUREMENTS = 4
TRAINING_SECONDS = 180.0  # until a training has told how long it takes here


def train(data: Path, models: Path, at: At) -> None:
    """Train a model of a data folder into a folder of models, unless it is there.

    Raises:
        Refused: it failed; with its last line.
    """
    if (models / model_of(fingerprint(data)).name).exists():
        return
    times = kept() / "times.json"
    usual = float((read_json(times) or {}).get("training", TRAINING_SECONDS))
    began = time.monotonic()
    with tempfile.TemporaryFile() as errors:
        with _child(["guide.train"], data, models, stdout=errors, stderr=errors) as process:
            while process.poll() is None:
                at(min(time.monotonic() - began, usual), usual)
                time.sleep(0.3)
        if process.returncode:
            raise Refused(say("not_trained", error=_last_line(errors)))
    write_json(times, {"training": time.monotonic() - began})


def measure(data: Path, models: Path, questions: Path, held_out: Path, at: At) -> dict[str, Any]:
    """The measurement (see guide.learn.compare) of a data folder and its model, kept for the next
    time that nothing of it, of the questions and of the program has changed.

    Raises:
        Refused: the questions could not be asked.
    """
    folder = kept() / "measured"
    result = folder / f"{_key(data, questions, held_out)}.json"
    if found := read_json(result):
        result.touch()
        return found
    arguments = ["guide.learn.measure", str(questions), str(held_out), str(result)]
    with tempfile.TemporaryFile() as errors:
        with _child(arguments, data, models, stdout=subprocess.PIPE, stderr=errors) as process:
            for line in process.stdout or ():
                if len(numbers := line.split()) == 2 and all(map(bytes.isdigit, numbers)):
                    at(*map(int, numbers))
            process.wait()
        found = read_json(result)
        if process.returncode or found is None:
            raise Refused(say("not_measured", error=_last_line(errors)))
    for old in sorted(folder.iterdir(), key=lambda p: p.stat().st_mtime)[:-KEPT_MEASUREMENTS]:
        old.unlink()
    return found


def _key(data: Path, questions: Path, held_out: Path) -> str:
    """What a measurement depends on, as a name."""
    digest = hashlib.sha256()
    for folder in (data, questions):
        digest.update(version_of(folder, [folder / name for name in files_of(folder)]).encode())
    digest.update(held_out.read_bytes() if held_out.exists() else b"")
    digest.update(version_of(ROOT, {path for one in CODE for path in ROOT.glob(one)}).encode())
    return digest.hexdigest()[:24]


@contextmanager
def _child(
    arguments: list[str], data: Path, models: Path, **streams: Any
) -> Iterator[subprocess.Popen[bytes]]:
    """Ended with this process. It keeps its own database: questions are no conversations."""
    with work_folder() as var:
        settings = {
            "GUIDE_DATA": str(data), "GUIDE_MODELS": str(models), "GUIDE_VAR": str(var),
            "DATABASE_URL": "", "PYTHONPATH": str(ROOT),
        }  # fmt: skip
        process = subprocess.Popen(  # noqa: S603  our own modules
            [sys.executable, "-m", *arguments],
            cwd=ROOT, env={**os.environ, **settings}, stdin=subprocess.DEVNULL, **streams,
        )  # fmt: skip
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()
            process.wait()


def _last_line(errors: Any) -> str:
    """What a failed process said last."""
    errors.seek(0)
    lines = errors.read().decode(errors="replace").strip().splitlines()
    return lines[-1].strip() if lines else ""
