"""A whole small guide: a chat server kept running as `make run` keeps it, and its staff site."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from guide.settings import ROOT
from tests import small_guide
from tests.conftest import started, wait_for
from tests.small_guide import make_small_guide
from tests.staff_browser.conftest import PASSWORD, StaffSite, free_port

Ask = Callable[[str], dict[str, Any]]


@pytest.fixture(scope="package")
def small(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a small guide that is not trained yet."""
    folder = tmp_path_factory.mktemp("small")
    make_small_guide(folder)
    (folder / "var").mkdir()
    settings = small_guide.settings(folder)
    return {**settings, "DATABASE_URL": f"sqlite:///{folder / 'var' / 'guide.db'}"}


@pytest.fixture(scope="package")
def ask(small: dict[str, str]) -> Iterator[Ask]:
    """The guide's reply to a message of somebody new; it trains before it starts."""
    port = str(free_port())
    url = f"http://127.0.0.1:{port}"

    def reply(message: str) -> dict[str, Any]:
        body = json.dumps({"sender": uuid.uuid4().hex, "message": message}).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{url}/webhooks/rest/webhook", body, headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return dict(json.load(answer)[0])

    with kept("guide.serve", {**small, "GUIDE_PORT": port}) as process:
        wait_for(f"{url}/health", process, seconds=600)
        yield reply


@contextmanager
def kept(module: str, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A server that is started again whenever it ends."""
    log = Path(environment["GUIDE_VAR"]) / "kept.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [ROOT / "tools" / "keep.sh", sys.executable, "-m", module],
            cwd=ROOT, env={**os.environ, **environment}, stdout=output, stderr=output,
        )  # fmt: skip
    try:
        yield process
    finally:
        process.terminate()
        process.wait(60)


@pytest.fixture(scope="package")
def staff_site(small: dict[str, str], ask: Ask) -> Iterator[StaffSite]:
    """Its staff site."""
    port = str(free_port())
    environment = {**small, "STAFF_PORT": port}
    log = Path(small["GUIDE_VAR"]) / "staff.log"
    site = StaffSite(f"http://127.0.0.1:{port}", environment, log)
    with started(["-m", "staff.serve"], log, **environment) as process:
        wait_for(f"{site.url}/account/log-in/", process)
        for role in ("reviewer", "manager"):
            site.manage("staff_user", role, "--role", role, STAFF_PASSWORD=PASSWORD)
        yield site
