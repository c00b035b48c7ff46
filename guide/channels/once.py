"""Each message of a web session makes one turn, however often it is sent.

A message is known by its session's and its own id. A resend waits for the first reply: on this
server for its task, on another one for its row in the inbox. After a restart the row has it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from rasa.core.channels.channel import UserMessage

from guide.channels.outgoing import Outgoing
from guide.channels.records import DatabaseFailed, Records
from guide.channels.turns import Handler, Said, Turns
from guide.channels.upkeep import Late, keep_up
from guide.metrics import chat
from guide.store.inbox import Event, Inbox
from guide.store.outcome import recorded_by_another

CHANNEL = "web"
POLL_SECONDS = 0.3
WAIT_SECONDS = 20.0
Message = dict[str, Any]


class StillWorking(Exception):
    """Another server has the message and is not done with it."""


class Forgotten(Exception):
    """The patient erased the conversation meanwhile."""


@dataclass(frozen=True)
class Sent:
    """A message of a patient: what the client calls it, and typed text or a button's token."""

    id: str
    text: str = ""
    token: str = ""

    def said(self, event: Event) -> Said:
        """As `Turns` takes it."""
        token = self.token or None
        return Said(CHANNEL, event.conversation, self.text, token, event.event_id, event.turn)


class Once:
    """Runs the turns of the web channel.

    Args:
        turns: the server's.
        turn: Rasa's `on_new_message`.
        records: the database.
        render: a reply as the widget reads it, with the present time.
    """

    def __init__(
        self, turns: Turns, turn: Handler, records: Records, render: Callable[[Outgoing], Message]
    ) -> None:
        self._turns = turns
        self._turn = turn
        self._records = records
        self._render = render
        self._working: dict[str, asyncio.Task[Message]] = {}
        self._recording: dict[asyncio.Future[None], str] = {}
        # Ids whose turn this server makes, and not those that it waits for another one with.
        self._mine: set[str] = set()
        self._late = Late(CHANNEL, records.inbox)

    def urgent(self, sent: Sent) -> bool:
        """Whether it is answered before anything else, limits and database too."""
        return not sent.token and bool(self._turns.gate.take(sent.text).intent)

    async def reply(self, conversation: str, sent: Sent) -> Message:
        """The reply to a message, which goes on when its client goes away.

        Raises:
            StillWorking, Forgotten: there is none (yet).
        """
        event = Event(CHANNEL, f"{conversation}:{sent.id}", conversation, _body(sent))
        if self.urgent(sent):
            return await self._urgent(event, sent)
        if kept := self._late.reply(event.event_id):
            return dict(json.loads(kept))
        task = self._working.get(event.event_id)
        if task is None:
            task = self._keep(event.event_id, self._turns.start(self._first(event, sent)))
        else:
            chat.count("redelivered", CHANNEL)
        # Shielded: what one client gives up, its resend waits for.
        return dict(await asyncio.shield(task))

    async def settled(self, conversation: str) -> None:
        """Until no message of a conversation is worked on or recorded here."""
        working = [t for id_, t in self._working.items() if id_.startswith(f"{conversation}:")]
        recording = [told for told, whose in self._recording.items() if whose == conversation]
        await asyncio.gather(*working, *recording, return_exceptions=True)

    async def look_after(self) -> None:
        """Work on what a server accepted that then died; the patient finds it when resending."""
        await keep_up(CHANNEL, self._records.inbox, lambda: self._mine, self._resume, self._late)

    def _resume(self, event: Event) -> None:
        sent = Sent(event.event_id.rpartition(":")[2], **json.loads(event.body))
        self._keep(event.event_id, self._turns.start(self._work(event, sent)))

    def _keep(self, id_: str, work: asyncio.Task[Message]) -> asyncio.Task[Message]:
        self._working[id_] = work
        work.add_done_callback(lambda _: self._working.pop(id_, None))
        return work

    async def _first(self, event: Event, sent: Sent) -> Message:
        standing = await self._accept(event)
        if standing is None:
            return await self._work(event, sent)
        chat.count("redelivered", CHANNEL)
        return await self._theirs(standing, sent)

    async def _work(self, event: Event, sent: Sent) -> Message:
        with self._claimed(event):
            message = self._render(await self._turns.reply(self._turn, sent.said(event)))
            await self._finish(event, message)
            return message

    @contextmanager
    def _claimed(self, event: Event) -> Iterator[None]:
        """What is worked on here, no other server takes up meanwhile."""
        self._mine.add(event.event_id)
        try:
            yield
        finally:
            self._mine.discard(event.event_id)

    async def _finish(self, event: Event, message: Message) -> None:
        with suppress(DatabaseFailed):  # it is noted later
            await self._late.finish(event.event_id, json.dumps(message))

    async def _theirs(self, standing: Event, sent: Sent) -> Message:
        """The reply of a row that another server, or this one before it restarted, made."""

        def look(inbox: Inbox) -> Event | None:
            return inbox.find(CHANNEL, standing.event_id)

        end = asyncio.get_running_loop().time() + WAIT_SECONDS
        row: Event | None = standing
        while row is not None and not row.done and row.turn is None:
            if asyncio.get_running_loop().time() > end:
                raise StillWorking
            await asyncio.sleep(POLL_SECONDS)
            try:
                row = await self._records.inbox(look)
            except DatabaseFailed:
                raise StillWorking from None
        if row is not None and not row.done:
            return self._render(await self._turns.reply(self._turn, sent.said(row)))
        if row is None or not row.reply:
            raise Forgotten
        return dict(json.loads(row.reply))

    async def _urgent(self, event: Event, sent: Sent) -> Message:
        """The reply at once; that it is recorded, and once only, is seen to behind it."""
        told: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._recording[told] = event.conversation
        reply: Message = {}

        async def record(message: UserMessage) -> None:
            try:
                if await self._accept(event) is None:
                    with self._claimed(event):
                        await self._turn(message)
                        await self._finish(event, reply)
                else:
                    chat.count("redelivered", CHANNEL)
                    recorded_by_another()
            finally:
                del self._recording[told]
                told.set_result(None)

        outgoing = await self._turns.reply(record, sent.said(event))
        reply.update(self._render(outgoing))
        return reply

    async def _accept(self, event: Event) -> Event | None:
        """The row that stands already; None where the message is new, or nobody can tell."""
        try:
            return await self._records.inbox(lambda inbox: inbox.accept(event))
        except DatabaseFailed:  # a turn twice, at worst, is better than none
            self._late.unsure(event)
            return None


def _body(sent: Sent) -> str:
    return json.dumps({"token": sent.token} if sent.token else {"text": sent.text})
