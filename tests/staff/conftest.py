"""The staff site on a database of its own, with an account of each role."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest.mock import patch

import django
import pytest

FOLDER = Path(tempfile.mkdtemp(prefix="staff-"))
SETTINGS = {
    "DJANGO_SETTINGS_MODULE": "staff.settings",
    "DATABASE_URL": f"sqlite:///{FOLDER / 'staff.db'}",
    "GUIDE_SECRET": "for the tests of the staff site only",
    "STAFF_HOSTS": "127.0.0.1,localhost,testserver",
}
# Models can be imported once Django is set up, and test modules import them.
with patch.dict(os.environ, SETTINGS):
    django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth.models import Group, User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import setup_test_environment, teardown_test_environment  # noqa: E402

from guide.store.tables import METADATA  # noqa: E402
from staff.accounts.roles import ROLES  # noqa: E402
from staff.audit import triggers  # noqa: E402
from staff.records.engine import guide_engine  # noqa: E402

PASSWORD = "a long enough pass phrase"


@pytest.fixture(scope="session", autouse=True)
def site() -> Iterator[None]:
    """Its tables."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick
    setup_test_environment()
    call_command("migrate", verbosity=0)
    yield
    teardown_test_environment()


@pytest.fixture(autouse=True)
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """GUIDE_VAR: a folder of this test alone."""
    monkeypatch.setenv("GUIDE_VAR", str(tmp_path / "var"))
    return tmp_path / "var"


@pytest.fixture(autouse=True)
def clean(site: None) -> Iterator[None]:
    """Each test begins with the groups and nothing else."""
    yield
    triggers.run(connection, triggers.DROP)  # flushing makes them again, as migrating does
    call_command("flush", interactive=False, verbosity=0)
    with guide_engine().begin() as guide:
        for table in reversed(METADATA.sorted_tables):
            guide.execute(table.delete())


@pytest.fixture
def account() -> Callable[[str], User]:
    """Makes an account with a role; its name is the role's, its password PASSWORD."""

    def make(role: str) -> User:
        user = User.objects.filter(username=role).first()
        if user is None:
            user = User.objects.create_user(role, password=PASSWORD)
            if role in ROLES:
                user.groups.add(Group.objects.get(name=role))
        return user

    return make


@pytest.fixture
def client_of(account: Callable[[str], User]) -> Callable[[str], Client]:
    """A browser signed in with a role, "" for one that is not."""

    def sign_in(role: str) -> Client:
        client = Client()
        if role:
            client.force_login(account(role), "django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
