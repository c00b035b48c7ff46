"""The second step of signing in, the whole way: set up, used, lost, reset."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from staff.audit.models import Entry
from tests.staff.conftest import PASSWORD

Sign = Callable[[str], Client]
Make = Callable[[str], User]
STEP = "/account/second-step/"


def shown_by(device: TOTPDevice, steps: int = 0) -> str:
    """What the app shows, or will show some half minutes later."""
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits)
    totp.time = time.time() + steps * device.step
    return f"{totp.token():06d}"


def set_up(client: Client) -> tuple[TOTPDevice, list[str]]:
    """Through the pages; the app and the recovery codes that were shown."""
    assert client.post("/account/app/begin/")["Location"] == "/account/app/"
    page = client.get("/account/app/").content.decode()
    device = TOTPDevice.objects.get(confirmed=False)
    secret = re.search(r'class="secret">([A-Z2-7 ]+)<', page)
    assert secret
    assert "data:image/svg+xml;base64," in page
    done = client.post("/account/app/", {"code": shown_by(device)}, follow=True)
    codes = re.findall(r"<code>(\w{4}-\w{4})</code>", done.content.decode())
    device.refresh_from_db()
    return device, codes


def half_signed_in(account: Make, role: str = "reader") -> Client:
    """A browser that gave name and password only."""
    client = Client()
    client.force_login(account(role), "django.contrib.auth.backends.ModelBackend")
    return client


def used_again(device: TOTPDevice) -> str:
    """A code that this app did not show yet: the one before is used up."""
    TOTPDevice.objects.filter(pk=device.pk).update(last_t=-1)
    return shown_by(device)


def let_try() -> None:
    """As if the pause after wrong codes were over."""
    past = timezone.now() - timedelta(hours=2)
    TOTPDevice.objects.update(throttling_failure_timestamp=past)
    StaticDevice.objects.update(throttling_failure_timestamp=past)


def test_the_whole_way(client_of: Sign, account: Make) -> None:
    client = client_of("reader")
    device, codes = set_up(client)
    assert len(set(codes)) == 10
    assert client.get("/").status_code == 200  # who set it up stays in
    again = half_signed_in(account)
    assert again.get("/health/")["Location"] == f"{STEP}?next=/health/"
    assert "Second step" in again.get(STEP).content.decode()
    code = used_again(device)
    done = again.post(STEP, {"code": f" {code[:3]} {code[3:]}", "next": "/health/"})
    assert done["Location"] == "/health/"
    assert again.get("/health/").status_code == 200
    told = set(Entry.objects.values_list("action", flat=True))
    assert {"second step set up", "second step given"} <= told


def test_half_signed_in_opens_nothing_and_shows_no_menu(client_of: Sign, account: Make) -> None:
    set_up(client_of("manager"))
    half = half_signed_in(account, "manager")
    for path in ("/", "/audit/", "/account/", "/account/app/off/", "/account/users/"):
        assert half.get(path)["Location"].startswith(STEP), path
    assert half.post("/account/codes/new/")["Location"].startswith(STEP)
    page = half.get(STEP).content.decode()
    assert "Audit" not in page
    assert StaticToken.objects.count() == 10


def test_a_stranger_is_sent_to_the_first_step() -> None:
    assert Client().get(STEP)["Location"].startswith("/account/log-in/")


def test_who_is_in_is_not_asked(client_of: Sign) -> None:
    assert client_of("reader").get(STEP)["Location"] == "/"


def test_a_recovery_code_signs_in_once(client_of: Sign, account: Make) -> None:
    _, codes = set_up(client_of("reader"))
    assert half_signed_in(account).post(STEP, {"code": codes[0].upper()})["Location"] == "/"
    page = half_signed_in(account).post(STEP, {"code": codes[0]})
    assert "wrong or was used already" in page.content.decode()
    let_try()
    client = half_signed_in(account)
    client.post(STEP, {"code": codes[1].replace("-", "")})
    assert "You have 8 recovery codes left" in client.get("/account/").content.decode()


def test_the_apps_code_signs_in_once(client_of: Sign, account: Make) -> None:
    device, _ = set_up(client_of("reader"))
    code = used_again(device)
    assert half_signed_in(account).post(STEP, {"code": code}).status_code == 302
    assert half_signed_in(account).post(STEP, {"code": code}).status_code == 200


@pytest.mark.parametrize("code", ["", "000000", "12345", "x" * 500, "１２３４５６", "' OR 1=1"])
def test_a_wrong_code_is_refused_in_words(client_of: Sign, account: Make, code: str) -> None:
    set_up(client_of("reader"))
    page = half_signed_in(account).post(STEP, {"code": code})
    assert page.status_code == 200
    assert 'role="alert"' in page.content.decode()


def test_wrong_codes_make_the_next_try_wait_longer_each_time(
    client_of: Sign, account: Make
) -> None:
    device, _ = set_up(client_of("reader"))
    half = half_signed_in(account)
    for failures in range(4):
        TOTPDevice.objects.update(throttling_failure_timestamp=timezone.now() - timedelta(hours=2))
        assert "wrong" in half.post(STEP, {"code": "000000"}).content.decode()
        assert TOTPDevice.objects.get().throttling_failure_count == failures + 1
    page = half.post(STEP, {"code": used_again(device)})
    assert re.search(r"Wait [78] seconds", page.content.decode())
    assert half.get("/").status_code == 302
    refused = Entry.objects.filter(action="second step refused").count()
    assert refused == 4  # what waits is not tried, and not written down
    let_try()
    assert half.post(STEP, {"code": used_again(device)}).status_code == 302


def test_a_wrong_first_code_turns_nothing_on(client_of: Sign, account: Make) -> None:
    client = client_of("reader")
    client.post("/account/app/begin/")
    page = client.post("/account/app/", {"code": "000000"}).content.decode()
    assert "not what the app shows now" in page
    assert half_signed_in(account).get("/").status_code == 200
    assert StaticDevice.objects.count() == 0


def test_without_a_set_up_under_way_the_page_says_so(client_of: Sign) -> None:
    page = client_of("reader").get("/account/app/", follow=True)
    assert "No set-up is under way" in page.content.decode()


def test_recovery_codes_are_shown_once(client_of: Sign) -> None:
    client = client_of("reader")
    _, codes = set_up(client)
    assert codes[0] not in client.get("/account/codes/").content.decode()
    page = client.post("/account/codes/new/", follow=True).content.decode()
    fresh = re.findall(r"<code>(\w{4}-\w{4})</code>", page)
    assert len(fresh) == 10
    assert not set(fresh) & set(codes)
    assert StaticToken.objects.count() == 10


def test_another_phone_takes_the_place_of_the_first(client_of: Sign, account: Make) -> None:
    client = client_of("reader")
    first, codes = set_up(client)
    second, _ = set_up(client)
    assert list(TOTPDevice.objects.all()) == [second]
    half = half_signed_in(account)
    assert half.post(STEP, {"code": codes[0]}).status_code == 200
    let_try()
    assert half.post(STEP, {"code": shown_by(first)}).status_code == 200
    let_try()
    assert half.post(STEP, {"code": used_again(second)}).status_code == 302


def test_it_is_turned_off_with_the_password_only(client_of: Sign, account: Make) -> None:
    client = client_of("reader")
    set_up(client)
    page = client.post("/account/app/off/", {"password": "wrong"}).content.decode()
    assert "This is not your password" in page
    assert TOTPDevice.objects.count() == 1
    client.post("/account/app/off/", {"password": PASSWORD})
    assert (TOTPDevice.objects.count(), StaticDevice.objects.count()) == (0, 0)
    assert half_signed_in(account).get("/").status_code == 200


def test_a_manager_resets_it_for_who_lost_the_phone(client_of: Sign, account: Make) -> None:
    set_up(client_of("reader"))
    manager = client_of("manager")
    assert "Reset the second step of reader" in manager.get("/account/users/").content.decode()
    manager.post(f"/account/users/{account('reader').pk}/reset/")
    assert half_signed_in(account).get("/").status_code == 200
    assert Entry.objects.get(action="second step reset").subject == "reader"


def test_anothers_app_opens_nothing(client_of: Sign, account: Make) -> None:
    mine, codes = set_up(client_of("reviewer"))
    set_up(client_of("reader"))
    half = half_signed_in(account)
    assert half.post(STEP, {"code": used_again(mine)}).status_code == 200
    let_try()
    assert half.post(STEP, {"code": codes[0]}).status_code == 200
