"""What staff do to a conversation, and what the audit tells of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from guide.store.tables import EVENTS, INBOX
from staff.audit.models import Entry
from staff.records.engine import guide_engine
from staff.records.models import Conversation, Event, Note, Removal, Tag, Turn
from tests.staff import rows

Sign = Callable[[str], Client]
PERSONAL = "Her daughter Anna Kowalski called from 212-555-0142"


@pytest.fixture
def key() -> str:
    found = rows.conversation("web:a", key="a1")
    rows.turn("web:a", "hello")
    return found


def told(action: str) -> list[tuple[str, str, dict[str, Any]]]:
    """(name, subject, detail) of the audit's entries of an action."""
    found = Entry.objects.filter(action=action).order_by("pk")
    return [(entry.name, entry.subject, entry.detail) for entry in found]


def said(client: Client) -> str:
    """What the next page tells."""
    return client.get("/conversations/").content.decode()


def test_review_state_assignment_and_flag_are_saved_and_nothing_else(
    client_of: Sign, account: Callable[[str], Any], key: str
) -> None:
    account("manager")
    reviewer = client_of("reviewer")
    before = Conversation.objects.values("turns", "last", "urgent").get(key=key)
    values = {"review-state": "open", "review-assigned": "manager", "review-flagged": "on"}
    done = reviewer.post(f"/conversations/{key}/review/", {**values, "query": "state=new&at=x"})
    assert done["Location"] == f"/conversations/{key}/?state=new&at=x#review"
    after = Conversation.objects.get(key=key)
    assert (after.state, after.assigned, after.flagged) == ("open", "manager", True)
    assert Conversation.objects.values("turns", "last", "urgent").get(key=key) == before
    detail = {"state": "open", "assigned": "manager", "flagged": True}
    assert told("reviewed") == [("reviewer", key, detail)]


@pytest.mark.parametrize(
    "values",
    [
        {"review-state": "lost"},
        {"review-state": ""},
        {},
        {"review-state": "open", "review-assigned": "nobody-known"},
    ],
)
def test_a_review_that_cannot_be_changes_nothing(
    client_of: Sign, key: str, values: dict[str, str]
) -> None:
    reviewer = client_of("reviewer")
    reviewer.post(f"/conversations/{key}/review/", values)
    assert "please choose from the lists" in said(reviewer)
    assert Conversation.objects.get(key=key).state == "new"
    assert told("reviewed") == []


def test_somebody_who_left_stays_assigned_until_it_is_changed(client_of: Sign, key: str) -> None:
    Conversation.objects.filter(key=key).update(assigned="gone")
    reviewer = client_of("reviewer")
    page = reviewer.get(f"/conversations/{key}/").content.decode()
    assert '<option value="gone" selected>' in page
    values = {"review-state": "done", "review-assigned": "gone"}
    reviewer.post(f"/conversations/{key}/review/", values)
    assert Conversation.objects.get(key=key).state == "done"


def test_a_note_is_kept_without_personal_details(client_of: Sign, key: str) -> None:
    reviewer = client_of("reviewer")
    done = reviewer.post(f"/conversations/{key}/note/", {"text": f"{PERSONAL} <b>x</b>"})
    assert done["Location"] == f"/conversations/{key}/?#notes"
    note = Note.objects.get()
    assert note.by == "reviewer"
    assert "Kowalski" not in note.text and "0142" not in note.text
    assert told("noted") == [("reviewer", key, {"note": note.pk})]
    page = reviewer.get(f"/conversations/{key}/").content.decode()
    assert "Personal details were removed" in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page and "<b>" not in page


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001])
def test_a_note_without_words_or_too_long_is_refused(client_of: Sign, key: str, text: str) -> None:
    reviewer = client_of("reviewer")
    reviewer.post(f"/conversations/{key}/note/", {"text": text})
    assert "A note has 1 to 2,000 characters." in said(reviewer)
    assert not Note.objects.exists()


def test_only_its_writer_deletes_a_note(client_of: Sign, key: str) -> None:
    reviewer, manager = client_of("reviewer"), client_of("manager")
    reviewer.post(f"/conversations/{key}/note/", {"text": "worth a look"})
    note = Note.objects.get()
    address = f"/conversations/{key}/note/{note.pk}/"
    assert address in reviewer.get(f"/conversations/{key}/").content.decode()
    assert address not in manager.get(f"/conversations/{key}/").content.decode()
    assert manager.post(address).status_code == 403
    rows.conversation("web:b", key="b1")
    assert reviewer.post(f"/conversations/b1/note/{note.pk}/").status_code == 404
    assert Note.objects.exists()
    reviewer.post(address)
    assert not Note.objects.exists()
    assert told("deleted a note") == [("reviewer", key, {"note": note.pk})]


