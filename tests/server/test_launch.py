"""Starting and keeping the servers: failures are one sentence, what dies is started again."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from guide.settings import PORTS, ROOT

KEEP = ROOT / "tools" / "keep.sh"


def run(module: str, folder: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    """`python -m module` in a folder, with its output."""
    return subprocess.run(
        [sys.executable, "-m", module],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def free_port() -> str:
    """A port that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return str(server.getsockname()[1])


def free_ports() -> dict[str, str]:
    """One for each server."""
    return {name: free_port() for name in PORTS}


@pytest.mark.parametrize("name", list(PORTS))
def test_a_port_in_use_is_one_sentence(name: str) -> None:
    ports = free_ports()
    with socket.create_server(("127.0.0.1", 0)) as held:
        ports[name] = str(held.getsockname()[1])
        done = run("guide.launch", **ports)
    assert done.returncode == 2, done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert f"port {ports[name]} is in use" in done.stderr
    assert f"{name}=" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize("value", ["abc", "0", "70000", "-1", "", "5005 "])
def test_a_port_that_is_none_is_one_sentence(value: str) -> None:
    done = run("guide.launch", GUIDE_PORT=value)
    assert done.returncode == 2, done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert "GUIDE_PORT must be a port number" in done.stderr


@pytest.mark.parametrize("module", ["guide.launch", "staff.serve"])
def test_a_staff_site_in_plain_text_for_others_is_one_sentence(module: str) -> None:
    done = run(module, STAFF_HOST="0.0.0.0", **free_ports())
    assert done.returncode == 2, done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert "STAFF_HTTPS=1" in done.stderr
    assert done.stdout == ""


def until(true: Callable[[], bool], seconds: float = 20) -> bool:
    """Whether something became true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.05)
    return False


def test_keep_starts_a_dying_command_again_and_ends_on_term(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    keep = subprocess.Popen(
        [str(KEEP), "sh", "-c", f"echo run >> {runs}; exit 3"], stdout=subprocess.PIPE, text=True
    )
    try:
        assert until(lambda: runs.exists() and runs.read_text().count("run") >= 2)
        keep.terminate()
        said, _ = keep.communicate(timeout=10)
    finally:
        keep.kill()
    assert keep.returncode == 0
    assert "ended with 3, starting again" in said


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_keep_takes_its_command_along(tmp_path: Path, sent: signal.Signals) -> None:
    """No server is left behind that would hold the port."""
    process_id = tmp_path / "id"
    keep = subprocess.Popen(
        [str(KEEP), "sh", "-c", f"echo $$ > {process_id}; exec sleep 60"],
        stdout=subprocess.DEVNULL,
        # A background job ignores SIGINT, and a shell cannot trap what it was born ignoring.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        assert until(lambda: process_id.exists() and process_id.read_text().strip() != "")
        child = int(process_id.read_text())
        keep.send_signal(sent)
        keep.wait(10)
        assert until(lambda: not Path(f"/proc/{child}").exists(), 5)
    finally:
        keep.kill()
    assert keep.returncode == 0


@pytest.fixture
def project_copy(tmp_path: Path) -> Path:
    """As much of the project as training reads before it starts."""
    for name in ("guide", "data", "widget"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("config.yml", "domain.yml", "requirements.txt"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "models").mkdir()
    return tmp_path


def test_faulty_content_is_told_with_file_and_key(project_copy: Path) -> None:
    cost = project_copy / "data" / "faq" / "cost.yml"
    text = cost.read_text(encoding="utf-8")
    cost.write_text(text.replace("facts: [", "facts: [F9999, "), encoding="utf-8")
    crs = project_copy / "data" / "faq" / "crs.yml"
    lines = crs.read_text(encoding="utf-8").splitlines(keepends=True)
    crs.write_text("".join(line for line in lines if not line.startswith("title:")))
    done = run("guide.train", project_copy)
    assert done.returncode == 1, done.stderr
    assert "faq/cost.yml: facts" in done.stderr
    assert "F9999" in done.stderr
    assert "faq/crs.yml: title" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert not list((project_copy / "models").iterdir())


def test_content_that_is_no_yaml_is_told_with_its_line(project_copy: Path) -> None:
    cost = project_copy / "data" / "faq" / "cost.yml"
    cost.write_text('title: "How much\nanswer: [', encoding="utf-8")
    done = run("guide.train", project_copy)
    assert done.returncode == 1, done.stderr
    assert "faq/cost.yml: line " in done.stderr
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize("name", ["wording.yml", "faq/cost.yml"])
def test_launch_without_a_file_of_content_starts_nothing(project_copy: Path, name: str) -> None:
    (project_copy / "data" / name).unlink()
    done = run("guide.launch", project_copy, **free_ports())
    assert done.returncode == 1, done.stderr
    assert Path(name).stem in done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert "Starting" not in done.stdout
