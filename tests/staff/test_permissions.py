"""Who may open what: the whole site as one table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from staff.accounts.roles import MANAGER, READER, REVIEWER, ROLES
from tests.staff import rows

# (address, role that it needs); "" is open to everybody.
TABLE = [
    ("/", READER),
    ("/conversations/", READER),
    ("/conversations/export/", MANAGER),
    ("/conversations/abc/", READER),
    ("/conversations/abc/label/7/", REVIEWER),
    ("/conversations/abc/erase/", MANAGER),
    ("/unanswered/", READER),
    ("/unanswered/labels/", REVIEWER),
    ("/answers/", READER),
    ("/answers/dated/", READER),
    ("/answers/of/cost/", READER),
    ("/mend/", REVIEWER),
    ("/mend/new/", REVIEWER),
    ("/mend/of/cost/", REVIEWER),
    ("/teach/", REVIEWER),
    ("/teach/reviewed.yml", REVIEWER),
    ("/teach/held_out.yml", REVIEWER),
    ("/teach/release/", REVIEWER),
    ("/teach/release/progress.json", REVIEWER),
    ("/audit/", MANAGER),
    ("/health/", READER),
    ("/account/log-in/", ""),
    ("/account/", READER),
    ("/account/password/", READER),
    ("/account/codes/", READER),
    ("/account/app/off/", READER),
    ("/account/users/", MANAGER),
]
# Addresses that lead to another page.
LEADING = [
    ("/conversations/abc/next/", READER),
    ("/conversations/abc/previous/", READER),
]
# Addresses that only take what a form sends.
POSTS = [
    ("/conversations/abc/review/", REVIEWER),
    ("/conversations/abc/note/", REVIEWER),
    ("/conversations/abc/note/1/", REVIEWER),
    ("/conversations/abc/tag/", REVIEWER),
    ("/conversations/abc/untag/", REVIEWER),
    ("/account/app/begin/", READER),
    ("/unanswered/embed/", REVIEWER),
    ("/unanswered/group/", REVIEWER),
    ("/unanswered/label/1/", REVIEWER),
    ("/unanswered/take-back/1/", REVIEWER),
    ("/mend/of/cost/discard/", REVIEWER),
    ("/mend/of/cost/sign/", REVIEWER),
    ("/mend/of/cost/withdraw/", MANAGER),
    ("/mend/of/cost/bring-back/", MANAGER),
    ("/teach/judge/", REVIEWER),
    ("/teach/reopen/1/", REVIEWER),
    ("/teach/release/try/", MANAGER),
    ("/teach/release/stop/", MANAGER),
    ("/teach/release/live/", MANAGER),
    ("/teach/release/undo/", MANAGER),
    ("/account/codes/new/", READER),
    ("/account/users/0/role/", MANAGER),
    ("/account/users/0/shut/", MANAGER),
    ("/account/users/0/open/", MANAGER),
    ("/account/users/0/reset/", MANAGER),
]
OPEN = {"log_in", "log_out", "second_factor"}  # addresses without a role
# Neither a page of its own for everybody nor a form's: tested in test_second_step.py.
ELSEWHERE = {"log_out", "second_factor", "two_factor"}
Sign = Callable[[str], Client]


@pytest.fixture(autouse=True)
def a_conversation(site: None) -> None:
    """What the addresses name."""
    rows.conversation("web:a", key="abc")
    rows.turn("web:a", id=7)


@pytest.mark.parametrize(("path", "role"), [*(row for row in TABLE if row[1]), *LEADING, *POSTS])
def test_a_stranger_is_sent_to_sign_in(client_of: Sign, path: str, role: str) -> None:
    response = client_of("").get(path)
    assert response.status_code == 302
    assert response["Location"] == f"/account/log-in/?next={path}"


@pytest.mark.parametrize("holds", ["nobody", *ROLES])
@pytest.mark.parametrize(("path", "role"), [*TABLE, *LEADING, *POSTS])
def test_a_role_opens_its_pages_and_those_below(
    client_of: Sign, path: str, role: str, holds: str
) -> None:
    allowed = not role or (holds in ROLES and ROLES.index(holds) >= ROLES.index(role))
    opened = 405 if (path, role) in POSTS else 302 if (path, role) in LEADING else 200
    assert client_of(holds).get(path).status_code == (opened if allowed else 403)


@pytest.mark.parametrize(("path", "role"), POSTS)
@pytest.mark.parametrize("holds", ["", "nobody", *ROLES])
def test_a_form_of_a_role_is_refused_to_those_below(
    client_of: Sign, path: str, role: str, holds: str
) -> None:
    if holds in ROLES and ROLES.index(holds) >= ROLES.index(role):
        return  # what it does is told by the tests of its room
    response = client_of(holds).post(path)
    if holds:
        assert response.status_code == 403
    else:
        assert response["Location"] == "/account/log-in/?next=/"


def views(patterns: list[Any]) -> Iterator[URLPattern]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from views(pattern.url_patterns)
        else:
            yield pattern


def test_every_address_asks_for_a_role() -> None:
    without = {
        p.name for p in views(get_resolver().url_patterns) if not hasattr(p.callback, "role")
    }
    assert without == OPEN


def test_every_address_stands_in_the_table() -> None:
    told = {resolve(path).url_name for path, _ in [*TABLE, *LEADING, *POSTS]} | ELSEWHERE
    assert {p.name for p in views(get_resolver().url_patterns)} == told
