"""The pages of the list, in both directions, while others arrive."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from staff.conversations.paging import PAGE, Place
from tests.staff.listed import many, pages, put, shown

Sign = Callable[[str], Client]


@pytest.fixture
def reader(client_of: Sign) -> Client:
    return client_of("reader")


def test_pages_down_and_up_again_hold_every_conversation_once(reader: Client) -> None:
    keys = many(3 * PAGE + 7)
    assert pages(reader, "next") == keys
    key = keys[3 * PAGE]
    place = Place("o", float(5000 + int(key, 16) // 7), key)
    assert pages(reader, "prev", f"up={place}") == keys[: 3 * PAGE][::-1]


def test_a_filter_stays_on_all_pages(reader: Client) -> None:
    keys = many(PAGE + 9, flagged=True)
    put("ffff", {"time": 9000})
    assert pages(reader, "next", query="flagged=on") == keys


def test_what_arrives_meanwhile_neither_doubles_nor_hides_another(reader: Client) -> None:
    keys = many(2 * PAGE)
    first = reader.get("/conversations/").content.decode()
    link = re.search(r'href="\?([^"]*)" rel="next"', first)
    assert link is not None
    put("fff1", {"time": 9000})
    put("fff2", {"time": 9001, "urgent": True})
    assert shown(reader, link[1]) == keys[PAGE:]
    assert shown(reader)[:1] == ["fff2"]


def test_near_the_top_the_first_page_comes_whole(reader: Client) -> None:
    keys = many(PAGE + 5)
    link = re.search(r"at=(u[^\"]*)", reader.get("/conversations/").content.decode())
    assert link is not None
    assert shown(reader, f"up={link[1]}") == keys[:PAGE]


@pytest.mark.parametrize(
    "place", ["x1_a", "o_a", "o1.2.3_a", "o1_", "oNaN_a", "u1_<b>", "o1e999_a"]
)
def test_a_place_that_cannot_be_is_the_top(reader: Client, place: str) -> None:
    put("a1", {})
    assert shown(reader, f"up={place}") == ["a1"]
