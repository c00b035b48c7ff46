"""Who may open what: the whole site as one table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from staff.accounts.roles import MANAGER, READER, REVIEWER, ROLES

# (address, role that it needs); "" is open to everybody.
TABLE = [
    ("/", READER),
    ("/conversations/", READER),
    ("/unanswered/", READER),
    ("/answers/", READER),
    ("/answers/dated/", READER),
    ("/answers/of/cost/", READER),
    ("/mend/", REVIEWER),
    ("/mend/new/", REVIEWER),
    ("/mend/of/cost/", REVIEWER),
    ("/teach/", REVIEWER),
    ("/audit/", MANAGER),
    ("/health/", READER),
    ("/account/log-in/", ""),
]
OPEN = {"log_in", "log_out"}  # addresses without a role
Sign = Callable[[str], Client]


@pytest.mark.parametrize(("path", "role"), [row for row in TABLE if row[1]])
def test_a_stranger_is_sent_to_sign_in(client_of: Sign, path: str, role: str) -> None:
    response = client_of("").get(path)
    assert response.status_code == 302
    assert response["Location"] == f"/account/log-in/?next={path}"


@pytest.mark.parametrize("holds", ["nobody", *ROLES])
@pytest.mark.parametrize(("path", "role"), TABLE)
def test_a_role_opens_its_pages_and_those_below(
    client_of: Sign, path: str, role: str, holds: str
) -> None:
    allowed = not role or (holds in ROLES and ROLES.index(holds) >= ROLES.index(role))
    assert client_of(holds).get(path).status_code == (200 if allowed else 403)


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
