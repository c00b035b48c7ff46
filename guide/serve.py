"""The chat server: stock `rasa run` on the newest model, with our channels and replies."""

from __future__ import annotations

import os
import sys

from guide.settings import ROOT, host, port, prepare_environment
from guide.train import model_path


def main() -> None:
    """Becomes `rasa run`; its HTTP API stays off."""
    prepare_environment()
    arguments = [
        sys.executable, "-m", "rasa", "run", "--model", str(model_path()),
        "--endpoints", str(ROOT / "endpoints.yml"), "--credentials", str(ROOT / "credentials.yml"),
        "--port", str(port("GUIDE_PORT")), "-i", host(),
    ]  # fmt: skip
    os.chdir(ROOT)
    os.execv(sys.executable, arguments)  # noqa: S606  no shell: the arguments are ours


if __name__ == "__main__":
    main()
