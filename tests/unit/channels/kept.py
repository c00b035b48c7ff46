"""A turn as Rasa plays it, with the real store: said, kept, or erased."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SlotSet, UserUttered

from guide.content.said import metadata
from guide.settings import ROOT
from guide.store.conversations import ConversationStore

DOMAIN = Domain.load(str(ROOT / "domain.yml"))


async def keep(message: UserMessage, reply: Mapping[str, Any]) -> None:
    """Say a reply and keep the turn in the database of DATABASE_URL."""
    await message.output_channel.send_response(message.sender_id, dict(reply))
    store = ConversationStore(DOMAIN)
    tracker = await store.get_or_create_tracker(message.sender_id)
    about = {key: reply[key] for key in reply if key not in {"text", "buttons"}}
    events = [
        UserUttered(message.text, parse_data=message.parse_data, message_id=message.message_id),
        BotUttered(reply["text"], {"buttons": reply.get("buttons")}, about),
        *([SlotSet("erase_requested", True)] if metadata(reply).get("erased") else []),
        ActionExecuted("action_listen"),
    ]
    tracker.update_with_events(events, DOMAIN)
    await store.save(tracker)
