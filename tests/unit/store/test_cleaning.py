"""Nothing personal at rest, nor in what Rasa holds of the conversation."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from rasa.shared.core.events import BotUttered, Event, SlotSet, UserUttered

from guide.privacy import remover
from guide.store.cleaning import clean
from tests.unit.store.talk import Talk, bot, user

TOLD = "my name is Jane Roe, call me at 415-555-0123"
CLEAN = "my name is <NAME>, call me at <PHONE>"
# Whole pieces of it: three digits stand in many a time of day.
SECRETS = ("Jane", "Roe", "415-555", "555-0123")


def cleaned(*events: Event) -> list[Event]:
    clean(events, remover())
    return list(events)


def test_nothing_of_it_is_written_anywhere(talk: Talk) -> None:
    entities = [{"entity": "person", "value": "Jane Roe", "start": 11, "end": 19}]
    feedback = {"answers": [], "helpful": False, "reason": "Jane Roe says so"}
    outcome = talk.turn(
        user(TOLD, entities=entities, decision={"answers": [], "note": TOLD}),
        BotUttered(
            "Hello Jane Roe, I cannot call 415-555-0123.",
            {"buttons": [{"title": "Call 415-555-0123", "payload": "Call 415-555-0123"}]},
            {"kind": "trials", "answers": [], "heard": TOLD},
        ),
        SlotSet("feedback", feedback),
    )
    assert outcome.stored
    kept = talk.everything()
    assert not [secret for secret in SECRETS if secret in kept]
    assert talk.texts() == [CLEAN, "Hello <NAME>, I cannot call <PHONE>."]
    assert talk.rows("turns")[0].text == CLEAN


def test_what_rasa_holds_of_the_turn_is_the_same(talk: Talk) -> None:
    async def play() -> None:
        tracker = await talk.rasa.get_or_create_tracker("rest:ann", append_action_listen=False)
        await talk.go_on(tracker, user(TOLD), bot("Hello Jane Roe.", "small_talk"))
        held = json.dumps([event.as_dict() for event in tracker.events])
        assert not [secret for secret in SECRETS if secret in held]
        assert tracker.latest_message is not None
        assert tracker.latest_message.text == CLEAN

    asyncio.run(play())


def test_what_the_pipeline_found_is_taken_for_its_word() -> None:
    spans = [{"start": 5, "end": 9, "kind": "NAME"}]
    (event,) = cleaned(user("call Anna about it", personal=spans))
    assert isinstance(event, UserUttered)
    assert event.text == "call <NAME> about it"
    assert "personal" not in event.parse_data
    (unchanged,) = cleaned(user(TOLD, personal=[]))
    assert isinstance(unchanged, UserUttered)
    assert unchanged.text == TOLD


def test_spans_of_another_text_are_not_believed() -> None:
    said = user(TOLD, personal=[])
    said.parse_data["text"] = "another"
    (event,) = cleaned(said)
    assert isinstance(event, UserUttered)
    assert event.text == CLEAN


def test_texts_that_people_wrote_are_left_alone() -> None:
    """A patient named Will does not take the "will" out of every answer."""
    said = user(
        "my name is Will, will it cure me", personal=[{"start": 11, "end": 15, "kind": "NAME"}]
    )
    curated = bot(
        "It will not, says Will.", "answer", ["cure"], buttons=[{"title": "Will it last?"}]
    )
    _, reply = cleaned(said, curated)
    assert isinstance(reply, BotUttered)
    assert reply.text == "It will not, says Will."
    assert reply.data["buttons"] == [{"title": "Will it last?"}]


OWN: dict[str, Any] = {
    "kind": "trials", "answers": ["cost"], "version": "4155550123ab", "place": "Boise, Idaho",
    "places": ["Paris, Texas", "Paris, France"], "data_date": "2026-01-02", "offset": 5,
    "model_id": "415555012398761234567890", "utter_action": "action_find_trials",
}  # fmt: skip


@pytest.mark.parametrize("nested", [False, True])
def test_what_the_guide_says_of_itself_is_left_alone(nested: bool) -> None:
    said = BotUttered("Here.", None, {"metadata": dict(OWN)} if nested else dict(OWN))
    cleaned(user(TOLD), said)
    assert said.metadata == ({"metadata": OWN} if nested else OWN)
    slot = SlotSet("content_version", "4155550123ab")
    cleaned(slot)
    assert slot.value == "4155550123ab"


def test_if_details_cannot_be_found_nothing_is_written(
    talk: Talk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(text: str) -> None:
        raise ValueError(text)

    monkeypatch.setattr(talk.store._remover, "find", breaks)
    with caplog.at_level("DEBUG"):
        outcome = talk.turn(user(TOLD), bot("Hello.", "small_talk"))
    assert not outcome.stored
    assert talk.rows("events") == []
    assert not [secret for secret in SECRETS if secret in caplog.text]
