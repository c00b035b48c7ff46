"""The audit: what its page shows, and that nobody edits an entry."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from unittest.mock import patch

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError
from django.test import Client
from django.test.utils import CaptureQueriesContext

from staff.audit.models import Entry, NotEditableError, record
from staff.audit.queries import NOBODY, PAGE

Sign = Callable[[str], Client]
SECOND = timedelta(seconds=1)


def rows(page: str) -> list[str]:
    """The texts of the table's rows."""
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return [re.sub(r"<[^>]+>|\s+", " ", row) for row in body.split("<tr>")[1:]]


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Deeds are of this moment."""
    with patch("django.utils.timezone.now", lambda: moment):
        yield


@pytest.fixture
def manager(client_of: Sign) -> Client:
    """Whose own signing in is the first entry."""
    return client_of("manager")


def test_without_entries_the_page_says_what_will_stand_there(manager: Client) -> None:
    page = manager.get("/audit/?action=signed+in&day=1999-01-01").content.decode()
    assert "No entry is like that" in page


def test_entries_stand_newest_first_with_all_they_tell(
    manager: Client, account: Callable[[str], User]
) -> None:
    record(account("reviewer"), "labelled", "turn 7", verdict="answer", approved=True, ids=[1, 2])
    first, second = rows(manager.get("/audit/").content.decode())
    assert "reviewer" in first
    assert "labelled" in first
    assert "turn 7" in first
    assert "verdict: answer; approved: yes; ids: 1, 2" in first
    assert "signed in" in second


def test_filters(manager: Client, account: Callable[[str], User]) -> None:
    with at(datetime(2026, 3, 1, 23, 59, 59, tzinfo=timezone.utc)):
        record(account("reviewer"), "opened", "one")
    with at(datetime(2026, 3, 2, tzinfo=timezone.utc)):
        record(account("reviewer"), "opened", "two")
    with at(datetime(2026, 3, 3, tzinfo=timezone.utc)):
        record(None, "account made", "three")

    def shown(query: str) -> list[str]:
        found = rows(manager.get(f"/audit/?{query}").content.decode())
        return [name for row in found for name in ("one", "two", "three") if f" {name} " in row]

    assert shown("person=reviewer") == ["two", "one"]
    assert shown("action=opened") == ["two", "one"]
    assert shown("day=2026-03-02") == ["two"]
    assert shown(f"person={NOBODY}") == ["three"]
    assert shown("person=reviewer&action=opened&day=2026-03-01") == ["one"]
    assert shown("person=reader-that-is-not") == ["three", "two", "one"]  # with the field marked


@pytest.mark.parametrize(
    "query",
    [
        "day=yesterday", "day=2026-99-99", "after=x", "after=1.x", "after=9999999999999999999.1",
        "after=999999999999999999.1", "person=%00", "action=" + "x" * 3000, "after=-1.-1",
        "after=%C2%B2.%C2%B2",
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_no_failure(manager: Client, query: str) -> None:
    assert manager.get(f"/audit/?{query}").status_code == 200


def test_pages_follow_each_other_without_gap_or_repeat(
    manager: Client, account: Callable[[str], User]
) -> None:
    Entry.objects.bulk_create(
        Entry(user=None, name="", action="opened", subject=f"n{number:03d}")
        for number in range(2 * PAGE + 5)
    )  # all of one moment or nearly so
    seen: list[str] = []
    address = "/audit/?action=opened"
    while address:
        page = manager.get(address).content.decode()
        seen += re.findall(r"n\d{3}", page)
        older = re.search(r'rel="next" href="(\?[^"]+)"', page)
        address = "/audit/" + older[1].replace("&amp;", "&") if older else ""
    assert seen == [f"n{number:03d}" for number in reversed(range(2 * PAGE + 5))]


def test_one_moment_of_many_is_paged_too(manager: Client) -> None:
    with at(datetime(2026, 3, 1, tzinfo=timezone.utc)):
        for number in range(PAGE + 2):
            record(None, "opened", f"n{number:03d}")
    page = manager.get("/audit/?day=2026-03-01").content.decode()
    older = re.search(r'rel="next" href="(\?[^"]+)"', page)
    assert older
    rest = manager.get("/audit/" + older[1].replace("&amp;", "&")).content.decode()
    assert re.findall(r"n\d{3}", rest) == ["n001", "n000"]


def test_texts_are_shown_as_text(manager: Client) -> None:
    record(None, "opened", "<script>alert(1)</script>", note="<img src=x>", odd={"a": ["<b>"]})
    page = manager.get("/audit/").content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("detail", [[], "text", 5, {"": None}])
def test_a_detail_of_another_shape_is_no_failure(manager: Client, detail: object) -> None:
    Entry.objects.create(user=None, name="", action="opened", detail=detail)
    assert manager.get("/audit/").status_code == 200


def test_models_refuse_to_change_or_delete(manager: Client) -> None:
    entry = Entry.objects.get()
    entry.action = "nothing"
    for deed in (
        entry.save,
        entry.delete,
        lambda: Entry.objects.update(action="nothing"),
        lambda: Entry.objects.all().delete(),
        lambda: Entry.objects.filter(pk=entry.pk).update(action="nothing"),
    ):
        with pytest.raises(NotEditableError):
            deed()
    assert Entry.objects.get().action == "signed in"


@pytest.mark.parametrize(
    "sql", ["UPDATE audit_entry SET action = 'nothing'", "DELETE FROM audit_entry"]
)
def test_the_database_refuses_too(manager: Client, sql: str) -> None:
    refused = pytest.raises(DatabaseError, match="not editable")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert Entry.objects.get().action == "signed in"


def test_an_account_that_stands_in_it_cannot_be_deleted(
    manager: Client, account: Callable[[str], User]
) -> None:
    with pytest.raises(ProtectedError):
        account("manager").delete()


@pytest.mark.parametrize("query", ["", "person=manager", "action=opened", "day=2026-03-01"])
def test_each_filter_is_searched_by_an_index(manager: Client, query: str) -> None:
    record(None, "opened")
    with CaptureQueriesContext(connection) as asked:
        manager.get(f"/audit/?{query}&after=1770000000000000.5")
    listing = next(q["sql"] for q in asked if "ORDER BY" in q["sql"] and "DESC" in q["sql"])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {listing}")
        plan = " ".join(row[3] for row in cursor.fetchall())
    assert "SEARCH audit_entry USING INDEX" in plan
    assert "TEMP B-TREE" not in plan
