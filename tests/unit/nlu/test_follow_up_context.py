"""Which messages are read together with the answer before them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.engine.storage.resource import Resource
from rasa.nlu.constants import TOKENS_NAMES
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from guide.content import DATA, load
from guide.nlu.follow_up_context import FOLLOWS, FollowUpContext
from tests.unit.nlu.pipeline import context, storage_in

COST = "cost"
TITLE = load(DATA).answers[COST].title


@pytest.fixture(scope="module")
def component(tmp_path_factory: pytest.TempPathFactory) -> FollowUpContext:
    storage = storage_in(Path(tmp_path_factory.mktemp("context")))
    return FollowUpContext.create({}, storage, Resource("context"), context())


def after(kind: str, *answers: str, nested: bool = False) -> DialogueStateTracker:
    about: dict[str, Any] = {"kind": kind, "answers": list(answers)}
    events = [
        UserUttered("a question"),
        BotUttered("a reply", metadata={"metadata": about} if nested else about),
    ]
    return DialogueStateTracker.from_events("rest:1", events)


def added(
    component: FollowUpContext, text: str, tracker: DialogueStateTracker | None
) -> Message | None:
    found = component.process([Message({TEXT: text})], tracker)  # type: ignore[arg-type]
    assert found[0].get(TEXT) == text
    return found[1] if len(found) > 1 else None


def test_a_short_message_stands_with_the_title_of_the_answer(component: FollowUpContext) -> None:
    message = added(component, "and if they don't?", after("answer", COST))
    assert message is not None
    assert message.get(TEXT) == f"{TITLE} and if they don't?"
    assert message.get(FOLLOWS) == COST
    assert [token.text for token in message.get(TOKENS_NAMES[TEXT])][-4:] == [
        "and", "if", "they", "don't",
    ]  # fmt: skip


def test_of_two_answers_the_last_counts(component: FollowUpContext) -> None:
    message = added(component, "why?", after("several", "results", COST))
    assert message is not None
    assert message.get(FOLLOWS) == COST


@pytest.mark.parametrize(
    "tracker",
    [
        None,
        DialogueStateTracker.from_events("rest:1", []),
        after("fallback"),
        after("small_talk"),
        # Titles that were proposed are no answer.
        after("did_you_mean", COST, "results"),
        after("trials", nested=True),
        # An answer that is no longer there.
        after("answer", "withdrawn"),
        after("answer"),
    ],
)
def test_without_an_answer_before_it_stands_alone(
    component: FollowUpContext, tracker: DialogueStateTracker | None
) -> None:
    assert added(component, "why?", tracker) is None


def test_only_the_newest_reply_counts(component: FollowUpContext) -> None:
    tracker = after("answer", COST)
    tracker.update(UserUttered("thanks"))
    tracker.update(BotUttered("you are welcome", metadata={"kind": "small_talk"}))
    assert added(component, "why?", tracker) is None


def test_a_message_that_says_what_it_means_stands_alone(component: FollowUpContext) -> None:
    long = "I would like to hear about something else now, the way they make the cells"
    assert added(component, long, after("answer", COST)) is None
    assert added(component, "", after("answer", COST)) is None
