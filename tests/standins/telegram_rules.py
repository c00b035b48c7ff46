"""What Telegram allows: methods with their parameters, texts, buttons, webhooks, commands."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

MAX_UNITS = 4096
MAX_BUTTONS = 100
# Method: (required parameters, optional ones that the guide may use).
METHODS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "getMe": ((), ()),
    "setWebhook": (
        ("url",),
        ("max_connections", "allowed_updates", "drop_pending_updates", "secret_token"),
    ),
    "deleteWebhook": ((), ("drop_pending_updates",)),
    "getWebhookInfo": ((), ()),
    "setMyCommands": (("commands",), ("scope", "language_code")),
    "getMyCommands": ((), ("scope", "language_code")),
    "setMyDescription": ((), ("description", "language_code")),
    "getMyDescription": ((), ("language_code",)),
    "setMyShortDescription": ((), ("short_description", "language_code")),
    "getMyShortDescription": ((), ("language_code",)),
    "sendChatAction": (("chat_id", "action"), ()),
    "sendMessage": (
        ("chat_id", "text"),
        ("parse_mode", "link_preview_options", "reply_markup"),
    ),
    "editMessageText": (
        (),
        ("chat_id", "message_id", "text", "parse_mode", "link_preview_options", "reply_markup"),
    ),
    "editMessageReplyMarkup": ((), ("chat_id", "message_id", "reply_markup")),
    "answerCallbackQuery": (("callback_query_id",), ("text",)),
}
UPDATES = {
    "message", "edited_message", "channel_post", "edited_channel_post", "business_connection",
    "business_message", "edited_business_message", "deleted_business_messages", "guest_message",
    "message_reaction", "message_reaction_count", "inline_query", "chosen_inline_result",
    "callback_query", "shipping_query", "pre_checkout_query", "purchased_paid_media", "poll",
    "poll_answer", "my_chat_member", "chat_member", "chat_join_request", "chat_boost",
    "removed_chat_boost", "managed_bot",
}  # fmt: skip
# Tag: entity. https://core.telegram.org/bots/api#html-style
TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline",
    "ins": "underline", "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough",
    "code": "code", "pre": "pre", "blockquote": "blockquote", "tg-spoiler": "spoiler",
    "a": "text_link",
}  # fmt: skip
_ENTITY = re.compile(r"&(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}", re.ASCII)
_PORTS = {443, 80, 88, 8443}
Json = dict[str, Any]


class RefusedError(Exception):
    """An error as the Bot API tells it: its HTTP code is that of the body."""

    def __init__(self, code: int, description: str, retry_after: int = 0) -> None:
        super().__init__(description)
        self.code = code
        self.body: Json = {"ok": False, "error_code": code, "description": description}
        if retry_after:
            self.body["parameters"] = {"retry_after": retry_after}


class BadRequestError(RefusedError):
    """A 400."""

    def __init__(self, description: str) -> None:
        super().__init__(400, f"Bad Request: {description}")


def units(text: str) -> int:
    """UTF-16 units, in which Telegram counts."""
    return len(text.encode("utf-16-le")) // 2


def checked_text(given: Json) -> tuple[str, list[Json]]:
    """(text, entities) of a message.

    Raises:
        BadRequestError: the text is empty, too long, or not of the mode that it says.
    """
    mode = given.get("parse_mode")
    if mode not in (None, "HTML"):
        raise BadRequestError("unsupported parse_mode")
    text, entities = _parsed(given["text"]) if mode else (given["text"], [])
    if not text.strip():
        raise BadRequestError("message text is empty")
    if units(text) > MAX_UNITS:
        raise BadRequestError("message is too long")
    return text, entities


class _Reader(HTMLParser):
    """Telegram's strictness: known tags, closed in order, and only its entities."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.entities: list[Json] = []
        self._open: list[tuple[str, Json]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            raise _unparsable(f'Unsupported start tag "{tag}"')
        entity: Json = {"type": TAGS[tag], "offset": units(self.text)}
        if tag == "a":
            entity["url"] = dict(attrs).get("href") or ""
        self._open.append((tag, entity))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1][0] != tag:
            raise _unparsable(f'Unmatched end tag "{tag}"')
        _, entity = self._open.pop()
        entity["length"] = units(self.text) - entity["offset"]
        if entity["length"]:
            self.entities.append(entity)

    def handle_data(self, data: str) -> None:
        self.text += data

    def close(self) -> None:
        super().close()
        if self._open:
            raise _unparsable(
                f'Can\'t find end tag corresponding to start tag "{self._open[-1][0]}"'
            )


def _parsed(html: str) -> tuple[str, list[Json]]:
    for found in re.finditer("&", html):
        # Telegram takes a bare & for text; HTML's other names would show as they stand.
        named = re.match(r"&[A-Za-z]+;", html[found.start() :])
        if named and not _ENTITY.match(named[0]):
            raise _unparsable(f"stand-in: entity {named[0]} is not one of Telegram's")
    for found in re.finditer("<", html):
        if not re.match(r"</?[a-z]", html[found.start() :]):
            raise _unparsable("Unsupported start tag")
    reader = _Reader()
    reader.feed(html)
    reader.close()
    # The white space around a message does not count.
    start = len(reader.text) - len(reader.text.lstrip())
    return reader.text.strip(), [
        {**entity, "offset": max(0, entity["offset"] - start)} for entity in reader.entities
    ]


def _unparsable(why: str) -> BadRequestError:
    return BadRequestError(f"can't parse entities: {why}")


def checked_buttons(markup: Json | None) -> list[list[Json]]:
    """The rows of an inline keyboard.

    Raises:
        BadRequestError: a button has no text, nothing to do, or too much data.
    """
    rows: list[list[Json]] = (markup or {}).get("inline_keyboard") or []
    if sum(map(len, rows)) > MAX_BUTTONS:
        raise BadRequestError("reply markup is too long")
    for button in (button for row in rows for button in row):
        if not str(button.get("text", "")).strip():
            raise BadRequestError("can't parse inline keyboard button: Text buttons are unallowed")
        if not 1 <= len(str(button.get("callback_data", "")).encode()) <= 64:
            raise BadRequestError("BUTTON_DATA_INVALID")
    return rows


def checked_webhook(given: Json, public: bool) -> Json:
    """What setWebhook was told; `public` is Telegram's own server, which wants TLS.

    Raises:
        BadRequestError: the address, secret or kinds of updates are not allowed.
    """
    address = urlsplit(given["url"])
    if public and address.scheme != "https":
        raise BadRequestError("bad webhook: An HTTPS URL must be provided for webhook")
    if public and (address.port or 443) not in _PORTS:
        raise BadRequestError(
            "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"
        )
    secret = given.get("secret_token")
    if secret is not None and not _SECRET.fullmatch(secret):
        raise BadRequestError("secret token contains unallowed characters")
    unknown = set(given.get("allowed_updates") or []) - UPDATES
    if unknown:
        raise BadRequestError(f"stand-in: no kinds of updates: {sorted(unknown)}")
    return dict(given)


def checked_commands(commands: list[Json]) -> list[Json]:
    """The menu.

    Raises:
        BadRequestError: a name or description is not allowed.
    """
    if len(commands) > 100:
        raise BadRequestError("too many commands")
    for one in commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", one["command"]):
            raise BadRequestError("BOT_COMMAND_INVALID")
        if not 1 <= len(one["description"]) <= 256:
            raise BadRequestError("BOT_COMMAND_DESCRIPTION_INVALID")
    return commands
