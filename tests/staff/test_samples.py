"""Made-up conversations: marked, like the real ones, and removable."""

from __future__ import annotations

import io
import json
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils.timezone import localtime

from guide.content import ContentError, load
from guide.content.examples import words_of
from guide.store.tables import TURNS
from staff.audit.models import Entry
from staff.conversations.samples import write
from staff.conversations.samples.settings import FILE, Shares
from staff.records.engine import guide_engine
from staff.records.models import Conversation, Event, Removal, Tag, Turn, TurnAnswer
from tests.staff import rows

Sign = Callable[[str], Client]


def command(*arguments: str) -> str:
    out = io.StringIO()
    call_command("sample_conversations", *arguments, stdout=out, stderr=io.StringIO())
    return out.getvalue()


@pytest.fixture
def samples() -> None:
    command("--conversations", "250", "--days", "30")


def test_they_are_marked_dated_and_of_several_channels(samples: None) -> None:
    found = list(Conversation.objects.all())
    assert len(found) == 250
    assert all(c.sample and ":sample-" in c.id and c.id.startswith(f"{c.channel}:") for c in found)
    assert {c.channel for c in found} == {"web", "slack", "telegram", "rest"}
    assert len({c.key for c in found}) == 250
    now = time.time()
    assert all(now - 34 * 86400 < c.started <= c.last < now for c in found)
    assert max(c.started for c in found) > now - 3 * 86400
    assert min(c.started for c in found) < now - 20 * 86400


def test_they_show_every_kind_of_reply_in_likely_shares(samples: None) -> None:
    kinds = Counter(Turn.objects.values_list("kind", flat=True))
    total = sum(kinds.values())
    assert {"answer", "several", "more", "sources", "trials", "did_you_mean", "fallback",
            "personal_advice", "small_talk", "error"} <= set(kinds)  # fmt: skip
    assert 0 < sum(kinds[kind] for kind in ("urgent", "emergency", "crisis")) < 0.05 * total
    assert 0.35 < kinds["answer"] / total < 0.65
    assert 0.05 < kinds["fallback"] / total < 0.25
    outcomes = set(Turn.objects.filter(kind="did_you_mean").values_list("outcome", flat=True))
    assert outcomes == {"chosen", "declined"}
    judged = Turn.objects.filter(feedback__isnull=False)
    assert set(judged.values_list("feedback", flat=True)) == {0, 1}
    assert set(judged.values_list("kind", flat=True)) == {"answer"}
    assert Turn.objects.filter(feedback=0).exclude(reason="").exists()
    assert all(turn.milliseconds and turn.milliseconds > 0 for turn in Turn.objects.all())


def test_many_ask_for_the_same_that_the_guide_does_not_know(samples: None) -> None:
    """In several wordings, which stand beside each other in the file of examples."""
    refused = Turn.objects.filter(intent__startswith="oos_").values_list("intent", "text")
    count = Counter((intent, words_of(text)) for intent, text in refused)
    examples = load().examples
    beside = [
        [(intent, words_of(text)) for text in examples[intent][at : at + 5]]
        for intent in {intent for intent, _ in count}
        for at in range(len(examples[intent]))
    ]
    most = max(beside, key=lambda texts: sum(count[text] for text in texts))
    assert sum(count[text] for text in most) >= 5
    assert sum(count[text] > 0 for text in most) >= 3


def test_a_seed_makes_the_same_on_every_day_of_the_week(
    monkeypatch: pytest.MonkeyPatch, samples: None
) -> None:
    def said() -> list[str]:
        return list(Turn.objects.order_by("id").values_list("text", flat=True))

    today = said()
    for days in (1, 2, 3):
        command("--remove")
        then = localtime() - timedelta(days=days)
        monkeypatch.setattr(write, "localtime", lambda then=then: then)
        command("--conversations", "250", "--days", "30")
        assert said() == today


