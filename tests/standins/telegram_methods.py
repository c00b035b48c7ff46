"""What a bot can ask of the stand-in of Telegram's Bot API, and what it gets."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.standins.telegram_rules import (
    METHODS,
    BadRequestError,
    RefusedError,
    checked_buttons,
    checked_commands,
    checked_text,
    checked_webhook,
)

BOT = {
    "id": 110201543, "is_bot": True, "first_name": "Guide", "username": "guide_bot",
    "can_join_groups": False, "can_read_all_group_messages": False,
    "supports_inline_queries": False,
}  # fmt: skip
Json = dict[str, Any]


@dataclass
class Sent:
    """A message as its reader sees it now. `html` is what was sent, `entities` what it became."""

    chat: int
    id: int
    text: str
    html: str
    entities: list[Json]
    buttons: list[list[Json]]
    raw: Json
    edited: bool = False

    @property
    def titles(self) -> list[str]:
        """What stands on the buttons."""
        return [button["text"] for row in self.buttons for button in row]


@dataclass
class State:
    """What the bot has set up."""

    webhook: Json = field(default_factory=dict)
    commands: dict[str, list[Json]] = field(default_factory=dict)
    description: str = ""
    short_description: str = ""


class Methods:
    """The methods by their names. `calls` holds (method, parameters) of every request."""

    def __init__(self, public: bool) -> None:
        self.public = public
        self.state = State()
        self.bot: Json = dict(BOT)
        self.sent: list[Sent] = []
        self.calls: list[tuple[str, Json]] = []
        self.known: set[int] = set()  # chats whose person has written to the bot
        self.blocked: set[int] = set()
        self.flooded: dict[str, list[int]] = {}  # method -> retry_after of its next calls
        self.broken: dict[str, int] = {}  # method -> how many next calls end in a 502
        self.queries: set[str] = set()  # presses that still spin
        self.last_error = ""
        self._number = int(time.time())
        self._lock = threading.RLock()

    @property
    def webhook(self) -> str:
        """Where updates go."""
        return str(self.state.webhook.get("url", ""))

    def number(self) -> int:
        """Of the next message, query or update."""
        with self._lock:
            self._number += 1
            return self._number

    def answer(self, method: str, parameters: Json) -> Any:
        """The result of a call.

        Raises:
            RefusedError: with Telegram's own code and words.
        """
        with self._lock:
            known = {name.lower(): name for name in METHODS}
            name = known.get(method.lower())
            if name is None:
                raise RefusedError(404, "Not Found")
            self.calls.append((name, parameters))
            if self.flooded.get(name):
                seconds = self.flooded[name].pop(0)
                raise RefusedError(429, f"Too Many Requests: retry after {seconds}", seconds)
            if self.broken.get(name):
                self.broken[name] -= 1
                raise RefusedError(502, "Bad Gateway")
            _check_names(name, parameters)
            handler: Callable[[Json], Any] = getattr(self, f"_{name}")
            return handler(parameters)

    def _getMe(self, _: Json) -> Json:
        return self.bot

    def _setWebhook(self, given: Json) -> bool:
        self.state.webhook = checked_webhook(given, self.public)
        return True

    def _deleteWebhook(self, _: Json) -> bool:
        self.state.webhook = {}
        return True

    def _getWebhookInfo(self, _: Json) -> Json:
        info: Json = {
            "url": self.webhook, "has_custom_certificate": False, "pending_update_count": 0
        }  # fmt: skip
        if self.last_error:
            info |= {"last_error_date": int(time.time()), "last_error_message": self.last_error}
        return info

    def _setMyCommands(self, given: Json) -> bool:
        self.state.commands[_scope(given)] = checked_commands(given["commands"])
        return True

    def _getMyCommands(self, given: Json) -> list[Json]:
        return self.state.commands.get(_scope(given), [])

    def _setMyDescription(self, given: Json) -> bool:
        self.state.description = _short(given.get("description", ""), 512)
        return True

    def _getMyDescription(self, _: Json) -> Json:
        return {"description": self.state.description}

    def _setMyShortDescription(self, given: Json) -> bool:
        self.state.short_description = _short(given.get("short_description", ""), 120)
        return True

    def _getMyShortDescription(self, _: Json) -> Json:
        return {"short_description": self.state.short_description}

    def _sendChatAction(self, given: Json) -> bool:
        self._chat(given)
        if given["action"] not in {"typing", "upload_photo", "find_location"}:
            raise BadRequestError("wrong parameter action in request")
        return True

    def _sendMessage(self, given: Json) -> Json:
        chat = self._chat(given)
        text, entities = checked_text(given)
        buttons = checked_buttons(given.get("reply_markup"))
        kind = "private" if chat > 0 else "group"
        number = self.number()
        raw: Json = {
            "message_id": number, "date": int(time.time()), "from": self.bot,
            "chat": {"id": chat, "type": kind}, "text": text, "entities": entities,
        }  # fmt: skip
        if buttons:
            raw["reply_markup"] = {"inline_keyboard": buttons}
        self.sent.append(Sent(chat, number, text, given["text"], entities, buttons, raw))
        return raw

    def _editMessageText(self, given: Json) -> Json:
        message = self._message(given)
        text, entities = checked_text(given)
        self._change(message, checked_buttons(given.get("reply_markup")), text, entities)
        message.html = given["text"]
        return message.raw

    def _editMessageReplyMarkup(self, given: Json) -> Json:
        message = self._message(given)
        buttons = checked_buttons(given.get("reply_markup"))
        self._change(message, buttons, message.text, message.entities)
        return message.raw

    def _answerCallbackQuery(self, given: Json) -> bool:
        if given["callback_query_id"] not in self.queries:
            raise BadRequestError(
                "query is too old and response timeout expired or query ID is invalid"
            )
        self.queries.discard(given["callback_query_id"])
        return True

    def _chat(self, given: Json) -> int:
        try:
            chat = int(given["chat_id"])
        except ValueError:
            raise BadRequestError("chat not found") from None
        if chat not in self.known:
            raise BadRequestError("chat not found")
        if chat in self.blocked:
            raise RefusedError(403, "Forbidden: bot was blocked by the user")
        return chat

    def _message(self, given: Json) -> Sent:
        chat = self._chat(given)
        for message in self.sent:
            if (message.chat, message.id) == (chat, int(given["message_id"])):
                return message
        raise BadRequestError("message to edit not found")

    @staticmethod
    def _change(message: Sent, buttons: list[list[Json]], text: str, entities: list[Json]) -> None:
        if (message.buttons, message.text, message.entities) == (buttons, text, entities):
            raise BadRequestError(
                "message is not modified: specified new message content and reply markup are "
                "exactly the same as a current content and reply markup of the message"
            )
        message.buttons, message.text, message.entities = buttons, text, entities
        message.raw |= {"text": text, "entities": entities, "edit_date": int(time.time())}
        message.raw.pop("reply_markup", None)
        if buttons:
            message.raw["reply_markup"] = {"inline_keyboard": buttons}
        message.edited = True


def _check_names(name: str, parameters: Json) -> None:
    required, optional = METHODS[name]
    for wanted in required:
        if parameters.get(wanted) in (None, ""):
            told = {"text": "message text is empty", "chat_id": "chat_id is empty"}
            raise BadRequestError(told.get(wanted, f"parameter {wanted} is required"))
    unknown = set(parameters) - set(required) - set(optional)
    if unknown:
        raise BadRequestError(f"stand-in: unknown parameters {sorted(unknown)}")


def _scope(given: Json) -> str:
    return str((given.get("scope") or {}).get("type", "default"))


def _short(text: str, limit: int) -> str:
    if len(text) > limit:
        raise BadRequestError("description is too long")
    return text
