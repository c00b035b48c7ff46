"""A manager withdraws an answer and brings it back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from staff.audit.models import Entry
from staff.records.models import Withdrawn

Sign = Callable[[str], Client]
AT = "/mend/of/cost/"


def withdraw(client: Client, **fields: str) -> str:
    given = {"reason": "The price is old.", "sure": "on", **fields}
    response = client.post(f"{AT}withdraw/", {k: v for k, v in given.items() if v}, follow=True)
    assert response.redirect_chain == [("/answers/of/cost/", 302)]
    return str(response.content.decode())


def test_an_answer_is_withdrawn_with_a_reason_and_brought_back(client_of: Sign) -> None:
    manager = client_of("manager")
    assert "Withdraw this answer" in manager.get("/answers/of/cost/").content.decode()
    text = withdraw(manager)
    assert "Withdrawn. Within 20 seconds" in text and "The price is old." in text
    row = Withdrawn.objects.get()
    assert (row.answer, row.by, row.reason) == ("cost", "manager", "The price is old.")
    assert "It was withdrawn already" in withdraw(manager, reason="Again")
    assert Withdrawn.objects.get().reason == "The price is old."
    text = manager.post(f"{AT}bring-back/", follow=True).content.decode()
    assert "Brought back" in text
    assert not Withdrawn.objects.exists()
    assert "It was not withdrawn" in manager.post(f"{AT}bring-back/", follow=True).content.decode()
    deeds = (
        Entry.objects.filter(subject="cost").order_by("pk").values_list("action", "subject", "name")
    )
    assert list(deeds) == [("withdrew", "cost", "manager"), ("brought back", "cost", "manager")]


@pytest.mark.parametrize("fields", [{"reason": ""}, {"sure": ""}, {"reason": "x" * 501}])
def test_without_reason_or_tick_nothing_is_withdrawn(
    client_of: Sign, fields: dict[str, str]
) -> None:
    assert "Not withdrawn" in withdraw(client_of("manager"), **fields)
    assert not Withdrawn.objects.exists() and not Entry.objects.filter(subject="cost").exists()


def test_personal_details_leave_the_reason(client_of: Sign) -> None:
    text = withdraw(client_of("manager"), reason="My name is Mary Johnson, call 212-555-0187")
    assert "Personal details were removed" in text
    kept = Withdrawn.objects.get().reason + str(Entry.objects.get(subject="cost").detail)
    assert "Johnson" not in kept and "555" not in kept


def test_a_hostile_reason_is_shown_as_words(client_of: Sign) -> None:
    text = withdraw(client_of("manager"), reason="<script>alert(1)</script>")
    assert "<script>alert" not in text


@pytest.mark.parametrize("role", ["reader", "reviewer"])
def test_others_are_offered_nothing_to_withdraw(client_of: Sign, role: str) -> None:
    assert "Withdraw this answer" not in client_of(role).get("/answers/of/cost/").content.decode()
    Withdrawn.objects.create(answer="cost", time=1.0, by="m", reason="r")
    assert "Bring it back" not in client_of(role).get("/answers/of/cost/").content.decode()


def test_an_answer_that_is_gone_can_be_brought_back(client_of: Sign) -> None:
    Withdrawn.objects.create(answer="former", time=1.0, by="m", reason="r")
    response = client_of("manager").post("/mend/of/former/bring-back/")
    assert response["Location"] == "/answers/"
    assert not Withdrawn.objects.exists()