def test_rows_belong_together_as_the_store_writes_them(samples: None) -> None:
    content = load()
    for conversation in Conversation.objects.all()[:60]:
        turns = list(Turn.objects.filter(conversation=conversation).order_by("pk"))
        assert conversation.turns == len(turns) > 0
        assert conversation.last == turns[-1].time
        assert conversation.urgent == any(turn.urgent for turn in turns)
        assert conversation.unhelpful == any(turn.feedback == 0 for turn in turns)
        last = 0
        for turn in turns:
            assert last < turn.first_event <= turn.last_event
            last = turn.last_event
            events = Event.objects.filter(pk__range=(turn.first_event, turn.last_event))
            said = [json.loads(event.data or "") for event in events.order_by("pk")]
            assert {event.sender_id for event in events} == {conversation.id}
            users = [event for event in said if event["event"] == "user"]
            bots = [event for event in said if event["event"] == "bot"]
            assert [event["text"] for event in users] == [turn.text]
            assert len(bots) == (0 if turn.kind == "error" else 1)
            if bots:
                about = bots[0]["metadata"]
                assert (about["kind"], about["answers"]) == (turn.kind, turn.answer_ids)
                assert about["version"] == turn.version == content.version
            shown = TurnAnswer.objects.filter(turn=turn).values_list("answer", flat=True)
            assert set(shown) == set(turn.answer_ids) <= set(content.answers)


def test_pages_show_them_as_samples(client_of: Sign, samples: None) -> None:
    reader = client_of("reader")
    listed = reader.get("/conversations/").content.decode()
    assert listed.count("</span> sample</span>") == 25
    for conversation in Conversation.objects.all()[:10]:
        page = reader.get(f"/conversations/{conversation.key}/").content.decode()
        assert "</span> sample</span>" in page and "not shown" not in page
        assert ":sample-" not in page


def test_removing_them_leaves_everybody_else_s(samples: None) -> None:
    rows.conversation("web:real", key="a1")
    rows.turn("web:real")
    turns, events = Turn.objects.count() - 1, Event.objects.count() - 2
    assert "Removed 250 sample conversations" in command("--remove")
    assert list(Conversation.objects.values_list("key", flat=True)) == ["a1"]
    assert (Turn.objects.count(), Event.objects.count()) == (1, 2)
    assert not TurnAnswer.objects.exists() and not Tag.objects.exists()
    removal = Removal.objects.get()
    assert (removal.kind, removal.conversations) == ("sample", 250)
    assert (removal.turns, removal.events) == (turns, events)
    actions = list(Entry.objects.order_by("pk").values_list("action", "detail"))
    assert actions == [
        ("made samples", {"conversations": 250}),
        ("removed samples", {"conversations": 250}),
    ]
    assert "Removed 0 sample" in command("--remove")
    assert Removal.objects.count() == 1


def test_the_same_seed_makes_the_same_ones_and_only_once() -> None:
    command("--conversations", "5", "--seed", "7")
    first = list(Turn.objects.order_by("pk").values_list("text", "kind"))
    with pytest.raises(CommandError, match="these samples are there"):
        command("--conversations", "5", "--seed", "7")
    command("--conversations", "5", "--seed", "8")
    assert Conversation.objects.count() == 10
    command("--remove")
    command("--conversations", "5", "--seed", "7")
    assert list(Turn.objects.order_by("pk").values_list("text", "kind")) == first


def test_a_turn_that_comes_after_gets_a_number_of_its_own() -> None:
    command("--conversations", "3")
    rows.conversation("web:real")
    number = rows.turn("web:real")
    assert Turn.objects.filter(pk__gt=number).count() == 0
    command("--conversations", "3", "--seed", "2")
    with guide_engine().connect() as connection:
        ids = [row.id for row in connection.execute(TURNS.select())]
    assert len(ids) == len(set(ids)) and number in ids


@pytest.mark.parametrize("arguments", [("--conversations", "0"), ("--days", "0")])
def test_nothing_to_make_is_told(arguments: tuple[str, str]) -> None:
    with pytest.raises(CommandError, match="must be 1 or more"):
        command(*arguments)


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("channels:", "chanels:"),
        ("judged: 22", "judged: many"),
        ("countries: the", "countries: [the]\nx: "),
    ],
)
def test_faults_of_its_settings_are_told(tmp_path: Path, was: str, becomes: str) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert was in text
    (tmp_path / "samples.yml").write_text(text.replace(was, becomes), encoding="utf-8")
    with pytest.raises(ContentError, match="must be"):
        Shares(Random(1), tmp_path / "samples.yml")
