"""`make run`: content, model, ports, processes, and one line when patients can write."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

from guide.learn.switch import settle
from guide.settings import (
    ROOT,
    SettingError,
    check_free,
    host,
    port,
    prepare_environment,
    read_dotenv,
)
from widget.build import build as build_widget

START_SECONDS = 180


def main() -> int:
    """Runs until Ctrl-C; every failure is one sentence."""
    read_dotenv()
    try:
        prepare_environment()
        for name in ("GUIDE_PORT", "ACTIONS_PORT"):
            check_free(name)
    except SettingError as error:
        print(error, file=sys.stderr)
        return 2
    settle()  # a Go live that was interrupted
    # In a process of its own: here, guide.content was imported before .env was read.
    if subprocess.call([sys.executable, "-m", "guide.train"], cwd=ROOT) != 0:
        return 1
    build_widget()
    print("Starting the chat server and the action server ...", flush=True)
    honcho = subprocess.Popen(  # noqa: S603  our own Procfile
        # Read already; honcho's own reading would overrule the environment.
        [sys.executable, "-m", "honcho", "-d", str(ROOT), "-e", os.devnull, "start"],
        stdin=subprocess.DEVNULL,
    )
    signal.signal(signal.SIGTERM, lambda *_: honcho.terminate())
    try:
        if not wait_until_ready(honcho):
            honcho.terminate()
            honcho.wait()
            print("The guide did not start; the lines above say why.", file=sys.stderr)
            return 1
        print(f"ready http://{host()}:{port('GUIDE_PORT')}", flush=True)
        return honcho.wait()
    except KeyboardInterrupt:  # Ctrl-C reaches honcho too, which ends its processes
        honcho.wait()
        return 130


def wait_until_ready(process: subprocess.Popen[bytes]) -> bool:
    """True once both servers answer; False when they do not in time or the runner ended."""
    urls = [
        f"http://127.0.0.1:{port('GUIDE_PORT')}/webhooks/rest/",
        f"http://127.0.0.1:{port('ACTIONS_PORT')}/health",
    ]
    end = time.monotonic() + START_SECONDS
    while urls and time.monotonic() < end and process.poll() is None:
        urls = [url for url in urls if not _answers(url)]
        if urls:
            time.sleep(0.3)
    return not urls


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as reply:  # noqa: S310  a loopback address
            return bool(reply.status == 200)
    except (OSError, urllib.error.URLError):
        return False


if __name__ == "__main__":
    sys.exit(main())
