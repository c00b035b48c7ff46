"""Signing in and out, passwords, locking out, and what managers do with accounts."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

from staff.accounts.people import role_of
from staff.audit.models import Entry
from tests.staff.conftest import PASSWORD

Sign = Callable[[str], Client]
Make = Callable[[str], User]
NEW = "quite another phrase 7"


def sign_in(client: Client, name: str, password: str) -> str:
    """Types both; the page that comes, "" for the way on."""
    page = client.post("/account/log-in/", {"username": name, "password": password})
    return page.content.decode()


def actions() -> list[str]:
    return list(Entry.objects.order_by("id").values_list("action", flat=True))


def test_signing_in_and_out_stands_in_the_audit(account: Make) -> None:
    account("reader")
    client = Client()
    assert "do not belong together" in sign_in(client, "reader", "wrong")
    sign_in(client, "reader", PASSWORD)
    assert client.get("/").status_code == 200
    assert client.post("/account/log-out/")["Location"] == "/account/log-in/"
    assert client.get("/").status_code == 302
    assert actions() == ["sign-in failed", "signed in", "signed out"]
    assert {entry.name for entry in Entry.objects.all()} == {"reader"}


def test_what_was_typed_as_an_unknown_name_is_not_kept(account: Make) -> None:
    account("reader")
    sign_in(Client(), "my secret passphrase", "reader")
    entry = Entry.objects.get()
    assert (entry.name, entry.action) == ("", "sign-in failed")
    assert "secret" not in str(entry.detail) + entry.subject


def test_a_wrong_password_says_the_same_whether_the_name_is_known_or_not(account: Make) -> None:
    account("reader")
    known = sign_in(Client(), "reader", "wrong")
    unknown = sign_in(Client(), "nobody-here", "wrong")
    words = "Name and password do not belong together"
    assert words in known
    assert words in unknown


def test_after_five_wrong_passwords_one_waits(account: Make) -> None:
    account("reader")
    client = Client()
    for _ in range(4):
        assert "do not belong together" in sign_in(client, "reader", "wrong")
    said = sign_in(client, "reader", "wrong")
    assert "Too many wrong passwords" in said
    assert "15 minutes" in " ".join(said.split())
    assert "Too many wrong passwords" in sign_in(client, "reader", PASSWORD)
    assert client.get("/").status_code == 302
    assert actions() == ["sign-in failed"] * 4 + ["locked out"]


def test_another_person_and_another_place_are_not_locked_out(account: Make) -> None:
    account("reader")
    account("reviewer")
    for _ in range(5):
        sign_in(Client(), "reader", "wrong")
    assert sign_in(Client(), "reviewer", PASSWORD) == ""
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert sign_in(elsewhere, "reader", PASSWORD) == ""


def test_after_the_pause_one_can_sign_in(account: Make) -> None:
    account("reader")
    for _ in range(6):
        sign_in(Client(), "reader", "wrong")
    attempt = AccessAttempt.objects.get()
    attempt.attempt_time -= timedelta(minutes=15, seconds=1)
    attempt.save()
    assert sign_in(Client(), "reader", PASSWORD) == ""


def test_behind_a_proxy_the_address_is_that_which_it_saw(
    account: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    account("reader")
    monkeypatch.setattr("django.conf.settings.PROXIES", 1)
    for _ in range(5):
        client = Client(headers={"x-forwarded-for": "10.0.0.1, 192.0.2.1"})
        sign_in(client, "reader", "wrong")
    other = Client(headers={"x-forwarded-for": "192.0.2.1, 192.0.2.2"})
    assert sign_in(other, "reader", PASSWORD) == ""
    assert Entry.objects.order_by("id").first().detail["address"] == "192.0.2.1"


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short-one-1", "too short"),
        ("123456789012345", "entirely numeric"),
        ("1q2w3e4r5t6y", "too common"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(
    client_of: Sign, account: Make, password: str, why: str
) -> None:
    typed = {"old_password": PASSWORD, "new_password1": password, "new_password2": password}
    page = client_of("reader").post("/account/password/", typed).content.decode()
    assert why in page
    assert 'role="alert"' in page
    assert account("reader").check_password(PASSWORD)


def test_a_new_password_signs_other_browsers_out(client_of: Sign, account: Make) -> None:
    here, there = client_of("reader"), client_of("reader")
    typed = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    page = here.post("/account/password/", typed, follow=True).content.decode()
    assert "Your password is changed" in page
    assert there.get("/").status_code == 302
    assert sign_in(Client(), "reader", NEW) == ""
    assert "password changed" in actions()


def test_a_manager_gives_a_role_at_once(client_of: Sign, account: Make) -> None:
    reader = client_of("reader")
    number = account("reader").pk
    manager = client_of("manager")
    page = manager.post(f"/account/users/{number}/role/", {"role": "reviewer"}, follow=True)
    assert "reader is now reviewer" in page.content.decode()
    assert reader.get("/teach/").status_code == 200
    manager.post(f"/account/users/{number}/role/", {"role": "reader"})
    assert reader.get("/teach/").status_code == 403
    assert role_of(account("reader")) == "reader"
    given = [e.detail["role"] for e in Entry.objects.filter(action="role given").order_by("id")]
    assert given == ["reviewer", "reader"]


@pytest.mark.parametrize("role", ["", "owner", "manager'; --"])
def test_a_role_that_is_none_changes_nothing(client_of: Sign, account: Make, role: str) -> None:
    number = account("reader").pk
    client_of("manager").post(f"/account/users/{number}/role/", {"role": role})
    assert role_of(account("reader")) == "reader"


def test_a_shut_account_is_out_at_the_next_click(client_of: Sign, account: Make) -> None:
    reader, manager = client_of("reader"), client_of("manager")
    number = account("reader").pk
    manager.post(f"/account/users/{number}/shut/")
    assert reader.get("/").status_code == 302
    assert "do not belong together" in sign_in(Client(), "reader", PASSWORD)
    manager.post(f"/account/users/{number}/open/")
    assert sign_in(Client(), "reader", PASSWORD) == ""
    assert {"account shut", "account opened"} <= set(actions())


@pytest.mark.parametrize("deed", ["role", "shut", "open", "reset"])
def test_nobody_changes_the_own_account_by_a_slip(
    client_of: Sign, account: Make, deed: str
) -> None:
    number = account("manager").pk
    client = client_of("manager")
    page = client.post(f"/account/users/{number}/{deed}/", {"role": "reader"}, follow=True)
    assert "another manager changes your own account" in page.content.decode()
    assert client.get("/account/users/").status_code == 200


def test_an_account_that_is_not_there_is_told(client_of: Sign) -> None:
    assert client_of("manager").post("/account/users/999999/shut/").status_code == 404


def command(*arguments: str) -> str:
    said = io.StringIO()
    call_command("staff_user", *arguments, stdout=said)
    return said.getvalue()


def test_the_command_makes_the_first_manager(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAFF_PASSWORD", NEW)
    assert command("anna") == "Account anna made: manager.\n"
    client = Client()
    assert sign_in(client, "anna", NEW) == ""
    assert client.get("/audit/").status_code == 200
    assert Entry.objects.get(action="account made").subject == "anna"


def test_the_command_changes_an_account_and_opens_it(
    monkeypatch: pytest.MonkeyPatch, account: Make
) -> None:
    User.objects.filter(pk=account("reader").pk).update(is_active=False)
    monkeypatch.setenv("STAFF_PASSWORD", NEW)
    assert command("reader") == "Account reader changed: reader.\n"
    assert command("reader", "--role", "reviewer") == "Account reader changed: reviewer.\n"
    assert sign_in(Client(), "reader", NEW) == ""
    assert command("--list") == "reader: reviewer\n"


@pytest.mark.parametrize(
    ("name", "password", "why"),
    [
        ("ben", "short", "too short"),
        ("ben", "", "too short"),
        ("ben ben", NEW, "valid username"),
        ("x" * 151, NEW, "150"),
        ("anna.lisa.meyer", "anna.lisa.meyer1", "too similar"),
    ],
)
def test_the_command_says_what_does_not_do(
    monkeypatch: pytest.MonkeyPatch, account: Make, name: str, password: str, why: str
) -> None:
    monkeypatch.setenv("STAFF_PASSWORD", password)
    with pytest.raises(CommandError, match=why):
        command(name, "--role", "reader")
    assert User.objects.count() == 0


def test_a_second_account_needs_a_role(monkeypatch: pytest.MonkeyPatch, account: Make) -> None:
    account("manager")
    monkeypatch.setenv("STAFF_PASSWORD", NEW)
    with pytest.raises(CommandError, match="Say the role of ben"):
        command("ben")


def test_the_command_asks_twice_for_the_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STAFF_PASSWORD", raising=False)
    typed = iter([NEW, "something else 123", NEW, NEW])
    monkeypatch.setattr("getpass.getpass", lambda _: next(typed))
    with pytest.raises(CommandError, match="not the same"):
        command("anna")
    assert command("anna") == "Account anna made: manager.\n"
