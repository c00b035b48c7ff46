"""What a patient can do by web: begin, send, read again, erase."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from typing import Any

from rasa.core.lock_store import LockError
from sanic.request import Request
from sanic.response import HTTPResponse

from guide.channels.history import MAX_MESSAGES, moment, past
from guide.channels.limits import RateLimit, SharedLimit
from guide.channels.markup import parse, to_plain, to_web
from guide.channels.once import Forgotten, Message, Once, Sent, StillWorking
from guide.channels.origins import address
from guide.channels.outgoing import Outgoing
from guide.channels.records import DatabaseFailed, Records
from guide.channels.serving import Refused, answered, read_json
from guide.channels.sessions import Session, Sessions
from guide.channels.turns import Handler, Turns
from guide.content.wording import load_responses
from guide.metrics import chat
from guide.replies.reply import Composer, Reply
from guide.store import withdrawn
from guide.store.window import recent

# Below what `Turns` allows a conversation, so that its worded refusal never becomes a reply.
SESSION_BURST, SESSION_PER_MINUTE = 10, 25
# A clinic's waiting room has one address.
ADDRESS_BURST, ADDRESS_PER_MINUTE = 60, 120
NEW_BURST, NEW_PER_MINUTE = 30, 30
_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


def read(payload: object) -> Sent | None:
    """A message of a patient from the JSON of a request; None where it has another shape."""
    if not isinstance(payload, dict) or not isinstance(payload.get("id"), str):
        return None
    if _ID.fullmatch(payload["id"]) is None:
        return None
    if payload.keys() == {"id", "text"} and isinstance(payload["text"], str):
        return Sent(payload["id"], text=payload["text"])
    if payload.keys() == {"id", "payload"} and isinstance(payload["payload"], str):
        return Sent(payload["id"], token=payload["payload"]) if payload["payload"] else None
    return None


def render(reply: Outgoing, when: str) -> Message:
    """A reply as the widget reads it: text only, formatted by blocks of spans."""
    blocks = parse(reply.text)
    return {
        "text": to_plain(blocks),
        "blocks": to_web(blocks),
        "kind": reply.kind,
        "answers": list(reply.answers),
        "version": reply.version,
        "stored": reply.stored,
        "buttons": [{"title": b.title, "payload": b.payload} for b in reply.buttons],
        "feedback": list(reply.feedback),
        "time": when,
    }


def render_now(reply: Outgoing) -> Message:
    """`render` with the present time."""
    return render(reply, moment(time.time()))


class Api:
    """The handlers; each raises `Refused` where it cannot serve.

    Args:
        turns: the server's.
        turn: Rasa's `on_new_message`.
        sessions: mints and reads tokens.
        records: the database.
        hops: how many trusted proxies stand before the server.
    """

    def __init__(
        self, turns: Turns, turn: Handler, sessions: Sessions, records: Records, hops: int
    ) -> None:
        self._turns = turns
        self._sessions = sessions
        self._records = records
        self._hops = hops
        self.once = Once(turns, turn, records, render_now)
        self._erased: set[str] = set()
        self._new = SharedLimit("new", NEW_BURST, NEW_PER_MINUTE)
        self._addresses = SharedLimit("address", ADDRESS_BURST, ADDRESS_PER_MINUTE)
        self._talking = SharedLimit("session", SESSION_BURST, SESSION_PER_MINUTE)

    async def begin(self, request: Request) -> HTTPResponse:
        """A new session, with the greeting to show at once."""
        if read_json(request) != {}:
            raise Refused(400, "bad_request")
        await _within(self._new, self._address(request))
        token = self._sessions.mint()
        session = self._sessions.read(token)
        greeting = render_now(self._greeting(session)) if session else None
        expires = self._sessions.lifetime
        return answered({"token": token, "expires_in": expires, "greeting": greeting}, 201)

    async def send(self, request: Request) -> HTTPResponse:
        """The reply to a message."""
        session = self._session(request)
        sent = read(read_json(request))
        if sent is None:
            raise Refused(400, "bad_request")
        if not self.once.urgent(sent):
            await _within(self._addresses, self._address(request))
            await _within(self._talking, session.id)
            await self._check_alive(session)
        try:
            reply = await self.once.reply(session.conversation, sent)
        except StillWorking:
            raise Refused(503, "busy", Retry_After="5") from None
        except Forgotten:
            raise Refused(401, "no_session") from None
        return answered({"id": sent.id, "reply": reply})

    async def history(self, request: Request) -> HTTPResponse:
        """The conversation so far, or nothing while the database fails: the widget goes on."""
        session = await self._known(request)
        whose, payloads = session.conversation, self._turns.payloads
        events: list[Any] = []
        with suppress(DatabaseFailed):
            events = await self._records.conversations(lambda c: recent(c, whose, MAX_MESSAGES))
        messages = past(events, lambda m: Outgoing.of(m, whose, payloads, stored=True), render)
        return answered({"messages": messages})

    async def erase(self, request: Request) -> HTTPResponse:
        """Forget the conversation, and end the session for good."""
        session = await self._known(request)
        self._erased.add(session.id)  # nothing more comes in meanwhile
        try:
            await self._forget(request.app.ctx.agent, session)
        except (DatabaseFailed, LockError):
            self._erased.discard(session.id)
            raise Refused(503, "not_erased", Retry_After="60") from None
        return HTTPResponse(status=204)

    async def _forget(self, agent: Any, session: Session) -> None:
        await self.once.settled(session.conversation)
        async with agent.lock_store.lock(session.conversation):
            await self._records.erase(session.conversation)
            await self._records.revoked(lambda revoked: revoked.add(session.id, session.ends))

    def _greeting(self, session: Session) -> Outgoing:
        """Stands in no record, so the first reply still brings the notice with it."""
        gate = self._turns.gate
        starters = gate.wording.lists["starter_questions"]
        composer = Composer(gate.content, gate.wording, starters, withdrawn.current)
        text = gate.wording.fill(load_responses()["utter_greet"][0]["text"])
        reply = Reply(text, "small_talk", buttons=composer.titles(composer.starters))
        message = composer.with_notice(reply).as_message(gate.version)
        return Outgoing.of(message, session.conversation, self._turns.payloads)

    def _session(self, request: Request) -> Session:
        """Whose request it is, as far as the token tells."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        session = self._sessions.read(token.strip()) if scheme.lower() == "bearer" else None
        if session is None or session.id in self._erased:
            raise Refused(401, "no_session", WWW_Authenticate="Bearer")
        return session

    async def _known(self, request: Request) -> Session:
        """Whose request it is, with all that can be wrong with it."""
        session = self._session(request)
        await _within(self._addresses, self._address(request))
        await self._check_alive(session)
        return session

    async def _check_alive(self, session: Session) -> None:
        # A database that fails costs nobody an answer: of an erased session nothing is left to see.
        with suppress(DatabaseFailed):
            if await self._records.revoked(lambda revoked: revoked.holds(session.id)):
                raise Refused(401, "no_session", WWW_Authenticate="Bearer")

    def _address(self, request: Request) -> str:
        return address(request.ip, request.headers.getall("x-forwarded-for", []), self._hops)


async def _within(limit: RateLimit, key: str) -> None:
    if wait := await limit.take(key):
        chat.count("limited", "web")
        raise Refused(429, "too_many", Retry_After=str(wait))
