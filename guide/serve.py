"""The chat server: stock `rasa run` on today's model, with our channels and replies."""

from __future__ import annotations

import os
import sys

from guide import live, rollout
from guide.learn.switch import settle
from guide.settings import ROOT, SettingError, host, port, prepare_environment
from guide.train import main as train
from guide.train import model_path


def main() -> int:
    """Becomes `rasa run`; its HTTP API stays off.

    Returns 1 when no model can be had, 2 when a setting cannot work.
    """
    try:
        prepare_environment()
    except SettingError as error:
        print(error, file=sys.stderr)
        return 2
    settle()  # a Go live that was interrupted
    rollout.take()
    live.remember()
    if not model_path().exists() and train() != 0:  # the content came by another way than Go live
        return 1
    arguments = [
        sys.executable, "-m", "guide.without_tensorflow", "run", "--model", str(model_path()),
        "--endpoints", str(ROOT / "endpoints.yml"), "--credentials", str(ROOT / "credentials.yml"),
        "--port", str(port("GUIDE_PORT")), "-i", host(),
    ]  # fmt: skip
    # A message is too small to share among processor cores; patients share them better.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.chdir(ROOT)
    os.execv(sys.executable, arguments)  # noqa: S606  no shell: the arguments are ours


if __name__ == "__main__":
    sys.exit(main())
