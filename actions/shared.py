"""What the actions share: the content they hold, and how their messages look."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from guide.content import DATA, Content, ContentError, load
from guide.content.notice import notice_due
from guide.content.said import metadata
from guide.content.wording import Wording, load_wording

logger = logging.getLogger(__name__)

Run = Callable[[Any, CollectingDispatcher, Tracker, Any], Awaitable[list[Any]]]


def guarded(run: Run) -> Run:
    """For an action's `run`: a failure goes to the log by kind and place, without its text.

    rasa_sdk would log the text, which can repeat a patient's words, and send the conversation
    back. Without `answered` among the events the chat server says that the service is down.
    """

    @wraps(run)
    async def safe(
        action: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> list[Any]:
        try:
            return await run(action, dispatcher, tracker, domain)
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            ours = isinstance(error, ContentError)
            logger.error(
                "%s failed: %s at %s:%s%s", action.name(), type(error).__name__,
                Path(place.filename).name, place.lineno, f": {error}" if ours else "",
            )  # fmt: skip
            return []

    return safe


@lru_cache(maxsize=1)
def held() -> tuple[Content, Wording]:
    """Content and wording as of this process's start.

    Raises:
        ContentError: the content has faults.
    """
    content = load(DATA)
    return content, load_wording(DATA, content.article)


def bot_messages(tracker: Tracker) -> Iterator[dict[str, Any]]:
    """Metadata of earlier bot messages, newest first, flat (see guide.content.said)."""
    for event in reversed(tracker.events):
        if event.get("event") == "bot":
            yield metadata(event.get("metadata") or {})


def last_shown(tracker: Tracker) -> dict[str, Any]:
    """Metadata of the newest message that showed an answer, else {}; a proposal shows none."""
    return next((message for message in bot_messages(tracker) if shows_answer(message)), {})


def shows_answer(message: Mapping[str, Any]) -> bool:
    """Whether the bot message of this metadata showed an answer."""
    return message.get("kind") in {"answer", "several", "more"} and bool(message.get("answers"))


def last_judged(tracker: Tracker) -> dict[str, Any]:
    """Metadata of the reply that "that didn't help" is about: the newest that is no small talk.

    It may be a refusal, which names no answers; then no older answer is blamed for it.
    """
    passing = {"small_talk", "error"}
    return next((m for m in bot_messages(tracker) if m.get("kind") not in passing), {})


def say(
    dispatcher: CollectingDispatcher, tracker: Tracker, text: str, kind: str, *,
    answers: Sequence[str] = (), buttons: Sequence[str] = (), **about: object,
) -> None:  # fmt: skip
    """Send one message; a button's title is its payload, `about` joins the metadata.

    The first ordinary reply of a conversation ends with the notice, here as in guide.replies.
    """
    content, wording = held()
    described = {"kind": kind, "answers": list(answers), "version": content.version, **about}
    if notice_due(message.get("kind") for message in bot_messages(tracker)):
        text = f"{text}\n\n{wording.say('notice')}"
        described["notice"] = True
    dispatcher.utter_message(
        text=text,
        buttons=[{"title": title, "payload": title} for title in buttons],
        metadata=described,
    )


def outdated(dispatcher: CollectingDispatcher, tracker: Tracker) -> bool:
    """Whether the model was trained on other content than this process holds; says so if it was."""
    content, wording = held()
    version = tracker.get_slot("content_version")
    if version in (None, content.version):
        return False
    say(dispatcher, tracker, wording.say("restarting"), "error")
    return True


def answered() -> SlotSet:
    """Every action ends with it: without it the chat server says that the service is down."""
    return SlotSet("service_ok", True)
