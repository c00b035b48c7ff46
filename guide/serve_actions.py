"""The action server: stock rasa_sdk with our actions, which ends when there is a new release."""

from __future__ import annotations

import os
import sys

from guide import live
from guide.settings import ROOT, SettingError, port, prepare_environment


def main() -> int:
    """Serves until it is told to end."""
    live.remember()
    try:
        prepare_environment()
    except SettingError as error:
        print(error, file=sys.stderr)
        return 2
    os.chdir(ROOT)
    sys.argv = ["rasa_sdk", "--actions", "actions", "--port", str(port("ACTIONS_PORT"))]
    from rasa_sdk.__main__ import main as serve

    live.watch()
    serve()
    return 0


if __name__ == "__main__":
    sys.exit(main())
