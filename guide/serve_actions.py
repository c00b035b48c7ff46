"""The action server: stock rasa_sdk with our actions, which ends when there is a new release."""

from __future__ import annotations

import os
import sys

from guide import live, logs, metrics
from guide.settings import ROOT, SettingError, log_level, port, prepare_environment


def main() -> int:
    """Serves until it is told to end."""
    live.remember()
    try:
        prepare_environment()
    except SettingError as error:
        print(error, file=sys.stderr)
        return 2
    os.chdir(ROOT)
    logs.begin()
    # What rasa_sdk's own command does, but with our log lines.
    from rasa_sdk.endpoint import run
    from rasa_sdk.utils import configure_colored_logging, update_sanic_log_level

    configure_colored_logging(log_level())
    update_sanic_log_level()
    logs.configure("actions")
    metrics.serve(metrics.ACTIONS_PORT)
    live.watch()
    run("actions", port("ACTIONS_PORT"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
