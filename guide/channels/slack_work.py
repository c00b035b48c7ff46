"""What the guide does with a message from Slack: accept it, answer it, note it as done."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import replace
from typing import Any

from guide.channels.outgoing import Button, Outgoing
from guide.channels.slack_home import home
from guide.channels.slack_send import RefusedError, Sender, UnreachableError
from guide.channels.slack_translate import CHANNEL, Message, chosen, render
from guide.channels.turns import Handler, Said, Turns, log_failure
from guide.channels.worklist import Worklist
from guide.content.notice import URGENT_KINDS
from guide.replies.reply import Composer
from guide.store import withdrawn
from guide.store.inbox import Event

logger = logging.getLogger("guide.channels.slack")

URGENT_PATIENCE = 0.3  # seconds that danger waits for the inbox
ONCE_PATIENCE = 1.0  # seconds for what Slack sends only once
COMMAND_PATIENCE = 1.5  # more seconds until "one moment"; Slack waits 3
GIVE_UP_SECONDS = 900.0  # after which Slack is not tried again


class Desk:
    """Works on the messages of one server.

    Args:
        turns: the server's turns.
        handler: Rasa's `on_new_message`.
        sender: calls to Slack.
        worklist: the events that were accepted.
    """

    def __init__(self, turns: Turns, handler: Handler, sender: Sender, worklist: Worklist) -> None:
        self._turns = turns
        self._handler = handler
        self._sender = sender
        self._worklist = worklist
        self._wording = turns.gate.wording
        self._unsent: dict[str, Outgoing] = {}

    async def receive(self, message: Message) -> None:
        """Accept an event or a press and start to work on it. Raises what the inbox raises."""
        if message.kind == "home":
            self._turns.start(self._show_home(message))
        elif await self._accept(message):
            self._turns.start(self._work(message))

    async def command(self, message: Message) -> dict[str, Any] | None:
        """The answer to a command, or "one moment" where that takes longer; None for a repeat."""
        if not await self._accept(message):
            return None
        answering = self._turns.start(self._reply(message))
        await asyncio.wait({answering}, timeout=COMMAND_PATIENCE)
        if not answering.done():
            self._turns.start(self._work(message, answering))
            return {"text": self._wording.say("slack_wait")}
        self._turns.start(self._worklist.finish(message.event_id))
        return render(answering.result(), self._wording)

    async def look_after(self) -> None:
        """Check the token once; then take up, now and then, what a dead server left undone."""
        self._turns.start(self._check())
        await self._worklist.look_after(self._resume)

    async def _check(self) -> None:
        try:
            await self._sender.check()
        except RefusedError as error:
            logger.error("Slack refuses SLACK_BOT_TOKEN (%s): nothing can be answered", error.code)
        except Exception as error:
            logger.warning("Slack cannot be reached now (%s)", type(error).__name__)

    async def _accept(self, message: Message) -> bool:
        kept = replace(message, received=message.received or time.time())
        event = Event(CHANNEL, message.event_id, message.conversation, kept.as_json())
        patience = None if message.kind == "text" else ONCE_PATIENCE
        if self._turns.gate.take(message.text).intent:
            patience = URGENT_PATIENCE
        return await self._worklist.accept(event, patience)

    def _resume(self, event: Event) -> None:
        self._turns.start(self._work(Message.from_json(event.body)))

    async def _work(
        self, message: Message, answering: asyncio.Task[Outgoing] | None = None
    ) -> None:
        """Answer a message; it stays unfinished while Slack is away."""

        def again(error: Exception) -> bool:
            recent = not message.received or time.time() - message.received < GIVE_UP_SECONDS
            return recent and isinstance(error, UnreachableError)

        answer = self._answer(message, answering)
        if await self._worklist.work(message.event_id, answer, again):
            self._unsent.pop(message.event_id, None)

    async def _answer(self, message: Message, answering: asyncio.Task[Outgoing] | None) -> None:
        try:
            if message.kind == "press" and self._is_anothers(message):
                await self._tell_whose(message)
            else:
                await self._deliver(message, answering)
        except RefusedError as error:
            logger.error("Slack refused an answer: %s", error.code)

    async def _deliver(self, message: Message, answering: asyncio.Task[Outgoing] | None) -> None:
        """Deliver the reply; the one that could not be sent the last time, rather than a second."""
        reply = self._unsent.get(message.event_id)
        if reply is None:
            if message.shown:
                self._turns.start(self._mark_chosen(message))
            reply = await (answering or self._reply(message))
            self._unsent[message.event_id] = reply
        payload = render(reply, self._wording)
        if message.response_url:
            how = {"response_type": "ephemeral", "replace_original": message.kind == "command"}
            await self._sender.respond(message.response_url, {**how, **payload})
        elif message.private or message.thread:
            await self._sender.post(message.channel, message.thread, payload)
        else:  # what one person asked in a channel is no one else's to read
            await self._sender.whisper(message.channel, "", message.user, payload)

    async def _reply(self, message: Message) -> Outgoing:
        """The reply to a message, with what has to be said on Slack."""
        conversation, say = message.conversation, self._wording.say
        if message.file and not message.text:
            return self._turns.worded(conversation, "slack_text_only")
        token, id_ = message.token or None, message.event_id
        said = Said(CHANNEL, conversation, message.text, token, id_, self._worklist.turn_of(id_))
        reply = await self._turns.reply(self._handler, said)
        text = reply.text
        if message.file and reply.kind not in URGENT_KINDS:
            text = f"{say('slack_text_only')}\n\n{text}"
        if message.kind == "press" and not message.shown and reply.kind != "error":
            text = f"{say('you_asked', question=message.text)}\n\n{text}"
        if say("notice") in text:  # which the first reply of a conversation carries
            seen = "slack_seen_channel" if message.thread and not message.private else "slack_seen"
            text = f"{text}\n\n{say(seen)}"
        return replace(reply, text=text)

    def _is_anothers(self, message: Message) -> bool:
        """Whether the pressed button was offered to somebody else in a channel."""
        seen_by_all = not message.private and not message.response_url
        known = self._turns.payloads.read(message.conversation, message.token)
        return bool(seen_by_all and message.token and known is None)

    async def _tell_whose(self, message: Message) -> None:
        reply = self._turns.worded(message.conversation, "slack_not_yours")
        payload = render(reply, self._wording)
        await self._sender.whisper(message.channel, message.thread, message.user, payload)

    async def _mark_chosen(self, message: Message) -> None:
        """Put "You chose ..." in the place of the buttons; the answer does not depend on it."""
        try:
            ts, payload = message.shown["ts"], chosen(message, self._wording)
            await self._sender.update(message.channel, ts, payload)
        except Exception as error:
            log_failure(CHANNEL, error)

    async def _show_home(self, message: Message) -> None:
        """A failure is told to the log only: Slack asks again at the next opening."""
        composer = Composer(self._turns.gate.content, self._wording, withdrawn=withdrawn.current)
        titles = composer.titles(self._wording.lists["starter_questions"])
        tokens = self._turns.payloads
        starters = [Button(t, tokens.of_title(message.conversation, t)) for t in titles]
        try:
            await self._sender.publish(message.user, home(tuple(starters), self._wording))
        except Exception as error:
            log_failure(CHANNEL, error)
