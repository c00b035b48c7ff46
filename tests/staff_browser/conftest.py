"""A real staff site, its accounts, and a browser on it.

Playwright's event loop keeps Django's own database calls out of this process: accounts are made by
the site's command, and rows are put in by `tests.staff.rows` with `engine=staff_site.engine`.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, BrowserContext, Page

from guide.settings import ROOT
from guide.store.database import engine_of
from guide.store.tables import METADATA
from tests.browsers import Watch
from tests.conftest import started, wait_for

PASSWORD = "a long enough pass phrase"
ROLES = ("reader", "reviewer", "manager")


@dataclass
class StaffSite:
    """A running staff site. Accounts are named as their roles."""

    url: str
    environment: dict[str, str]
    log: Path

    @property
    def engine(self) -> sa.engine.Engine:
        """For rows of the guide's tables."""
        return engine_of(self.environment["DATABASE_URL"])

    def manage(self, *arguments: str, **environment: str) -> str:
        """A command of the site; its output."""
        done = subprocess.run(
            [sys.executable, "-m", "staff.manage", *arguments],
            cwd=ROOT,
            env={**os.environ, **self.environment, **environment},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def empty(self) -> None:
        """Drops all conversations and what hangs on them."""
        with self.engine.begin() as connection:
            for table in reversed(METADATA.sorted_tables):
                connection.execute(table.delete())

    def sign_in(self, page: Page, name: str) -> None:
        """Types name and password; ends on the overview."""
        page.goto(f"{self.url}/account/log-in/")
        page.get_by_label("Name").fill(name)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"{self.url}/")


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@contextmanager
def running_site(folder: Path, **settings: str) -> Iterator[StaffSite]:
    """A staff site with an account of each role.

    Args:
        folder: where its log goes, and its database unless settings name another.
        settings: environment variables of the site.
    """
    port = free_port()
    environment = {
        "DATABASE_URL": f"sqlite:///{folder / 'staff.db'}",
        "GUIDE_VAR": str(folder),
        "STAFF_PORT": str(port),
        **settings,
    }
    site = StaffSite(f"http://127.0.0.1:{port}", environment, folder / "staff.log")
    with started(["-m", "staff.serve"], site.log, **environment) as process:
        wait_for(f"{site.url}/account/log-in/", process)
        for role in ROLES:
            site.manage("staff_user", role, "--role", role, STAFF_PASSWORD=PASSWORD)
        yield site


@pytest.fixture(scope="session")
def staff_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StaffSite]:
    """One site for all tests; a test leaves the accounts as they are."""
    with running_site(tmp_path_factory.mktemp("staff_site")) as site:
        yield site


@pytest.fixture
def watch(staff_site: StaffSite) -> Iterator[Watch]:
    """Fails the test at its end if anything went wrong in the browser."""
    watching = Watch()
    yield watching
    assert watching.errors == []
    assert watching.hosts <= {urlsplit(staff_site.url).netloc, ""}


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh profile, as of a member of staff on a computer."""
    new = browser.new_context(viewport={"width": 1200, "height": 850}, locale="en-US")
    new.set_default_timeout(6000)
    yield new
    new.close()


@pytest.fixture
def page(context: BrowserContext, watch: Watch) -> Page:
    """An empty page, watched."""
    page = context.new_page()
    watch.over(page)
    return page


@pytest.fixture
def page_of(page: Page, staff_site: StaffSite) -> Callable[[str], Page]:
    """The page, signed in with a role."""

    def sign_in(role: str) -> Page:
        staff_site.sign_in(page, role)
        return page

    return sign_in
