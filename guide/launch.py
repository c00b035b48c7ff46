"""`make run`: content, model, ports, processes, and one line when patients can write."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from functools import partial
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from guide.learn.switch import settle
from guide.ports import check_free, check_reach
from guide.settings import (
    PORTS,
    ROOT,
    SettingError,
    host,
    port,
    prepare_environment,
    read_dotenv,
    url,
)
from widget.build import build as build_widget

START_SECONDS = 180


def main() -> int:
    """Runs until Ctrl-C; every failure is one sentence."""
    read_dotenv()
    try:
        prepare_environment()
        check_reach("STAFF_PORT", "STAFF_HTTPS")
        for name in PORTS:
            check_free(name)
    except SettingError as error:
        print(error, file=sys.stderr)
        return 2
    settle()  # a Go live that was interrupted
    # In a process of its own: here, guide.content was imported before .env was read.
    if subprocess.call([sys.executable, "-m", "guide.train"], cwd=ROOT) != 0:
        return 1
    build_widget()
    print("Starting the chat server, the action server and the staff site ...", flush=True)
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
        print(f"staff {url('STAFF_PORT')} (make an account: make staff-user)", flush=True)
        return honcho.wait()
    except KeyboardInterrupt:  # Ctrl-C reaches honcho too, which ends its processes
        honcho.wait()
        return 130


def wait_until_ready(process: subprocess.Popen[bytes]) -> bool:
    """True once all servers are ready; False when they do not in time or the runner ended."""
    waiting: list[Callable[[], bool]] = [
        partial(_answers, f"http://127.0.0.1:{port('GUIDE_PORT')}/health"),
        partial(_answers, f"http://127.0.0.1:{port('ACTIONS_PORT')}/health"),
        staff_answers,
    ]
    end = time.monotonic() + START_SECONDS
    while waiting and time.monotonic() < end and process.poll() is None:
        waiting = [answers for answers in waiting if not answers()]
        if waiting:
            time.sleep(0.3)
    return not waiting


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as reply:  # noqa: S310  a loopback address
            return bool(reply.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def staff_answers() -> bool:
    """Whatever it says: with HTTPS or a name of its own it sends this machine away, too."""
    connection = HTTPConnection(urlsplit(url("STAFF_PORT")).netloc, timeout=2)
    try:
        connection.request("GET", "/account/log-in/")
        return connection.getresponse().status < 500
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
