"""Chats with a Telegram bot: each update is accepted, worked on once, and answered.

Accepted means that its row stands in the inbox; only an emergency is answered before that.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, replace
from functools import partial
from typing import Any
from weakref import WeakValueDictionary

from telegram import Bot
from telegram.constants import ChatAction
from telegram.error import BadRequest, Forbidden, TelegramError

from guide.channels.limits import RateLimit
from guide.channels.outgoing import Outgoing
from guide.channels.telegram_client import patiently
from guide.channels.telegram_translate import Received, after_press, plain, render
from guide.channels.turns import Handler, Said, Turns
from guide.channels.worklist import Worklist
from guide.content.notice import URGENT_KINDS
from guide.store.inbox import Event

logger = logging.getLogger("guide.channels.telegram")

NAME = "telegram"
# How long an emergency waits to learn that it was answered already.
URGENT_SECONDS = 0.3
# Telegram takes "typing" back after five seconds; a quick reply comes before it would be seen.
TYPING_AFTER_SECONDS, TYPING_SECONDS = 0.4, 4.0
# An album is many messages, a group many people: one "I can only read text" is enough.
NOTES_PER_MINUTE, GROUP_NOTES_PER_MINUTE = 20, 0.1


class TelegramChats:
    """What happens to updates. `open` and `close` stand around the life of the event loop."""

    def __init__(self, turns: Turns, turn: Handler, worklist: Worklist) -> None:
        self._turns = turns
        self._turn = turn
        self._worklist = worklist
        self._wording = turns.gate.wording
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._notes = RateLimit(1, NOTES_PER_MINUTE)
        self._group_notes = RateLimit(1, GROUP_NOTES_PER_MINUTE)

    async def open(self, bot: Bot) -> None:
        """Begin, with what was left unfinished."""
        self._bot = bot
        self._resuming = self._turns.start(self._worklist.look_after(self._resume))

    async def close(self) -> None:
        """End what can be ended soon; the rest stands in the inbox for the next server."""
        self._resuming.cancel()
        await self._worklist.close()
        await self._bot.request.shutdown()

    async def take(self, received: Received) -> None:
        """Accept an update and begin with it; a redelivery does nothing.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: it could not be accepted, and is to be sent again.
        """
        if not received.private:
            self._turns.start(self._answer_elsewhere(received))
            return
        event = Event(NAME, str(received.update), received.conversation, _body(received))
        urgent = bool(self._turns.gate.take(received.text).intent)
        if await self._worklist.accept(event, URGENT_SECONDS if urgent else None):
            self._turns.start(self._work(received))

    def _resume(self, event: Event) -> None:
        self._turns.start(self._work(_received(event.body)))

    async def _work(self, received: Received) -> None:
        await self._worklist.work(str(received.update), self._answer(received))

    async def _answer(self, received: Received) -> None:
        if received.query:
            self._turns.start(self._acknowledge(received))
        if self._turns.gate.take(received.text).intent:
            # Whatever else is said in this chat, and however long that takes.
            await self._reply_to(received)
            return
        async with self._locks.setdefault(received.chat, asyncio.Lock()):
            await self._reply_to(received)

    async def _reply_to(self, received: Received) -> None:
        outgoing = await self._reply(received)
        if outgoing is None:
            return
        try:
            await self._send(received.chat, outgoing)
        except Forbidden:
            logger.info("telegram: the bot is blocked, update %s", received.update)

    async def _reply(self, received: Received) -> Outgoing | None:
        """The reply to an update; None for one more picture of an album."""
        note = self._wording.say(received.note) if received.note else ""
        if note and not received.text:
            allowed = self._notes.allows(received.conversation)
            return Outgoing(note, "error") if allowed else None
        commands = self._wording.mappings["telegram_commands"]
        if received.command == "start":
            note = self._wording.say("telegram_first")
        raw = commands.get(received.command, received.text)
        token, id_ = received.token or None, str(received.update)
        turn = self._worklist.turn_of(id_)
        said = Said(NAME, received.conversation, raw, token, id_, turn)
        async with self._typing(received.chat):
            outgoing = await self._turns.reply(self._turn, said)
        if not note or outgoing.kind in URGENT_KINDS:
            return outgoing
        return replace(outgoing, text=f"{note}\n\n{outgoing.text}")

    async def _send(self, chat: int, outgoing: Outgoing) -> None:
        for message in render(outgoing, self._wording):
            try:
                await patiently(partial(self._bot.send_message, chat, **message))
            except BadRequest:
                # Words come through where Telegram does not like their form.
                logger.error("telegram: message refused, sent as plain text")
                await patiently(partial(self._bot.send_message, chat, **plain(message)))

    async def _acknowledge(self, pressed: Received) -> None:
        """Stops the button's spinning and shows what was chosen; neither is worth a failure."""
        with suppress(TelegramError):
            await self._bot.answer_callback_query(pressed.query)
        if not pressed.message:
            return
        place: dict[str, Any] = {"chat_id": pressed.chat, "message_id": pressed.message}
        edit = after_press(pressed, self._wording)
        with suppress(TelegramError):
            if "text" in edit:
                await self._bot.edit_message_text(**place, **edit)
            else:
                await self._bot.edit_message_reply_markup(**place, **edit)

    async def _answer_elsewhere(self, received: Received) -> None:
        """In a group: where to write instead, now and then; nothing of what was said."""
        if received.query:
            await self._acknowledge(received)
        elif self._group_notes.allows(received.conversation):
            with suppress(TelegramError):
                link = (await self._bot.get_me()).link
                text = self._wording.say("telegram_privately", link=link)
                await self._send(received.chat, Outgoing(text, "error"))

    @asynccontextmanager
    async def _typing(self, chat: int) -> AsyncIterator[None]:
        """Shows "typing ..." meanwhile, if that is worth showing."""

        async def show() -> None:
            await asyncio.sleep(TYPING_AFTER_SECONDS)
            with suppress(TelegramError):
                while True:
                    await self._bot.send_chat_action(chat, ChatAction.TYPING)
                    await asyncio.sleep(TYPING_SECONDS)

        showing = self._turns.start(show())
        try:
            yield
        finally:
            showing.cancel()


def _body(received: Received) -> str:
    return json.dumps(asdict(received))


def _received(body: str) -> Received:
    raw = json.loads(body)
    return Received(**{**raw, "buttons": tuple((title, token) for title, token in raw["buttons"])})
