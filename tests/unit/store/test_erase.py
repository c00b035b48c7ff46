"""Erasing: for good, at once, and whatever was under way meanwhile."""

from __future__ import annotations

import asyncio

import pytest
import sqlalchemy as sa

from guide.store.erase import erase
from guide.store.inbox import Event, Inbox
from guide.store.tables import LABELS, NOTES, TAGS
from tests.unit.store.talk import ANN, ERASED, Talk, bot, user

BOB = "rest:bob"
GONE = bot("It is gone.", "small_talk", erased=True)


def erased(talk: Talk, of: str = ANN, kind: str = "staff", asked_by: str = "") -> None:
    with talk.engine.begin() as connection:
        erase(connection, of, kind, asked_by)


def noted(talk: Talk) -> None:
    """What staff made of Ann's conversation."""
    turn = talk.rows("turns")[0].id
    with talk.engine.begin() as connection:
        by = {"time": 1.0, "by": "eve"}
        connection.execute(NOTES.insert().values(conversation=ANN, text="she is worried", **by))
        connection.execute(TAGS.insert().values(conversation=ANN, tag="money"))
        connection.execute(LABELS.insert().values(turn=turn, verdict="answer", **by))


@pytest.mark.parametrize("asked", ["by the patient", "by staff"])
def test_all_of_a_conversation_goes_and_nothing_of_another(talk: Talk, asked: str) -> None:
    for who in (ANN, BOB):
        talk.say("how much is it", of=who)
        talk.say("is it a cure", of=who)
    noted(talk)
    if asked == "by staff":
        erased(talk)
    else:
        assert talk.turn(user("delete my conversation"), GONE, *ERASED).stored
    assert talk.tracker() is None or talk.texts() == []
    assert {row.sender_id for row in talk.rows("events")} == {BOB}
    assert [row.id for row in talk.rows("conversations")] == [BOB]
    assert {row.conversation for row in talk.rows("turns")} == {BOB}
    assert len(talk.rows("turn_answers")) == 2
    for table in ("notes", "tags", "labels"):
        assert talk.rows(table) == []
    (removal,) = talk.rows("removals")
    kind = "staff" if asked == "by staff" else "patient"
    assert (removal.kind, removal.conversations, removal.turns, removal.events) == (kind, 1, 2, 10)
    assert removal.seconds >= 0


def test_afterwards_a_new_conversation_begins(talk: Talk) -> None:
    for _ in range(2):
        talk.say("my first question")
        talk.turn(user("delete my conversation"), GONE, *ERASED)
        assert talk.say("hello again").stored
        assert talk.texts() == ["hello again", "Some thousand dollars."]
        assert talk.rows("conversations")[0].turns == 1


def test_the_tracker_of_the_turn_is_empty_too(talk: Talk) -> None:
    async def play() -> None:
        await talk.play(user("how much is it"), bot("Much."))
        tracker = await talk.rasa.get_or_create_tracker(ANN, append_action_listen=False)
        await talk.go_on(tracker, user("delete my conversation"), GONE, *ERASED)
        assert list(tracker.events) == []
        assert tracker.get_slot("erase_requested") is False
        await talk.rasa.save(tracker)

    asyncio.run(play())
    assert talk.rows("events") == []


def test_a_turn_that_began_before_does_not_bring_it_back(talk: Talk) -> None:
    async def play() -> None:
        await talk.play(user("how much is it"), bot("Much."))
        tracker = await talk.rasa.get_or_create_tracker(ANN, append_action_listen=False)
        erased(talk)
        await talk.go_on(tracker, user("is it a cure"), bot("No.", answers=["cure"]))

    asyncio.run(play())
    for table in ("events", "conversations", "turns", "turn_answers"):
        assert talk.rows(table) == []
    assert talk.say("hello").stored  # one that begins now is kept


def test_nor_does_the_first_turn_of_all(talk: Talk) -> None:
    async def play() -> None:
        tracker = await talk.rasa.get_or_create_tracker(ANN, append_action_listen=False)
        erased(talk)
        await talk.go_on(tracker, user("is it a cure"), bot("No."))

    asyncio.run(play())
    assert talk.rows("events") == []


def test_a_wish_that_the_action_did_not_hear_keeps_the_conversation(talk: Talk) -> None:
    talk.say("how much is it")
    talk.turn(user("delete my conversation"), bot("Not now.", "error"))
    assert len(talk.texts()) == 4


def accepted(talk: Talk, *ids: str, of: str = ANN, at: float = 1.0) -> Inbox:
    inbox = Inbox(talk.engine, lambda: at)
    for id_ in ids:
        inbox.accept(Event("rest", id_, of, '{"text": "how much"}'))
    return inbox


def test_of_accepted_messages_nothing_stays_but_that_they_came(talk: Talk) -> None:
    inbox = accepted(talk, "m1", "m2")
    accepted(talk, "other", of=BOB)
    inbox.finish("rest", "m1", '{"text": "Much."}')
    erased(talk)
    for id_ in ("m1", "m2"):
        standing = inbox.accept(Event("rest", id_, ANN, "again"))
        assert standing is not None
        assert (standing.done, standing.body, standing.reply, standing.turn) == (True, "", "", None)
        assert standing.conversation == ""
    other = inbox.find("rest", "other")
    assert other is not None
    assert (other.conversation, other.done, other.body) == (BOB, False, '{"text": "how much"}')
    assert inbox.purge(-10) == 2


def test_what_asked_and_what_came_after_it_stay(talk: Talk) -> None:
    inbox = accepted(talk, "m1", at=1)
    accepted(talk, "erase", at=2)
    accepted(talk, "m3", at=3)
    talk.turn(user("delete my conversation"), GONE, *ERASED, message_id="erase")
    done = {row.event_id: row.done for row in talk.rows("inbox")}
    assert done == {"m1": True, "erase": False, "m3": False}
    inbox.finish("rest", "erase", "It is gone.")
    found = inbox.find("rest", "erase")
    assert found is not None
    assert found.reply == "It is gone."


def test_finishing_what_was_erased_brings_nothing_back(talk: Talk) -> None:
    inbox = accepted(talk, "m1")
    erased(talk)
    inbox.finish("rest", "m1", "a reply")
    found = inbox.find("rest", "m1")
    assert found is not None
    assert found.reply == ""


def test_a_huge_conversation(talk: Talk) -> None:
    talk.say("how much is it")
    row = dict(talk.rows("events")[0]._mapping)
    with talk.engine.begin() as connection:
        del row["id"]
        columns = ", ".join(row)
        copied = f"INSERT INTO events ({columns}) SELECT {columns} FROM events"
        for _ in range(12):
            connection.execute(sa.text(copied))
    assert talk.turn(user("delete my conversation"), GONE, *ERASED).stored
    assert talk.rows("events") == []
    assert talk.rows("removals")[0].events == 5 * 2**12


def test_an_erasing_that_is_undone_leaves_all(talk: Talk) -> None:
    talk.say("how much is it")
    before = talk.everything()
    with pytest.raises(ZeroDivisionError), talk.engine.begin() as connection:
        erase(connection, ANN, "staff")
        raise ZeroDivisionError
    assert talk.everything() == before
