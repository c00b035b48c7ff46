"""What a bot message says of itself beside its text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

ASKS_REASON = "asks_reason"  # metadata of the reply that asks what was wrong with an answer


def metadata(message: Mapping[str, Any]) -> dict[str, Any]:
    """Kind, answers and version of a bot message, however they travelled.

    Replies of the chat server carry them flat; those of the action server come nested under
    `metadata`, since that is how rasa_sdk hands a keyword on.
    """
    flat = dict(message)
    nested = flat.pop("metadata", None)
    return {**flat, **nested} if isinstance(nested, Mapping) else flat
