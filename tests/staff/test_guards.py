"""What stands on every page: headers, cookies, the token of forms, sessions that end."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.urls.converters import IntConverter
from django.utils import timezone

from guide.settings import ROOT
from staff.accounts.sessions import BEGAN
from tests.staff.conftest import PASSWORD
from tests.staff.test_permissions import TABLE, views

Sign = Callable[[str], Client]
ERRORS = ["/no/such/page/", "/account/users/0/shut/"]
PAGES = [*(path for path, _ in TABLE), *ERRORS]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_forbids_what_it_does_not_need(client_of: Sign, path: str) -> None:
    page = client_of("manager").get(path)
    policy = page["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert page["X-Frame-Options"] == "DENY"
    assert page["X-Content-Type-Options"] == "nosniff"
    assert page["Referrer-Policy"] == "same-origin"
    assert "no-store" in page["Cache-Control"]


@pytest.mark.parametrize("path", PAGES)
def test_no_page_holds_what_the_policy_forbids(client_of: Sign, path: str) -> None:
    words = client_of("manager").get(path).content.decode()
    assert "<style" not in words
    assert " style=" not in words
    assert " onclick=" not in words
    assert words.count("<script") == words.count("<script src=")


def some_address(pattern: URLPattern) -> str:
    """An address of a pattern, with something in each of its places."""
    places = pattern.pattern.converters
    fill = {name: 0 if isinstance(kind, IntConverter) else "x" for name, kind in places.items()}
    return reverse(str(pattern.name), kwargs=fill)


def test_no_form_does_anything_without_its_token(account: Callable[[str], User]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(account("manager"), "django.contrib.auth.backends.ModelBackend")
    patterns = list(views(get_resolver().url_patterns))
    assert patterns
    for pattern in patterns:
        page = client.post(some_address(pattern), {"username": "manager", "password": PASSWORD})
        assert page.status_code == 403, pattern.name
        assert "This form has run out" in page.content.decode(), pattern.name


def test_the_cookies_stay_with_the_site(account: Callable[[str], User]) -> None:
    account("reader")
    client = Client()
    client.get("/account/log-in/")
    client.post("/account/log-in/", {"username": "reader", "password": PASSWORD})
    for name, same_site in (("staff_session", "Lax"), ("staff_csrf", "Strict")):
        cookie = client.cookies[name]
        assert cookie["httponly"], name
        assert cookie["samesite"] == same_site
    assert not client.cookies["staff_session"]["expires"]  # it ends with the browser


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command of the site in a process of its own."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_with_https_the_site_is_ready_for_production() -> None:
    done = manage(
        "-m", "staff.manage", "check", "--deploy", "--fail-level", "INFO",
        STAFF_HTTPS="1", STAFF_HOSTS="staff.example.org",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


SECURE = """
from django.test import Client
import django; django.setup()
page = Client().get("/account/log-in/", secure=False, headers={"host": "staff.example.org"})
print(page.status_code, page["Location"])
page = Client().get("/account/log-in/", headers={
    "host": "staff.example.org", "x-forwarded-proto": "https"})
print(page.status_code, page["Strict-Transport-Security"], page.cookies["staff_csrf"]["secure"])
from django.conf import settings
print(settings.SESSION_COOKIE_SECURE)
"""


def test_with_https_nothing_goes_in_plain_text() -> None:
    done = manage(
        "-c", SECURE,
        DJANGO_SETTINGS_MODULE="staff.settings", STAFF_HTTPS="1", STAFF_HOSTS="staff.example.org",
        DATABASE_URL="sqlite://:memory:",
    )  # fmt: skip
    assert done.stdout.splitlines() == [
        "301 https://staff.example.org/account/log-in/",
        "200 max-age=31536000; includeSubDomains; preload True",
        "True",
    ], done.stderr


def test_the_models_need_no_migration() -> None:
    done = manage("-m", "staff.manage", "makemigrations", "--check", "--dry-run")
    assert done.returncode == 0, done.stdout


def test_another_name_of_the_site_is_refused(client_of: Sign) -> None:
    page = client_of("reader").get("/", headers={"host": "evil.example"})
    assert page.status_code == 400
    assert "evil" not in page.content.decode()


@pytest.fixture
def reader(client_of: Sign) -> Iterator[Client]:
    """Signed in just now."""
    client = client_of("reader")
    assert client.get("/").status_code == 200
    yield client


def test_half_an_hour_without_a_click_signs_out(reader: Client) -> None:
    row = Session.objects.get()
    assert row.expire_date - timezone.now() <= timedelta(minutes=30)
    row.expire_date = timezone.now() - timedelta(seconds=1)
    row.save()
    assert reader.get("/health/")["Location"] == "/account/log-in/?next=/health/"


def test_a_click_starts_the_half_hour_anew(reader: Client) -> None:
    Session.objects.update(expire_date=timezone.now() + timedelta(minutes=1))
    reader.get("/account/")
    assert Session.objects.get().expire_date - timezone.now() > timedelta(minutes=29)


@pytest.mark.parametrize(
    "began", [time.time() - 12 * 3600 - 1, None, "today"], ids=["too long ago", "none", "no time"]
)
def test_after_twelve_hours_one_signs_in_again(reader: Client, began: object) -> None:
    session = reader.session
    session[BEGAN] = began
    session.save()
    assert reader.get("/health/")["Location"] == "/account/log-in/?next=/health/"
    assert reader.get("/account/")["Location"] == "/account/log-in/?next=/account/"


def test_before_twelve_hours_one_stays(reader: Client) -> None:
    session = reader.session
    session[BEGAN] = time.time() - settings.SESSION_LONGEST.total_seconds() + 60
    session.save()
    assert reader.get("/account/").status_code == 200


@pytest.mark.parametrize(
    ("came_from", "goes_to"),
    [
        ("http://testserver/audit/?day=2026-01-01", "/audit/%3Fday%3D2026-01-01"),
        ("http://evil.example/audit/", "/"),
        ("", "/"),
    ],
)
def test_who_sends_a_form_too_late_comes_back_to_its_page(came_from: str, goes_to: str) -> None:
    page = Client().post("/account/codes/new/", headers={"referer": came_from})
    assert page["Location"] == f"/account/log-in/?next={goes_to}"


def test_signing_in_leads_to_no_other_site(account: Callable[[str], User]) -> None:
    account("reader")
    typed = {"username": "reader", "password": PASSWORD, "next": "https://evil.example/"}
    assert Client().post("/account/log-in/", typed)["Location"] == "/"
