"""The Telegram channel: Telegram posts updates here, and each gets 200.

https://core.telegram.org/bots/api#setwebhook
"""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.exc import SQLAlchemyError

from guide.channels.telegram_chats import NAME, TelegramChats
from guide.channels.telegram_client import NEEDED, Settings, bot_of, read_settings
from guide.channels.telegram_sender import HEADER, is_from_telegram
from guide.channels.telegram_setup import set_up_in_time
from guide.channels.telegram_translate import read
from guide.channels.turns import Handler, shared_turns
from guide.channels.worklist import Worklist
from guide.settings import SettingError

logger = logging.getLogger(__name__)


class TelegramChannel(InputChannel):
    """credentials.yml: `guide.channels.telegram.TelegramChannel:`; settings by environment."""

    def __init__(self, settings: Settings | None) -> None:
        self._settings = settings

    @classmethod
    def name(cls) -> str:
        """Part of the path: /webhooks/telegram."""
        return NAME

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> TelegramChannel:
        """Off without settings, and with such as cannot work; the other channels go on."""
        try:
            settings = read_settings()
        except SettingError as error:
            logger.error("telegram is off: %s", error)
            return cls(None)
        if settings is None:
            logger.warning("telegram is off: %s is not set", NEEDED[0])
        return cls(settings)

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """The route for updates; none where the channel is off."""
        routes = Blueprint("telegram_channel")
        settings = self._settings
        if settings is None:
            return routes
        turns = shared_turns()
        chats = TelegramChats(turns, on_new_message, Worklist(NAME))

        @routes.listener("after_server_start")
        async def start(*_: object) -> None:
            bot = bot_of(settings)
            await chats.open(bot)
            routes.ctx.setting_up = turns.start(set_up_in_time(bot, settings, turns.gate.wording))

        @routes.listener("before_server_stop")
        async def stop(*_: object) -> None:
            routes.ctx.setting_up.cancel()

        @routes.listener("after_server_stop")  # until then it accepts
        async def stopped(*_: object) -> None:
            await chats.close()

        @routes.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            if not is_from_telegram(request.headers.get(HEADER), settings.secret):
                return response.empty(401)
            received = read(_json(request.body))
            try:
                if received is not None:
                    # Shielded: an update that is accepted is worked on, whoever goes away.
                    await asyncio.shield(turns.start(chats.take(received)))
            except (SQLAlchemyError, OSError) as error:
                # Not accepted: Telegram sends it again.
                logger.error("telegram: update not accepted, %s", type(error).__name__)
                return response.empty(503)
            return response.empty(200)

        return routes


def _json(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
