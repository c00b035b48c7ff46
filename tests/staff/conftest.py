"""The staff site on a database of its own, with an account of each role."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import setup_test_environment, teardown_test_environment

from guide.store.tables import METADATA
from staff.accounts.roles import ROLES
from staff.audit import triggers
from staff.records.engine import guide_engine

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
