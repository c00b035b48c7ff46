"""Talking to Telegram: settings, the bot, and patience where another try can help."""

from __future__ import annotations

import asyncio
import logging
import os
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar
from urllib.parse import urlsplit

import telegram
from telegram.error import BadRequest, NetworkError, RetryAfter

from guide.settings import SettingError

API_URL = "https://api.telegram.org"
NEEDED = ("TELEGRAM_BOT_TOKEN", "TELEGRAM_SECRET", "TELEGRAM_WEBHOOK_URL")
PATH = "/webhooks/telegram/webhook"
MIN_SECRET = 24
# Seconds between tries: about ten minutes, after which an answer comes too late to be one.
PAUSES = (1, 2, 4, 8, 15, 30, 60, 60, 120, 300)
# They log addresses, which hold the token, and what patients are told; failures are raised.
_TALKATIVE = ("httpx", "httpcore", "telegram")
_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+", re.ASCII)
_SECRET = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_T = TypeVar("_T")


@dataclass(frozen=True)
class Settings:
    """A bot's token, the secret that Telegram sends along, where to send, and whom to ask."""

    token: str = field(repr=False)
    secret: str = field(repr=False)
    webhook: str
    api: str = API_URL


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings | None:
    """The settings; None where there is no token, which means no bot.

    Raises:
        SettingError: half of them, or one that cannot work. It names the setting, not its value.
    """
    token, secret, webhook = (environment.get(name, "").strip() for name in NEEDED)
    api = environment.get("TELEGRAM_API_URL", "").strip().rstrip("/") or API_URL
    if not token:
        return None
    missing = [name for name in NEEDED if not environment.get(name, "").strip()]
    if missing:
        raise SettingError(f"{' and '.join(missing)} must be set too")
    if not _TOKEN.fullmatch(token):
        raise SettingError("TELEGRAM_BOT_TOKEN must look like 123456:ABC-def (from @BotFather)")
    if not _SECRET.fullmatch(secret) or not MIN_SECRET <= len(secret) <= 256:
        raise SettingError(
            f"TELEGRAM_SECRET must be {MIN_SECRET} to 256 letters, digits, underscores or hyphens"
        )
    # Only a Bot API server of one's own sends to addresses without encryption.
    schemes = {"https"} if api == API_URL else {"https", "http"}
    address = urlsplit(webhook)
    if address.scheme not in schemes or not address.hostname or address.path != PATH:
        raise SettingError(f"TELEGRAM_WEBHOOK_URL must be https://<your host>{PATH}")
    if urlsplit(api).scheme not in {"https", "http"}:
        raise SettingError("TELEGRAM_API_URL must begin with https://")
    return Settings(token, secret, webhook, api)


def bot_of(settings: Settings) -> telegram.Bot:
    """A client for one event loop; nothing is sent yet."""
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    # Times as the library's next version gives them, without a warning at each.
    os.environ["PTB_TIMEDELTA"] = "true"
    return telegram.Bot(settings.token, base_url=f"{settings.api}/bot")


async def patiently(call: Callable[[], Awaitable[_T]]) -> _T:
    """What a call gives, tried again while that can help, and no sooner than Telegram wants.

    Raises:
        telegram.error.TelegramError: Telegram refuses, or cannot be reached for ten minutes.
    """
    for pause in PAUSES:
        try:
            return await call()
        except RetryAfter as error:
            await asyncio.sleep(wait_of(error))
        except BadRequest:  # the library counts it among the network's errors
            raise
        except NetworkError:
            await asyncio.sleep(pause)
    return await call()


def wait_of(error: RetryAfter) -> float:
    """The seconds that Telegram asks to wait."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
