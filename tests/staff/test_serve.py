"""The site's server as a process: it starts on an empty database and logs nothing typed."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from guide.settings import ROOT
from tests.conftest import started, wait_for


def free_port() -> str:
    """A port that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return str(server.getsockname()[1])


def test_it_serves_and_ends_when_told(tmp_path: Path) -> None:
    log, port = tmp_path / "log", free_port()
    url = f"sqlite:///{tmp_path / 'staff.db'}"
    with started(["-m", "staff.serve"], log, DATABASE_URL=url, STAFF_PORT=port) as process:
        base = f"http://127.0.0.1:{port}"
        wait_for(f"{base}/account/log-in/", process)
        with urllib.request.urlopen(f"{base}/static/staff/staff.css") as sheet:
            assert b"--accent" in sheet.read()
        with urllib.request.urlopen(f"{base}/?text=jane-roe") as page:
            assert page.url.endswith("/account/log-in/?next=/%3Ftext%3Djane-roe")
        with socket.create_connection(("127.0.0.1", int(port))) as raw:
            raw.sendall(b"jane roe\x00 nonsense\r\n\r\n")
            assert b"400" in raw.recv(1000)
        process.terminate()
        assert process.wait(20) == 0
    assert "jane" not in log.read_text()
    assert "Traceback" not in log.read_text()


def serve(**environment: str) -> subprocess.CompletedProcess[str]:
    """A start that is refused."""
    return subprocess.run(
        [sys.executable, "-m", "staff.serve"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "STAFF_PORT": free_port(), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"STAFF_HOST": "0.0.0.0"}, "STAFF_HTTPS=1"),
        ({"STAFF_PORT": "many"}, "STAFF_PORT must be a port number"),
        ({"DATABASE_URL": "sqlite:////no/such/folder/staff.db"}, "DATABASE_URL"),
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL"),
        ({"GUIDE_SECRET": "short"}, "GUIDE_SECRET must have at least 32"),
        ({"STAFF_PROXIES": "two"}, "STAFF_PROXIES"),
        ({"STAFF_TIME_ZONE": "Moon/Base"}, "STAFF_TIME_ZONE"),
    ],
)
def test_what_keeps_it_from_starting_is_one_sentence(
    environment: dict[str, str], words: str
) -> None:
    done = serve(**environment)
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert words in done.stderr


def test_the_verb_of_the_makefile_makes_an_account(tmp_path: Path) -> None:
    """With the command that `make staff-user` runs, without installing first."""
    environment = {
        **os.environ, "STAFF_PASSWORD": "a long enough pass phrase",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'staff.db'}",
    }  # fmt: skip

    def make(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = ["make", "-s", "staff-user", "-o", "install", f"PYTHON={sys.executable}"]
        return subprocess.run(
            [*command, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True,
            timeout=60, check=False,
        )  # fmt: skip

    first = make("NAME=anna")
    assert first.stdout == "Account anna made: manager.\n", first.stderr
    assert make("NAME=ben", "ROLE=reader").stdout == "Account ben made: reader.\n"
    refused = make("NAME=cara", "ROLE=owner")
    assert refused.returncode != 0
    assert "invalid choice: 'owner'" in refused.stderr
