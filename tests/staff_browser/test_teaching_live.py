"""A question that the guide refused is labelled, approved, tried and put live, and then answered.

A small guide of its own: chat server, staff site and trainings are real.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from guide.settings import ROOT
from tests import small_guide
from tests.conftest import started, wait_for
from tests.small_guide import REFUSED, make_small_guide
from tests.staff_browser.conftest import PASSWORD, StaffSite, free_port

TRAINING_MS = 600_000  # of a Try on a busy machine


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a small guide that is not trained yet."""
    folder = tmp_path_factory.mktemp("small")
    make_small_guide(folder)
    (folder / "var").mkdir()
    settings = small_guide.settings(folder)
    return {**settings, "DATABASE_URL": f"sqlite:///{folder / 'var' / 'guide.db'}"}


@pytest.fixture(scope="module")
def chat(small: dict[str, str]) -> Iterator[str]:
    """The address of its chat server, kept running as `make run` keeps it."""
    port = str(free_port())
    with kept("guide.serve", {**small, "GUIDE_PORT": port}) as process:
        url = f"http://127.0.0.1:{port}"
        wait_for(f"{url}/webhooks/rest/", process, seconds=600)
        yield url


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


@pytest.fixture(scope="module")
def staff_site(small: dict[str, str], chat: str) -> Iterator[StaffSite]:
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


def replied(chat: str) -> dict[str, Any]:
    """The metadata of the reply to the question, asked by somebody new."""
    body = json.dumps({"sender": uuid.uuid4().hex, "message": REFUSED}).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{chat}/webhooks/rest/webhook", body, headers)
    with urllib.request.urlopen(request, timeout=30) as reply:
        return dict(json.load(reply)[0]["metadata"])


def test_a_refused_question_is_taught_and_then_answered(
    page_of: Callable[[str], Page], staff_site: StaffSite, chat: str
) -> None:
    assert replied(chat)["kind"] == "fallback"

    page = page_of("reviewer")
    page.get_by_role("link", name="Unanswered").click()
    group = page.locator("section", has_text=REFUSED)
    group.get_by_label("Belongs to the answer").fill("How much does it cost?")
    group.get_by_role("button", name="Belongs to it").click()
    page.get_by_role("link", name="Teach").click()
    expect(page.get_by_label("Sentence to learn")).to_have_value(REFUSED)
    page.get_by_role("button", name="Approve", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Approved: 1", timeout=60_000)
    page.get_by_role("button", name="Sign out").click()

    staff_site.sign_in(page, "manager")
    page.goto(f"{staff_site.url}/teach/release/")
    page.get_by_role("button", name="Try").click()
    expect(page.get_by_label("How far the Try is")).to_be_visible(timeout=30_000)
    live = page.get_by_role("button", name="Go live", exact=True)
    expect(live).to_be_enabled(timeout=TRAINING_MS)
    expect(page.get_by_text("1 new sentence to train on")).to_be_visible()
    live.click(timeout=60_000)
    expect(page.get_by_role("status")).to_contain_text("Live:", timeout=60_000)

    assert answered(chat) == ["cost"]


def answered(chat: str, seconds: float = 120) -> list[str]:
    """The answers to the question, once the server has come back with what is live now."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            reply = replied(chat)
        except OSError:
            reply = {}
        if reply.get("kind") == "answer":
            return list(reply["answers"])
        time.sleep(1)
    pytest.fail("the question is not answered")
