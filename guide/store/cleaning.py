"""Personal details out of a turn's events, in the objects themselves, before anything is written.

What the guide itself says and names (answers, versions, dates of lists) is left alone: a
recogniser could take such an id for a patient's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rasa.shared.core.events import BotUttered, Event, SlotSet, UserUttered

from guide.content.said import metadata
from guide.privacy import Detail, Remover, repeats, replaced

SCORES = 3
# Texts that people wrote, word for word: they repeat nobody.
_CURATED = frozenset({"answer", "several", "more", "did_you_mean"})
# Values under these names are the guide's own, or Rasa's.
_OWN = frozenset(
    {
        "kind", "answers", "version", "notice", "erased", "asks_reason", "offset", "data_date",
        "place", "places", "utter_action", "model_id", "assistant_id", "act",
    }
)  # fmt: skip
_OWN_SLOTS = frozenset({"content_version"})


def clean(events: Iterable[Event], remover: Remover) -> None:
    """Replace the details in new events; a patient's come before the replies that repeat them."""
    told: dict[str, str] = {}
    for event in events:
        event.metadata = _value(event.metadata, remover)
        if isinstance(event, UserUttered):
            told |= _clean_words(event, remover)
        elif isinstance(event, BotUttered):
            _clean_reply(event, told)
        elif isinstance(event, SlotSet) and event.key not in _OWN_SLOTS:
            event.value = _value(event.value, remover)


def _clean_words(event: UserUttered, remover: Remover) -> dict[str, str]:
    """Clean what a patient wrote, and keep of its reading only what is looked at again.

    Returns:
        The details as they were written, each with its kind.
    """
    raw = event.text or ""
    details = _found(event.parse_data, raw, remover)
    event.text = replaced(raw, details)
    event.entities = [
        {key: remover.clean_value(entity[key]) for key in ("entity", "value") if key in entity}
        for entity in event.entities
    ]
    kept: dict[str, Any] = {
        "text": event.text,
        "intent": event.intent,
        "entities": event.entities,
        "intent_ranking": list(event.parse_data.get("intent_ranking") or [])[:SCORES],
    }
    read: Mapping[str, Any] = event.parse_data
    kept |= {key: _value(read[key], remover) for key in ("decision", "judged") if key in read}
    event.parse_data = kept
    return {raw[detail.start : detail.end]: detail.kind for detail in details}


def _found(read: Mapping[str, Any], text: str, remover: Remover) -> tuple[Detail, ...]:
    """The details of a text: as the pipeline found them, or sought now where it did not run."""
    spans = read.get("personal")
    if not isinstance(spans, list) or read.get("text") != text:
        return tuple(remover.find(text))
    return tuple(Detail(span["start"], span["end"], span["kind"]) for span in spans)


def _clean_reply(event: BotUttered, told: Mapping[str, str]) -> None:
    if not told or metadata(event.metadata).get("kind") in _CURATED:
        return
    event.text = _without(event.text or "", told)
    if event.data.get("buttons"):
        buttons = [
            {key: _without(value, told) for key, value in button.items()}
            for button in event.data["buttons"]
        ]
        event.data = {**event.data, "buttons": buttons}


def _without(value: Any, told: Mapping[str, str]) -> Any:
    return replaced(value, repeats(value, told)) if isinstance(value, str) else value


def _value(value: Any, remover: Remover) -> Any:
    """A value of JSON without details, but for what is the guide's own."""
    if isinstance(value, Mapping):
        return {k: v if k in _OWN else _value(v, remover) for k, v in value.items()}
    return remover.clean_value(value) if value else value
