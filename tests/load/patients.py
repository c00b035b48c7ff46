"""Patients of each channel: they send a message as their platform does, until it is taken.

`hurry` divides the pauses that platforms and the widget make before they try again. They go on
trying for as long as in life, since a guide does not start faster for it.
"""

from __future__ import annotations

import asyncio
import html
import json
import time
import uuid
from abc import ABC, abstractmethod
from collections.abc import Coroutine, Mapping
from typing import Any

import aiohttp

from tests.load.ledger import Ledger, Message
from tests.load.questions import Questions
from tests.standins.slack import TEAM, Slack
from tests.standins.slack_requests import encoded, event, message, signed
from tests.standins.telegram import BotApi

# https://docs.slack.dev/apis/events-api/#retries: at once, after a minute, after five.
SLACK_PAUSES, SLACK_GIVES_UP, SLACK_SECONDS = (0.0, 60.0, 300.0), 360.0, 3.0
TELEGRAM_PAUSES, TELEGRAM_GIVES_UP, TELEGRAM_SECONDS = (1.0, 2.0, 4.0, 8.0), 86_400.0, 30.0
# As widget/src/conversation.js and api.js have it: twelve tries.
WIDGET_PAUSES, WIDGET_GIVES_UP, WIDGET_SECONDS = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0), 240.0, 30.0
AGAIN = 7  # every so manieth message is sent once more, as if its answer was lost on the way


class Patient(ABC):
    """Somebody in a conversation of their own.

    Args:
        number: of the patient, from 0.
        url: of the guide.
        ledger: notes what happens.
        hurry: see above.
    """

    channel = ""

    def __init__(self, number: int, url: str, ledger: Ledger, hurry: float) -> None:
        self._url = url
        self._ledger = ledger
        self._hurry = hurry
        # An address of its own on this machine: guides and proxies count messages by address.
        place = (f"127.{64 + number // 62500}.{number // 250 % 250}.{number % 250 + 1}", 0)
        self._http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(local_addr=place))
        self.conversation = ""

    async def open(self) -> None:  # noqa: B027  the platforms need nothing before
        """Be ready to write."""

    async def close(self) -> None:
        """Write no more."""
        await self._http.close()

    @abstractmethod
    def deliver(self, message: Message) -> Coroutine[Any, Any, None]:
        """Send a message until it is taken, or nobody would try any longer."""

    async def _post(
        self, path: str, body: bytes, headers: Mapping[str, str], seconds: float
    ) -> tuple[str, bytes, Mapping[str, str]]:
        """(status, body, headers) of a request; "refused" or "late" where nobody answered."""
        timeout = aiohttp.ClientTimeout(total=seconds)
        try:
            async with self._http.post(
                self._url + path, data=body, headers=dict(headers), timeout=timeout
            ) as answer:
                return str(answer.status), await answer.read(), answer.headers
        except asyncio.TimeoutError:
            return "late", b"", {}
        except (aiohttp.ClientError, OSError):
            return "refused", b"", {}

    async def _rest(self, message: Message, pauses: tuple[float, ...], gives_up: float) -> bool:
        """Before the next try; False where there is none."""
        if message.given_up or time.monotonic() - message.sent > gives_up:
            message.give_up()
            return False
        tried = sum(status != "200" for status in message.outcomes)
        await asyncio.sleep(pauses[min(tried, len(pauses)) - 1] / self._hurry)
        return True


def _times(message: Message) -> int:
    """How often a message is sent until it is taken for good."""
    return 2 if message.number % AGAIN == 0 else 1


