"""The site's menu, as far as the account may use it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import resolve, reverse

from staff.accounts.roles import MANAGER, READER, REVIEWER, is_in, may

# (name of the address, words, role that it needs)
PAGES = (
    ("overview", "Overview", READER),
    ("conversations", "Conversations", READER),
    ("unanswered", "Unanswered", READER),
    ("answers", "Answers", READER),
    ("teach", "Teach", REVIEWER),
    ("audit", "Audit", MANAGER),
    ("users", "Accounts", MANAGER),
    ("health", "Health", READER),
)


def menu(request: HttpRequest) -> dict[str, Any]:
    """For every template: `menu` (name, words, address, current), and what the account may."""
    user = getattr(request, "user", None)
    if user is None or not is_in(user):
        return {"menu": []}
    room = resolve(request.path_info).url_name if request.resolver_match else ""
    entries = [
        {"words": words, "url": reverse(name), "current": str(room).startswith(name)}
        for name, words, role in PAGES
        if may(user, role)
    ]
    return {
        "menu": entries,
        "is_reviewer": may(user, REVIEWER),
        "is_manager": may(user, MANAGER),
    }
