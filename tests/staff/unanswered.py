"""What the tests of Unanswered share."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.test import Client

Sign = Callable[[str], Client]
COST = ("what is the price of an infusion", "how much do they charge for the infusion",
        "price of one infusion please")  # fmt: skip
DOGS = ("can my dog catch lupus", "do dogs get lupus too")


def page(client: Client, query: str = "") -> str:
    response = client.get(f"/unanswered/{query}")
    assert response.status_code == 200
    return response.content.decode()


def names(html: str) -> list[str]:
    return re.findall(r'<h2 id="group-\d+" dir="auto">(.*?)</h2>', html)


def label(client: Client, turn_: int, **fields: str) -> str:
    """What the page says after labelling a message."""
    response = client.post(f"/unanswered/label/{turn_}/", fields, follow=True)
    assert response.status_code == 200
    return " ".join(str(message) for message in response.context["messages"])
