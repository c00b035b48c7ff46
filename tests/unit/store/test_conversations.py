"""Conversations at rest: what is kept of a turn, and what the next turn knows of it."""

from __future__ import annotations

import asyncio
import json

import pytest
import sqlalchemy as sa
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.events import BotUttered, SlotSet, UserUttered
from rasa.utils.endpoints import EndpointConfig, read_endpoint_config

from guide.content.notice import notice_due
from guide.content.said import metadata
from guide.settings import ROOT
from guide.store.conversations import ConversationStore
from guide.store.inbox import Event, Inbox
from guide.store.window import WINDOW, recent
from tests.unit.store.talk import ANN, DOMAIN, Talk, bot, user


def test_the_chat_server_is_told_to_use_it() -> None:
    told = read_endpoint_config(str(ROOT / "endpoints.yml"), "tracker_store")
    assert told is not None
    assert isinstance(TrackerStore.create(told, DOMAIN), ConversationStore)
    assert isinstance(TrackerStore.create(EndpointConfig(type=told.type)), ConversationStore)


def test_a_turn_is_kept_and_known_to_the_next(talk: Talk) -> None:
    outcome = talk.say("how much is it")
    assert outcome.stored
    assert talk.texts() == ["how much is it", "Some thousand dollars."]
    assert talk.say("and in Ohio", "As much.", of=ANN).stored
    assert talk.texts() == ["how much is it", "Some thousand dollars.", "and in Ohio", "As much."]
    assert talk.texts("rest:bob") == []


def test_a_conversation_that_nobody_began_is_none(talk: Talk) -> None:
    assert talk.tracker() is None
    assert asyncio.run(talk.store.exists(ANN)) is False
    asyncio.run(talk.rasa.get_or_create_tracker(ANN, append_action_listen=False))
    assert talk.rows("conversations") == []
    talk.say("hello")
    assert asyncio.run(talk.store.exists(ANN)) is True
    assert asyncio.run(talk.rasa.keys()) == [ANN]


def test_three_hundred_turns_lose_nothing_and_read_little(talk: Talk) -> None:
    async def play() -> None:
        for number in range(300):
            outcome = await talk.play(user(f"question {number}"), bot(f"answer {number}"))
            assert outcome.stored

    asyncio.run(play())
    said = [json.loads(row.data).get("text") for row in talk.rows("events")]
    texts = [f"{who} {n}" for n in range(300) for who in ("question", "answer")]
    assert [text for text in said if text] == texts
    assert [row.text for row in talk.rows("turns")] == texts[::2]
    (conversation,) = talk.rows("conversations")
    assert conversation.turns == 300
    tracker = talk.tracker()
    assert tracker is not None
    assert len(tracker.events) <= WINDOW
    assert isinstance(tracker.events[0], UserUttered)
    assert tracker.latest_action_name == "action_listen"
    assert talk.texts() == texts[-len(talk.texts()) :]
    whole = asyncio.run(talk.rasa.retrieve_full_tracker(ANN))
    assert whole is not None
    assert len([e for e in whole.events if isinstance(e, BotUttered)]) == 300
    with talk.engine.connect() as connection:
        newest = recent(connection, ANN, 200)
    assert [event.text for event in newest] == texts[-200:]