def test_tags_are_added_once_suggested_found_and_removed(client_of: Sign, key: str) -> None:
    reviewer = client_of("reviewer")
    for text in ("  Follow   UP ", "follow up"):
        reviewer.post(f"/conversations/{key}/tag/", {"tag": text})
    assert list(Tag.objects.values_list("tag", flat=True)) == ["follow up"]
    assert told("tagged") == [("reviewer", key, {"tag": "follow up"})]
    assert '<option value="follow up">' in reviewer.get("/conversations/").content.decode()
    assert "# follow up" in reviewer.get("/conversations/?tag=follow+up").content.decode()
    reviewer.post(f"/conversations/{key}/untag/", {"tag": "follow"})
    assert Tag.objects.exists()
    reviewer.post(f"/conversations/{key}/untag/", {"tag": "follow up"})
    assert not Tag.objects.exists()
    assert told("untagged") == [("reviewer", key, {"tag": "follow up"})]


def test_a_tag_holds_no_personal_details(client_of: Sign, key: str) -> None:
    client_of("reviewer").post(f"/conversations/{key}/tag/", {"tag": "call 212-555-0142"})
    assert "0142" not in Tag.objects.get().tag


@pytest.mark.parametrize("tag", ["", "  ", "x" * 51])
def test_a_tag_without_words_or_too_long_is_refused(client_of: Sign, key: str, tag: str) -> None:
    reviewer = client_of("reviewer")
    reviewer.post(f"/conversations/{key}/tag/", {"tag": tag})
    assert "A tag has 1 to 50 characters." in said(reviewer)
    assert not Tag.objects.exists()


def test_readers_are_offered_no_deeds(client_of: Sign, key: str) -> None:
    page = client_of("reader").get(f"/conversations/{key}/").content.decode()
    for place in ("review/", "note/", "tag/", "label/", "erase/"):
        assert f"/conversations/{key}/{place}" not in page
    page = client_of("reviewer").get(f"/conversations/{key}/").content.decode()
    assert f"/conversations/{key}/review/" in page
    assert f"/conversations/{key}/erase/" not in page


def test_erasing_asks_first_and_then_leaves_nothing(client_of: Sign, key: str) -> None:
    manager = client_of("manager")
    manager.post(f"/conversations/{key}/note/", {"text": "a note"})
    manager.post(f"/conversations/{key}/tag/", {"tag": "a tag"})
    rows.conversation("web:b", key="b1")
    rows.turn("web:b")
    asked = manager.get(f"/conversations/{key}/erase/?channel=web").content.decode()
    assert "Nobody can bring them back." in asked and 'value="channel=web"' in asked
    assert Conversation.objects.filter(key=key).exists()
    done = manager.post(f"/conversations/{key}/erase/", {"query": "channel=web&at=o1.0_a1"})
    assert done["Location"] == "/conversations/?channel=web"
    assert list(Conversation.objects.values_list("key", flat=True)) == ["b1"]
    assert Turn.objects.count() == 1 and Event.objects.count() == 2
    assert not Note.objects.exists() and not Tag.objects.exists()
    removal = Removal.objects.get()
    assert (removal.kind, removal.conversations, removal.turns) == ("staff", 1, 1)
    assert told("erased") == [("manager", key, {"turns": 1, "events": 2})]
    assert manager.get(f"/conversations/{key}/").status_code == 404
    assert manager.post(f"/conversations/{key}/erase/").status_code == 404


def test_what_comes_after_erasing_is_refused_not_broken(
    client_of: Sign, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A colleague erases it between the opening of the page and the click."""
    reviewer = client_of("reviewer")
    gone = Conversation.objects.get(key=key)
    monkeypatch.setattr("staff.conversations.deeds.conversation_of", lambda _: gone)
    client_of("manager")
    with guide_engine().begin() as connection:
        connection.exec_driver_sql("DELETE FROM conversations")
    assert reviewer.post(f"/conversations/{key}/note/", {"text": "late"}).status_code == 404
    assert reviewer.post(f"/conversations/{key}/tag/", {"tag": "late"}).status_code == 404
    assert not Note.objects.exists()


def test_a_forged_form_is_refused(account: Callable[[str], Any], key: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(account("manager"), "django.contrib.auth.backends.ModelBackend")
    assert client.post(f"/conversations/{key}/erase/").status_code == 403
    assert Conversation.objects.filter(key=key).exists()


def test_the_way_back_leads_nowhere_else(client_of: Sign, key: str) -> None:
    reviewer = client_of("reviewer")
    query = "https://evil.example/?a=1\r\nSet-Cookie: x"
    done = reviewer.post(f"/conversations/{key}/note/", {"text": "x y", "query": query})
    assert done["Location"].startswith(f"/conversations/{key}/?https%3A%2F%2Fevil")


def test_the_message_that_waits_for_an_answer_goes_too(client_of: Sign, key: str) -> None:
    row = {"channel": "web", "event_id": "e1", "conversation": "web:a", "received": 1.0,
           "claimed": 0.0, "done": False, "body": "words", "reply": ""}  # fmt: skip
    with guide_engine().begin() as connection:
        connection.execute(INBOX.insert().values(**row))
        connection.execute(EVENTS.insert().values(sender_id="web:a", type_name="x", data="stray"))
    client_of("manager").post(f"/conversations/{key}/erase/")
    with guide_engine().connect() as connection:
        assert [row.body for row in connection.execute(INBOX.select())] == [""]
        assert connection.execute(EVENTS.select()).first() is None
