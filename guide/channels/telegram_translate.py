"""Telegram's updates as what the guide works with, and its replies as Telegram's messages.

Plain values on both sides, no network. https://core.telegram.org/bots/api
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from telegram import (
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    MessageEntity,
    Update,
)
from telegram.constants import ChatType, MessageLimit

from guide.channels.chunks import chunks, telegram_units
from guide.channels.markup import parse, to_telegram
from guide.channels.outgoing import Outgoing
from guide.content.wording import Wording

LIMIT = int(MessageLimit.MAX_TEXT_LENGTH)
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
# "/help", "/help@ThisBot", and what a link to the bot adds: "/start from_the_website".
_COMMAND = re.compile(
    r"/(?:(start)(?:@\w+)?(?:\s+[\w-]{1,64})?|(\w{1,32})(?:@\w+)?)\s*", re.ASCII | re.I
)
_TAG = re.compile(r"<[^>]*>")
# What reading an update of another shape than Telegram's ends in.
_MISSHAPEN = (KeyError, TypeError, ValueError, AttributeError, OverflowError, OSError)


@dataclass(frozen=True)
class Received:
    """What somebody did in a chat with the bot; all of it can be kept as JSON.

    `text` is what was typed, or stands with a picture; `command` names it where it is nothing but
    a command. `note` is the text of data/wording.yml to be told about what cannot be read.
    A pressed button has `token` and `query`; `message`, `shown` (HTML, "" where Telegram does not
    tell) and `buttons` (title, token) are of the message that it stood in. Of what happens in a
    group nothing but the place is kept (`private` is False).
    """

    update: int
    chat: int
    private: bool = True
    text: str = ""
    command: str = ""
    note: str = ""
    query: str = ""
    token: str = ""
    message: int = 0
    shown: str = ""
    buttons: tuple[tuple[str, str], ...] = ()

    @property
    def conversation(self) -> str:
        """The id of the conversation."""
        return f"telegram:{self.chat}"


def read(payload: object) -> Received | None:
    """What an update of Telegram's says; None for all that asks for nothing.

    Edits, reactions, service messages and kinds to come are None, and so is another shape.
    """
    try:
        update = Update.de_json(payload, None)  # type: ignore[arg-type]  # checked by trying
        if not isinstance(update.update_id, int):
            return None
        if update.callback_query:
            return _pressed(update.update_id, update.callback_query)
        return _written(update.update_id, update.message) if update.message else None
    except _MISSHAPEN:
        return None


def _written(update: int, message: Message) -> Received | None:
    chat = int(message.chat.id)
    if message.from_user is None or message.from_user.is_bot:
        return None
    if message.chat.type != ChatType.PRIVATE:
        return Received(update, chat, private=False) if _to_the_bot(message) else None
    text = message.text or message.caption or ""
    note = "" if message.text else _note(message)
    if not isinstance(text, str) or not (text or note):
        return None
    found = _COMMAND.fullmatch(text)
    command = (found[1] or found[2]).lower() if found else ""
    return Received(update, chat, text=text, command=command, note=note)


def _to_the_bot(message: Message) -> bool:
    """Whether words in a group are for the bot; it may see all others too."""
    asked = {MessageEntity.BOT_COMMAND, MessageEntity.MENTION}
    replied = message.reply_to_message and message.reply_to_message.from_user
    return bool(
        any(entity.type in asked for entity in (*message.entities, *message.caption_entities))
        or (replied and replied.is_bot)
        or any(member.is_bot for member in message.new_chat_members)
    )


def _note(message: Message) -> str:
    """What to tell about a message that is not text; "" for what Telegram itself reports."""
    if message.location or message.venue:
        return "telegram_location"
    # What this version of the library does not know yet is no text either.
    sent = message.effective_attachment or message.checklist or message.api_kwargs
    return "telegram_only_text" if sent else ""


def _pressed(update: int, query: CallbackQuery) -> Received:
    message = query.message
    if message is None or message.chat.type != ChatType.PRIVATE or not query.data:
        # Not a button that the guide made: it wants no more than to stop spinning.
        return Received(update, int(query.from_user.id), private=False, query=str(query.id))
    known = message if isinstance(message, Message) else None
    markup = known.reply_markup if known else None
    rows: Iterable[Iterable[InlineKeyboardButton]] = markup.inline_keyboard if markup else ()
    return Received(
        update,
        int(message.chat.id),
        query=str(query.id),
        token=str(query.data),
        message=int(message.message_id),
        shown=known.text_html if known and known.text else "",
        buttons=tuple((button.text, str(button.callback_data)) for row in rows for button in row),
    )


def render(outgoing: Outgoing, wording: Wording) -> list[dict[str, Any]]:
    """A reply as messages, almost always one: arguments of `telegram.Bot.send_message`.

    Buttons stand one a row under the last; one whose token does not fit is left out, its title
    can be typed. The two judgements come last.
    """
    texts = chunks(parse(outgoing.text), LIMIT, to_telegram, telegram_units)
    messages: list[dict[str, Any]] = [
        {"text": text, "parse_mode": "HTML", "link_preview_options": NO_PREVIEW} for text in texts
    ]
    buttons = [(button.title, button.payload) for button in outgoing.buttons if button.payload]
    markup = _keyboard([*buttons, *zip(_judgements(wording), outgoing.feedback, strict=False)])
    if markup and messages:
        messages[-1]["reply_markup"] = markup
    return messages


def plain(message: Mapping[str, Any]) -> dict[str, Any]:
    """A message of `render` with its words only, which Telegram can not misread."""
    return {
        "text": html.unescape(_TAG.sub("", message["text"])),
        "link_preview_options": NO_PREVIEW,
    }


def after_press(pressed: Received, wording: Wording) -> dict[str, Any]:
    """The message of a pressed button, used up: arguments of `telegram.Bot.edit_message_text`.

    What was chosen stands under its text in place of the buttons. A judgement leaves the
    questions there, a question the judgements. Without a text (Telegram does not show old ones)
    only the buttons can go.
    """
    judgements = _judgements(wording)
    chosen = next((title for title, token in pressed.buttons if token == pressed.token), "")
    left = [one for one in pressed.buttons if (one[0] in judgements) != (chosen in judgements)]
    edit: dict[str, Any] = {"reply_markup": _keyboard(left)}
    if pressed.shown:
        told = html.escape(wording.say("you_chose", title=chosen), quote=False) if chosen else ""
        longer = f"{pressed.shown}\n\n<i>{told}</i>"
        fits = bool(told) and telegram_units(longer) <= LIMIT
        edit["text"] = longer if fits else pressed.shown
        edit |= {"parse_mode": "HTML", "link_preview_options": NO_PREVIEW}
    return edit


def _judgements(wording: Wording) -> tuple[str, str]:
    return wording.say("feedback_helpful"), wording.say("feedback_unhelpful")


def _keyboard(buttons: Iterable[tuple[str, str]]) -> InlineKeyboardMarkup | None:
    rows = [[InlineKeyboardButton(title, callback_data=token)] for title, token in buttons]
    return InlineKeyboardMarkup(rows) if rows else None