def test_slots_outlive_the_window(talk: Talk) -> None:
    feedback = {"kind": "", "answers": ["cost"], "version": "v1", "helpful": True, "reason": ""}
    talk.turn(user("helpful"), bot("Thanks.", "small_talk"), SlotSet("feedback", feedback))
    for number in range(WINDOW // 4):
        talk.say(f"question {number}")
    tracker = talk.tracker()
    assert tracker is not None
    assert tracker.get_slot("feedback") == feedback
    assert "helpful" not in talk.texts()


def test_the_newest_value_of_a_slot_counts(talk: Talk) -> None:
    for value in (False, True, False):
        talk.turn(user("sources"), SlotSet("service_ok", True), SlotSet("service_ok", value))
        tracker = talk.tracker()
        assert tracker is not None
        assert tracker.get_slot("service_ok") is value


@pytest.mark.parametrize("ordinary_first", [True, False])
def test_the_notice_comes_once_however_many_urgent_replies_follow(
    talk: Talk, ordinary_first: bool
) -> None:
    if ordinary_first:
        talk.say("how much is it")
    for number in range(WINDOW // 4):
        talk.turn(user(f"chest pain {number}", "emergency"), bot("Call 911.", "emergency"))
    tracker = talk.tracker()
    assert tracker is not None
    said = [metadata(e.metadata).get("kind") for e in tracker.events if isinstance(e, BotUttered)]
    assert notice_due(said) is not ordinary_first
    assert "how much is it" not in talk.texts()
    before = len(talk.rows("events"))
    talk.say("hello")
    assert len(talk.rows("events")) == before + 5  # what stands for the notice is no row


def test_what_staff_list_of_a_turn(talk: Talk) -> None:
    outcome = talk.say("how much is it")
    (turn,) = talk.rows("turns")
    assert outcome.turn == turn.id
    assert (turn.conversation, turn.channel, turn.text) == (ANN, "rest", "how much is it")
    assert (turn.kind, turn.intent, turn.version) == ("answer", "cost", "v1")
    assert json.loads(turn.answers) == ["cost"]
    assert turn.confidence == pytest.approx(0.9)
    assert json.loads(turn.scores) == [["cost", 0.9], ["safety", 0.45], ["cure", 0.225]]
    assert 0 < turn.milliseconds < 60_000
    assert (turn.feedback, turn.reason, turn.outcome) == (None, "", "")
    events = talk.rows("events")
    assert (turn.first_event, turn.last_event) == (events[0].id, events[-1].id)
    (shown,) = talk.rows("turn_answers")
    assert (shown.turn, shown.answer, shown.time) == (turn.id, "cost", turn.time)


def test_an_emergency_marks_the_turn_and_the_conversation(talk: Talk) -> None:
    talk.say("hello")
    assert not talk.rows("conversations")[0].urgent
    pain = user("chest pain", "emergency", scored=False)
    talk.turn(pain, bot("Call 911.", "emergency"))
    talk.say("how much is it")
    assert [row.urgent for row in talk.rows("turns")] == [False, True, False]
    assert talk.rows("turns")[1].confidence is None
    (conversation,) = talk.rows("conversations")
    assert conversation.urgent
    assert conversation.last == pytest.approx(talk.rows("turns")[2].time)


def test_a_turn_without_a_reply_is_an_error(talk: Talk) -> None:
    talk.turn(user("what"))
    assert [row.kind for row in talk.rows("turns")] == ["error"]


@pytest.mark.parametrize(
    ("kind", "answers", "outcome"),
    [
        ("answer", ["cost"], "chosen"),
        ("several", ["cure", "cost"], "chosen"),
        ("answer", ["cure"], "declined"),
        ("fallback", [], "declined"),
        ("did_you_mean", ["cost"], "declined"),
    ],
)
def test_what_became_of_a_did_you_mean(
    talk: Talk, kind: str, answers: list[str], outcome: str
) -> None:
    talk.turn(user("money"), bot("Did you mean?", "did_you_mean", ["cost", "insurance"]))
    assert [row.outcome for row in talk.rows("turns")] == [""]
    talk.turn(user("the first"), bot("So.", kind, answers))
    talk.turn(user("hello"), bot("Hello.", "small_talk"))
    assert talk.rows("turns")[0].outcome == outcome


def judge(talk: Talk, helpful: bool, reason: str = "", kind: str = "", *answers: str) -> None:
    about = {"kind": kind, "answers": list(answers), "version": "v1"}
    noted = SlotSet("feedback", {**about, "helpful": helpful, "reason": reason})
    talk.turn(user("judged"), bot("Thank you.", "small_talk"), noted)


def test_a_judgement_stands_with_the_newest_turn_that_showed_those_answers(talk: Talk) -> None:
    talk.say("how much is it")
    talk.say("how much is it, again")
    talk.turn(user("is it a cure"), bot("No.", answers=["cure"]))
    judge(talk, False, "", "", "cost")
    assert [row.feedback for row in talk.rows("turns")] == [None, 0, None, None]
    assert talk.rows("conversations")[0].unhelpful
    judge(talk, False, "It was too long, says Jane Roe", "", "cost")
    assert [row.reason for row in talk.rows("turns")][1] == "It was too long, says <NAME>"
    judge(talk, True, "", "answer", "cost")
    assert [row.feedback for row in talk.rows("turns")][:3] == [None, 1, None]
    assert not talk.rows("conversations")[0].unhelpful


def test_a_refusal_can_be_judged_and_no_older_answer_is_blamed(talk: Talk) -> None:
    talk.say("how much is it")
    talk.turn(user("which dose"), bot("Ask your doctor.", "fallback"))
    judge(talk, False, "", "fallback")
    assert [row.feedback for row in talk.rows("turns")] == [None, 0, None]


def test_the_accepted_message_knows_its_turn(talk: Talk) -> None:
    inbox = Inbox(talk.engine)
    for channel, id_ in (("rest", "m1"), ("rest", "m2"), ("slack", "m1")):
        inbox.accept(Event(channel, id_, ANN, "{}"))
    outcome = talk.turn(user("how much is it"), bot("Much."), message_id="m1")
    known = {(row.channel, row.event_id): row.turn for row in talk.rows("inbox")}
    assert known == {("rest", "m1"): outcome.turn, ("rest", "m2"): None, ("slack", "m1"): None}
    found = inbox.find("rest", "m1")
    assert found is not None
    assert found.turn == outcome.turn


def test_little_is_kept_of_how_a_message_was_read(talk: Talk) -> None:
    decision = {"answers": ["cost"], "act": "answer"}
    talk.turn(user("how much is it", decision=decision, personal=[]), bot("Much."))
    (data,) = [json.loads(r.data) for r in talk.rows("events") if r.type_name == "user"]
    assert set(data["parse_data"]) == {"text", "intent", "entities", "intent_ranking", "decision"}
    assert len(data["parse_data"]["intent_ranking"]) == 3
    tracker = talk.tracker()
    assert tracker is not None
    assert tracker.latest_message is not None
    assert tracker.latest_message.parse_data["decision"] == decision


def test_a_second_save_of_the_same_turn_writes_nothing(talk: Talk) -> None:
    async def play() -> None:
        tracker = await talk.rasa.get_or_create_tracker(ANN, append_action_listen=False)
        await talk.go_on(tracker, user("hello"), bot("Hello!", "small_talk"))
        await talk.rasa.save(tracker)

    asyncio.run(play())
    assert len(talk.rows("events")) == 5
    assert len(talk.rows("turns")) == 1


def test_words_that_one_of_the_databases_cannot_hold(talk: Talk) -> None:
    outcome = talk.say("a\0b \ud800 🙂 '; DROP TABLE turns; --")
    assert outcome.stored
    (turn,) = talk.rows("turns")
    assert turn.text.startswith("ab ")
    assert turn.text.endswith("🙂 '; DROP TABLE turns; --")


def test_listing_and_loading_use_an_index(talk: Talk) -> None:
    if talk.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL plans small tables without any")
    asked = "SELECT id FROM events WHERE sender_id = 'a' ORDER BY id DESC LIMIT 60"
    with talk.engine.connect() as connection:
        plan = str(connection.execute(sa.text(f"EXPLAIN QUERY PLAN {asked}")).all())
    assert "ix_events_of" in plan
    assert "TEMP B-TREE" not in plan
