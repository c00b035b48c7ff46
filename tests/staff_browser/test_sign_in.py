"""Signing in, the second step, accounts, audit, health and errors in a real browser."""

from __future__ import annotations

import time
from base64 import b32decode
from collections.abc import Callable
from pathlib import Path

import pytest
from django_otp.oath import TOTP
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.chat import focused
from tests.browsers import Watch
from tests.conftest import started, wait_for
from tests.staff_browser.conftest import PASSWORD, StaffSite, free_port
from tests.staff_browser.looks import assert_well_made

PageOf = Callable[[str], Page]


def code_of(secret: str) -> str:
    """What an app with this secret shows now."""
    totp = TOTP(b32decode(secret.replace(" ", "")))
    totp.time = time.time()
    return f"{totp.token():06d}"


def test_signing_in_by_keyboard_alone(page: Page, staff_site: StaffSite) -> None:
    page.goto(f"{staff_site.url}/health/")
    assert focused(page).startswith("Name")
    page.keyboard.type("reader")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Tab")
    assert focused(page) == "Sign in"
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Health")
    page.keyboard.press("Tab")
    assert focused(page) == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.get_by_role("button", name="Sign out").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_a_wrong_password_is_announced(page: Page, staff_site: StaffSite) -> None:
    page.goto(f"{staff_site.url}/account/log-in/")
    page.get_by_label("Name").fill("reader")
    page.get_by_label("Password").fill("wrong")
    page.get_by_label("Password").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("do not belong together")
    expect(page.get_by_role("alert")).to_be_focused()
    assert page.title().startswith("Not signed in")
    assert_well_made(page)


def test_too_many_wrong_passwords(page: Page, staff_site: StaffSite, watch: Watch) -> None:
    watch.network_may_fail = True  # the refusal's status
    page.goto(f"{staff_site.url}/account/log-in/")
    for _ in range(5):
        page.get_by_label("Name").fill("somebody-else")
        page.get_by_label("Password").fill("wrong")
        page.get_by_label("Password").press("Enter")
        page.wait_for_load_state()
    expect(page.get_by_role("heading", level=1)).to_have_text("Too many wrong passwords")
    expect(page.get_by_role("alert")).to_contain_text("15 minutes")
    assert_well_made(page)


def test_the_second_step_the_whole_way(page: Page, staff_site: StaffSite) -> None:
    staff_site.manage("staff_user", "phone", "--role", "reader", STAFF_PASSWORD=PASSWORD)
    staff_site.sign_in(page, "phone")
    page.get_by_role("link", name="phone").click()
    assert_well_made(page)
    page.get_by_role("button", name="Set it up").click()
    picture = page.get_by_role("img", name="QR code")
    expect(picture).to_be_visible()
    assert picture.evaluate("one => one.complete && one.naturalWidth > 0")
    assert_well_made(page)
    secret = page.locator(".secret").inner_text()
    page.get_by_label("The six digits").fill("000000")
    page.keyboard.press("Enter")
    expect(page.get_by_text("not what the app shows now")).to_be_visible()
    assert_well_made(page)
    time.sleep(1.1)  # the pause after a wrong code
    page.get_by_label("The six digits").fill(code_of(secret))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    assert_well_made(page)
    recovery = page.locator(".codes code").first.inner_text()
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_text("You have 10 recovery codes left")).to_be_visible()
    assert_well_made(page)

    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("Name").fill("phone")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Second step")
    expect(page.get_by_label("Code")).to_be_focused()
    expect(page.get_by_role("navigation")).to_have_count(0)
    assert_well_made(page)
    page.keyboard.type(recovery)
    page.keyboard.press("Enter")
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("/account/password/", "Change the password"),
        ("/account/app/off/", "Turn the second step off"),
        ("/account/codes/", "Recovery codes"),
        ("/account/users/", "Accounts"),
        ("/audit/", "Audit"),
        ("/audit/?action=nothing&day=1999-01-01", "Audit"),
        ("/health/", "Health"),
    ],
)
def test_a_managers_pages(page_of: PageOf, staff_site: StaffSite, path: str, heading: str) -> None:
    page = page_of("manager")
    page.goto(staff_site.url + path)
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    assert_well_made(page)


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("/no/such/page/", "Nothing is here"),
        ("/audit/", "Not for your account"),
        ("/account/codes/new/", "Not this way"),
    ],
)
def test_error_pages(
    page_of: PageOf, staff_site: StaffSite, watch: Watch, path: str, heading: str
) -> None:
    watch.network_may_fail = True
    page = page_of("reader")
    page.goto(staff_site.url + path)
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    assert_well_made(page)
    page.get_by_role("link", name="To the overview").click()
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()


def test_a_form_without_its_token(page_of: PageOf, staff_site: StaffSite, watch: Watch) -> None:
    watch.network_may_fail = True
    page = page_of("reader")
    page.context.clear_cookies(name="staff_csrf")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This form has run out")
    assert_well_made(page)


def test_a_manager_changes_a_role_and_sees_it_in_the_audit(
    page_of: PageOf, staff_site: StaffSite
) -> None:
    staff_site.manage("staff_user", "newcomer", "--role", "reader", STAFF_PASSWORD=PASSWORD)
    page = page_of("manager")
    page.get_by_role("link", name="Accounts").click()
    page.get_by_label("Role of newcomer").select_option("reviewer")
    page.get_by_role("button", name="Give the role to newcomer").click()
    expect(page.get_by_role("status")).to_have_text("newcomer is now reviewer.")
    page.get_by_role("button", name="Shut the account newcomer").click()
    expect(page.get_by_role("status")).to_contain_text("is shut")
    page.get_by_role("link", name="Audit").click()
    page.get_by_label("Action").select_option("role given")
    page.get_by_role("button", name="Show", exact=True).click()
    row = page.get_by_role("row").nth(1)
    expect(row).to_contain_text("manager")
    expect(row).to_contain_text("newcomer")
    expect(row).to_contain_text("role: reviewer")


def test_the_database_goes_away(context: BrowserContext, tmp_path: Path) -> None:
    page = context.new_page()
    port = free_port()
    log = tmp_path / "log"
    arguments = ["-m", "gunicorn", "staff.wsgi", "--bind", f"127.0.0.1:{port}"]
    with started(arguments, log, DATABASE_URL=f"sqlite:///{tmp_path}/none/staff.db") as process:
        url = f"http://127.0.0.1:{port}/account/log-in/"
        wait_for(url, process)
        page.goto(url)
        page.get_by_label("Name").fill("reader")
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("The database does not answer")
        number = page.locator("strong").inner_text()
        assert_well_made(page)
    assert f"incident {number}" in log.read_text()
