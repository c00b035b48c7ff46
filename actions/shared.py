"""What the actions share: the content they hold, and how their messages look."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from guide.content import DATA, Content, load
from guide.content.notice import notice_due
from guide.content.wording import Wording, load_wording


@lru_cache(maxsize=1)
def held() -> tuple[Content, Wording]:
    """Content and wording as of this process's start.

    Raises:
        ContentError: the content has faults.
    """
    content = load(DATA)
    return content, load_wording(DATA, content.article)


def bot_messages(tracker: Tracker) -> Iterator[dict[str, Any]]:
    """Metadata of earlier bot messages, newest first, flat (see guide.replies.history)."""
    for event in reversed(tracker.events):
        if event.get("event") == "bot":
            about = dict(event.get("metadata") or {})
            nested = about.pop("metadata", None)
            yield {**about, **nested} if isinstance(nested, Mapping) else about


def say(
    dispatcher: CollectingDispatcher, tracker: Tracker, text: str, kind: str, *,
    answers: Sequence[str] = (), buttons: Sequence[str] = (), **about: object,
) -> None:  # fmt: skip
    """Send one message; a button's title is its payload, `about` joins the metadata.

    The first ordinary reply of a conversation ends with the notice, here as in guide.replies.
    """
    content, wording = held()
    metadata = {"kind": kind, "answers": list(answers), "version": content.version, **about}
    if notice_due(message.get("kind") for message in bot_messages(tracker)):
        text = f"{text}\n\n{wording.say('notice')}"
        metadata["notice"] = True
    dispatcher.utter_message(
        text=text,
        buttons=[{"title": title, "payload": title} for title in buttons],
        metadata=metadata,
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
