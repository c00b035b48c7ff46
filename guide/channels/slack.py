"""The Slack channel: one address for events, buttons and commands; who sends is checked first.

Set up with deploy/slack-manifest.yaml. SLACK_SIGNING_SECRET and SLACK_BOT_TOKEN come from the
environment; without them the channel is off.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse
from slack_bolt import BoltResponse
from slack_bolt.adapter.sanic import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from guide.channels.slack_send import Sender, silent
from guide.channels.slack_signature import Signatures
from guide.channels.slack_translate import CHANNEL, read
from guide.channels.slack_work import Desk
from guide.channels.turns import Handler, Turns, log_failure, shared_turns
from guide.channels.worklist import Worklist
from guide.settings import SettingError

logger = logging.getLogger(__name__)

API_URL = "https://slack.com/api/"
ANYTHING = re.compile("")


@dataclass(frozen=True)
class Access:
    """What Slack gave us. `api_url` is where its Web API stands."""

    signing_secret: str
    token: str
    api_url: str = API_URL


def access_from_environment() -> Access | None:
    """The settings; None where there are none.

    Raises:
        SettingError: half of them, or what cannot be right.
    """
    secret = os.environ.get("SLACK_SIGNING_SECRET", "").strip()
    token = os.environ.get("SLACK_BOT_TOKEN", "").strip()
    url = os.environ.get("SLACK_API_URL", "").strip() or API_URL
    if not secret and not token:
        return None
    if not secret or not token:
        missing = "SLACK_BOT_TOKEN" if secret else "SLACK_SIGNING_SECRET"
        raise SettingError(f"{missing} is not set; Slack needs both")
    if not token.startswith("xoxb-"):
        raise SettingError("SLACK_BOT_TOKEN must be a bot token, which begins with xoxb-")
    if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
        raise SettingError("SLACK_API_URL must be an http(s) address")
    return Access(secret, token, url)


class SlackChannel(InputChannel):
    """credentials.yml: `guide.channels.slack.SlackChannel:`"""

    def __init__(self, access: Access | None) -> None:
        self._access = access

    @classmethod
    def name(cls) -> str:
        """Part of the path: /webhooks/slack."""
        return CHANNEL

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> SlackChannel:
        """From the environment; what is wrong there turns this channel off and no other."""
        try:
            access = access_from_environment()
        except SettingError as error:
            logger.error("Slack is off: %s", error)
            return cls(None)
        if access is None:
            logger.warning("Slack is off: SLACK_SIGNING_SECRET and SLACK_BOT_TOKEN are not set")
        return cls(access)

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """The routes; none where the channel is off. `on_new_message` runs one turn."""
        routes = Blueprint("slack_channel")
        if self._access is not None:
            _connect(routes, self._access, shared_turns(), on_new_message)
        return routes


def _connect(routes: Blueprint, access: Access, turns: Turns, handler: Handler) -> None:
    signatures = Signatures(access.signing_secret)
    sender = Sender(access.token, access.api_url)
    worklist = Worklist(CHANNEL)
    desk = Desk(turns, handler, sender, worklist)
    slack = AsyncSlackRequestHandler(bolt_app(access, sender, desk))

    @routes.route("/events", methods=["POST"])
    async def receive(request: Request) -> HTTPResponse:
        if not signatures.genuine(request.body, request.headers):
            return response.json({"error": "not signed by Slack"}, status=401)
        # A task of its own: what was accepted is worked on though Slack hangs up.
        handling = turns.start(slack.handle(request))
        try:
            answer: HTTPResponse = await asyncio.shield(handling)
        except (ValueError, AttributeError, TypeError):  # Bolt's, for a body that is no object
            return response.json({"error": "unknown form"}, status=400)
        return answer

    @routes.listener("after_server_start")
    async def start(*_: Any) -> None:
        routes.ctx.slack = turns.start(desk.look_after())

    @routes.listener("before_server_stop")
    async def stop(*_: Any) -> None:
        routes.ctx.slack.cancel()

    @routes.listener("after_server_stop")  # until then it accepts
    async def stopped(*_: Any) -> None:
        await worklist.close()


def bolt_app(access: Access, sender: Sender, desk: Desk) -> AsyncApp:
    """Bolt, which tells the kinds of requests apart and answers Slack's own questions."""

    async def authorize(team_id: str | None, enterprise_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=access.token)

    app = AsyncApp(
        logger=silent,
        client=sender.client,
        authorize=authorize,
        signing_secret=access.signing_secret,
        # Slack gets its 200 when the event is committed, not before.
        process_before_response=True,
        # Signatures has looked already.
        request_verification_enabled=False,
        ssl_check_enabled=False,
    )

    @app.event(ANYTHING)
    async def event(body: dict[str, Any]) -> None:
        if message := read(body):
            await desk.receive(message)

    @app.action(ANYTHING)
    async def press(ack: Any, body: dict[str, Any]) -> None:
        if message := read(body):
            await desk.receive(message)
        await ack()

    @app.command(ANYTHING)
    async def command(ack: Any, body: dict[str, Any]) -> None:
        message = read(body)
        answer = await desk.command(message) if message else None
        await ack({"response_type": "ephemeral", **answer} if answer else "")

    @app.error
    async def failed(error: Exception) -> BoltResponse:
        """Slack sends an event again that was not accepted."""
        log_failure(CHANNEL, error)
        return BoltResponse(status=503)

    return app
