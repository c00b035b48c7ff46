"""Calls to Slack's Web API and response addresses, repeated while Slack is busy or away."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

logger = logging.getLogger(__name__)

TIMEOUT_SECONDS = 8
PAUSES = (0.5, 2.0, 6.0)  # seconds before the second, third and fourth attempt
MAX_SECONDS = 30.0  # the last attempt begins before; then the event waits in the inbox
BUSY = frozenset(
    {"ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable",
     "request_timeout"}
)  # fmt: skip
BAD_BLOCKS = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"})

# slack_sdk and Bolt log whole requests: patients' words.
silent = logging.getLogger("guide.channels.slack.sdk")
silent.setLevel(logging.CRITICAL + 1)


class RefusedError(Exception):
    """Slack will not take it, now or later. `code` is Slack's own."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class UnreachableError(Exception):
    """Slack was busy or away each time."""


class _BusyError(Exception):
    """Worth another attempt, after `wait` seconds where Slack says so."""

    def __init__(self, wait: float | None = None) -> None:
        super().__init__()
        self.wait = wait


class Sender:
    """Every call raises RefusedError or UnreachableError where it has not succeeded."""

    def __init__(self, token: str, base_url: str) -> None:
        self.client = AsyncWebClient(
            token, base_url, TIMEOUT_SECONDS, logger=silent, retry_handlers=[]
        )

    async def check(self) -> None:
        """Whether Slack knows the token."""
        await self._call("auth.test", {})

    async def post(self, channel: str, thread: str, payload: Mapping[str, Any]) -> None:
        """A message; where Slack refuses its blocks, as text alone, for it holds everything."""
        where: dict[str, Any] = {"channel": channel, "unfurl_links": False, "unfurl_media": False}
        if thread:
            where["thread_ts"] = thread
        try:
            await self._call("chat.postMessage", {**where, **payload})
        except RefusedError as error:
            if error.code not in BAD_BLOCKS:
                raise
            logger.error("Slack refused the blocks of a message: %s", error.code)
            await self._call("chat.postMessage", {**where, "text": payload["text"]})

    async def whisper(
        self, channel: str, thread: str, user: str, payload: Mapping[str, Any]
    ) -> None:
        """A message in a channel that one person sees."""
        where = {"channel": channel, "user": user, **({"thread_ts": thread} if thread else {})}
        await self._call("chat.postEphemeral", {**where, **payload})

    async def update(self, channel: str, ts: str, payload: Mapping[str, Any]) -> None:
        """Put another content into a message of ours."""
        await self._call("chat.update", {"channel": channel, "ts": ts, **payload})

    async def publish(self, user: str, view: Mapping[str, Any]) -> None:
        """Show the App Home of one person."""
        await self._call("views.publish", {"user_id": user, "view": view})

    async def respond(self, url: str, payload: Mapping[str, Any]) -> None:
        """Answer a command, or a press on a message that only one person sees."""
        client = AsyncWebhookClient(url, TIMEOUT_SECONDS, logger=silent, retry_handlers=[])

        async def attempt() -> None:
            answer = await client.send_dict(dict(payload))
            if answer.status_code == 429 or answer.status_code >= 500:
                raise _BusyError(_seconds(answer.headers))
            if answer.status_code != 200:
                raise RefusedError(f"response_url {answer.status_code}")

        await _insist(attempt)

    async def _call(self, method: str, arguments: Mapping[str, Any]) -> None:
        async def attempt() -> None:
            try:
                await self.client.api_call(method, json=dict(arguments))
            except SlackApiError as error:
                raise _meaning(error) from None

        await _insist(attempt)


def _meaning(error: SlackApiError) -> RefusedError | _BusyError:
    """What an error of the Web API calls for; a body that is none of Slack's is its gateway's."""
    data = getattr(error.response, "data", None)
    code = data.get("error") if isinstance(data, dict) else None
    if not isinstance(code, str) or code in BUSY:
        return _BusyError(_seconds(getattr(error.response, "headers", {})))
    return RefusedError(code)


def _seconds(headers: Mapping[str, str]) -> float | None:
    value = headers.get("Retry-After", "")
    return float(value) if value.isdecimal() else None


async def _insist(attempt: Callable[[], Awaitable[None]]) -> None:
    """Try until it succeeds, is refused, or Slack wants to be left alone for too long."""
    end = time.monotonic() + MAX_SECONDS
    for pause in (*PAUSES, None):
        try:
            return await attempt()
        except _BusyError as busy:
            wait = pause if busy.wait is None else busy.wait
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError):
            wait = pause
        if pause is None or wait is None or time.monotonic() + wait > end:
            break
        await asyncio.sleep(wait)
    raise UnreachableError
