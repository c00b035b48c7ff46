"""Conversations in memory, and how they are forgotten."""

from __future__ import annotations

import asyncio

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import AllSlotsReset, BotUttered, Event, SlotSet, UserUttered

from guide.settings import ROOT
from guide.store.memory import MemoryTrackerStore


@pytest.fixture
def store() -> MemoryTrackerStore:
    return MemoryTrackerStore(Domain.load(str(ROOT / "domain.yml")))


def turn(store: MemoryTrackerStore, sender: str, *events: Event) -> None:
    """One turn, as Rasa plays it: the whole conversation is read, added to and written back."""

    async def play() -> None:
        tracker = await store.get_or_create_tracker(sender)
        tracker.update_with_events(list(events), store.domain)
        await store.save(tracker)

    asyncio.run(play())


def texts(store: MemoryTrackerStore, sender: str) -> list[str] | None:
    """What is still known of a conversation; None where nothing is."""
    tracker = asyncio.run(store.retrieve(sender))
    if tracker is None:
        return None
    return [event.text for event in tracker.events if isinstance(event, UserUttered | BotUttered)]


ERASED = (BotUttered("Deleted."), AllSlotsReset(), SlotSet("erase_requested", True))


def test_a_conversation_is_kept(store: MemoryTrackerStore) -> None:
    turn(store, "rest:ann", UserUttered("hello"), BotUttered("Hello!"))
    turn(store, "rest:ann", UserUttered("what is it"), BotUttered("A therapy."))
    assert texts(store, "rest:ann") == ["hello", "Hello!", "what is it", "A therapy."]


def test_erase_drops_the_whole_conversation_and_no_other(store: MemoryTrackerStore) -> None:
    for sender in ("rest:ann", "rest:bob"):
        turn(store, sender, UserUttered("my name is Jane"))
    turn(store, "rest:ann", UserUttered("delete my conversation"), *ERASED)
    assert texts(store, "rest:ann") is None
    assert "Jane" not in str(store.store.get("rest:ann"))
    assert texts(store, "rest:bob") == ["my name is Jane"]
    assert list(asyncio.run(store.keys())) == ["rest:bob"]


def test_after_erasing_a_new_conversation_begins(store: MemoryTrackerStore) -> None:
    turn(store, "rest:ann", UserUttered("my name is Jane"), *ERASED)
    turn(store, "rest:ann", UserUttered("hello"))
    turn(store, "rest:ann", UserUttered("and how much is it"))
    assert texts(store, "rest:ann") == ["hello", "and how much is it"]


def test_erasing_the_first_message_leaves_nothing(store: MemoryTrackerStore) -> None:
    turn(store, "rest:ann", UserUttered("delete my conversation"), *ERASED)
    assert texts(store, "rest:ann") is None


def test_a_wish_to_erase_that_the_action_did_not_hear_keeps_the_conversation(
    store: MemoryTrackerStore,
) -> None:
    turn(store, "rest:ann", UserUttered("delete my conversation"), SlotSet("service_ok", False))
    assert texts(store, "rest:ann") == ["delete my conversation"]