class SlackPatient(Patient):
    """In a direct message with the app."""

    channel = "slack"

    def __init__(self, slack: Slack, number: int, url: str, ledger: Ledger, hurry: float) -> None:
        super().__init__(number, url, ledger, hurry)
        self._user = f"U0LOAD{number}"
        slack.channels |= {self._user, f"D{self._user[1:]}"}
        self.conversation = f"slack:{TEAM}:{self._user}"

    async def deliver(self, message_: Message) -> None:
        """Until it is taken."""
        text = html.escape(message_.question.text, quote=False)
        body = event(message(text, self._user), f"Ev{uuid.uuid4().hex.upper()}")
        message_.event_id = f"{TEAM}:{body['event_id']}"
        raw, kind = encoded(body)
        left = _times(message_)
        while left:
            status = await self._try(raw, kind, len(message_.outcomes))
            message_.outcomes.append(status)
            if status == "200":
                left -= 1
            elif not await self._rest(message_, SLACK_PAUSES, SLACK_GIVES_UP):
                return

    async def _try(self, raw: bytes, kind: str, tries: int) -> str:
        headers = signed(raw, kind)
        if tries:
            headers |= {"x-slack-retry-num": str(tries), "x-slack-retry-reason": "http_error"}
        return (await self._post("/webhooks/slack/events", raw, headers, SLACK_SECONDS))[0]


class TelegramPatient(Patient):
    """In a private chat with the bot."""

    channel = "telegram"

    def __init__(self, api: BotApi, number: int, url: str, ledger: Ledger, hurry: float) -> None:
        super().__init__(number, url, ledger, hurry)
        self._api = api
        self.chat = 700_000 + number
        self.conversation = f"telegram:{self.chat}"

    async def deliver(self, message: Message) -> None:
        """Until it is taken."""
        update = self._api.text(self.chat, message.question.text)
        message.event_id = str(update["update_id"])
        raw = json.dumps(update).encode()
        headers = {"content-type": "application/json", **self._api.headers()}
        left = _times(message)
        while left:
            status, _, _ = await self._post(
                "/webhooks/telegram/webhook", raw, headers, TELEGRAM_SECONDS
            )
            message.outcomes.append(status)
            if status == "200":
                left -= 1
            elif not await self._rest(message, TELEGRAM_PAUSES, TELEGRAM_GIVES_UP):
                return


class WebPatient(Patient):
    """At the widget."""

    channel = "web"

    def __init__(
        self, questions: Questions, number: int, url: str, ledger: Ledger, hurry: float
    ) -> None:
        super().__init__(number, url, ledger, hurry)
        self._questions = questions
        self._headers: dict[str, str] = {}

    async def open(self) -> None:
        """A session; its id names the conversation."""
        json_ = {"content-type": "application/json"}
        while True:
            status, body, _ = await self._post("/chat/session", b"{}", json_, WIDGET_SECONDS)
            if status == "201":
                token = json.loads(body)["token"]
                self._headers = {**json_, "authorization": f"Bearer {token}"}
                self.conversation = f"web:{token.partition('.')[0]}"
                return
            await asyncio.sleep(WIDGET_PAUSES[1] / self._hurry)

    async def deliver(self, message: Message) -> None:
        """Until there is a reply, as the widget does."""
        id_ = uuid.uuid4().hex
        message.event_id = f"{self.conversation}:{id_}"
        raw = json.dumps({"id": id_, "text": message.question.text}).encode()
        replies: list[dict[str, Any]] = []
        while len(replies) < _times(message):
            status, body, headers = await self._post(
                "/chat/messages", raw, self._headers, WIDGET_SECONDS
            )
            message.outcomes.append(status)
            if status == "200":
                replies.append(json.loads(body)["reply"])
                continue
            asked = headers.get("Retry-After", "")
            pauses = (float(asked) * self._hurry,) if asked.isdecimal() else WIDGET_PAUSES
            if status[0] == "4" and status != "429":  # the same again would be refused again
                message.give_up()
            message.offline = True
            if not await self._rest(message, pauses, WIDGET_GIVES_UP):
                return
        for reply in replies:
            told = self._questions.told(reply["text"])
            self._ledger.replied(message, reply["text"], told, reply["stored"])
