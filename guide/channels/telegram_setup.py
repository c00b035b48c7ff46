"""Tells Telegram where to send, and what the bot is; `make telegram` also checks all of it.

python -m guide.channels.telegram_setup
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import sys
from datetime import datetime, timezone

import httpx
from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats, User, WebhookInfo
from telegram.error import InvalidToken, RetryAfter, TelegramError

from guide.channels.telegram_client import (
    NEEDED,
    PATH,
    Settings,
    bot_of,
    read_settings,
    wait_of,
)
from guide.channels.telegram_sender import HEADER
from guide.content import DATA, load
from guide.content.wording import Wording, load_wording
from guide.settings import SettingError

logger = logging.getLogger("guide.channels.telegram")

# Edits, reactions and who joins or blocks are nothing that the guide answers.
UPDATES = ("message", "callback_query")
MAX_PAUSE = 300
SECONDS = 10


async def set_up(bot: Bot, settings: Settings, wording: Wording) -> User:
    """Set the webhook, the commands' menu and the descriptions; who the bot is.

    Raises:
        telegram.error.TelegramError: Telegram refuses or cannot be reached.
    """
    me = await bot.get_me()
    await bot.set_webhook(
        settings.webhook, allowed_updates=list(UPDATES), secret_token=settings.secret
    )
    # Written only where they differ: Telegram allows few changes, and every server does this.
    menu = [BotCommand(*entry) for entry in wording.mappings["telegram_menu"].items()]
    scope = BotCommandScopeAllPrivateChats()
    if list(await bot.get_my_commands(scope)) != menu:
        await bot.set_my_commands(menu, scope)
    description = wording.say("telegram_description")
    if (await bot.get_my_description()).description != description:
        await bot.set_my_description(description)
    short = wording.say("telegram_short_description")
    if (await bot.get_my_short_description()).short_description != short:
        await bot.set_my_short_description(short)
    return me


async def set_up_in_time(bot: Bot, settings: Settings, wording: Wording) -> None:
    """`set_up`, tried until it succeeds; only a wrong token ends it. Never raises for Telegram."""
    pause = 1.0
    while True:
        try:
            await set_up(bot, settings, wording)
        except InvalidToken:
            logger.error("telegram: no bot has this TELEGRAM_BOT_TOKEN; see make telegram")
            return
        except TelegramError as error:
            told = explained(error, settings)
            wait = wait_of(error) if isinstance(error, RetryAfter) else pause
            logger.warning("telegram: not set up, next try in %.0f s: %s", wait, told)
            await asyncio.sleep(wait)
            pause = min(2 * pause, MAX_PAUSE)
        else:
            logger.info("telegram: set up")
            return


def explained(error: TelegramError, settings: Settings) -> str:
    """What Telegram said, without what nobody may read."""
    return str(error).replace(settings.token, "<token>").replace(settings.secret, "<secret>")


async def check(bot: Bot, settings: Settings, me: User) -> list[str]:
    """What is wrong with a bot that is set up, each in a sentence or two; [] is nothing."""
    wrong = [
        *_webhook_faults(await bot.get_webhook_info(), settings),
        *await _guide_faults(settings),
    ]
    if me.can_join_groups:
        wrong.append(
            "The bot can be added to groups, where it only asks people to write privately. "
            "In @BotFather: /setjoingroups, Disable."
        )
    if me.can_read_all_group_messages:
        wrong.append(
            "The bot would be sent everything that is said in a group. "
            "In @BotFather: /setprivacy, Enable."
        )
    return wrong


def _webhook_faults(info: WebhookInfo, settings: Settings) -> list[str]:
    wrong = []
    if info.url != settings.webhook:
        wrong.append(
            f"Telegram sends to {info.url or 'nowhere'}: another program uses this token. "
            "Give each bot a token of its own."
        )
    if info.last_error_message and info.last_error_date:
        ago = datetime.now(timezone.utc) - info.last_error_date
        minutes = max(0, round(ago.total_seconds() / 60))
        wrong.append(
            f"Telegram could not deliver {minutes} minutes ago: {info.last_error_message}. "
            f"{info.pending_update_count} messages wait; if new ones arrive, this is over."
        )
    return wrong


async def _guide_faults(settings: Settings) -> list[str]:
    """Knocks at the webhook as Telegram does, and as somebody who does not know the secret."""
    try:
        async with httpx.AsyncClient(timeout=SECONDS) as client:
            known = await client.post(settings.webhook, json={}, headers={HEADER: settings.secret})
            stranger = await client.post(settings.webhook, json={})
    except httpx.HTTPError as error:
        return [f"The guide does not answer at {settings.webhook}: {type(error).__name__}."]
    if known.status_code == 404:
        return [
            f"There is a server at {settings.webhook}, but its Telegram channel is off. "
            f"Start the guide with {', '.join(NEEDED)}; is its path {PATH} passed on unchanged?"
        ]
    if known.status_code == 401:
        return ["The running guide has another TELEGRAM_SECRET. Start it again with this one."]
    if known.status_code != 200:
        return [f"The guide answers with status {known.status_code} at {settings.webhook}."]
    if stranger.status_code != 401:
        return [f"{settings.webhook} takes messages from strangers. It is not this guide."]
    return []


async def _run(settings: Settings) -> int:
    wording = load_wording(DATA, load(DATA).article)
    bot = bot_of(settings)
    try:
        me = await set_up(bot, settings, wording)
        print(f"@{me.username}: webhook, commands and descriptions are set. {me.link}")
        wrong = await check(bot, settings, me)
    except InvalidToken:
        wrong = ["Telegram does not know TELEGRAM_BOT_TOKEN. Ask @BotFather for it: /token."]
    except TelegramError as error:
        wrong = [f"Telegram at {settings.api} says: {explained(error, settings)}"]
    for sentence in wrong:
        print(f"- {sentence}", file=sys.stderr)
    if not wrong:
        print("Everything is right: write to it.")
    return 1 if wrong else 0


def main() -> int:
    """Sets up and checks the bot of the environment's settings; 0 when all is right."""
    try:
        settings = read_settings()
    except SettingError as error:
        print(error, file=sys.stderr)
        print(f"A secret to use: TELEGRAM_SECRET={secrets.token_urlsafe(32)}", file=sys.stderr)
        return 2
    if settings is None:
        print(
            "TELEGRAM_BOT_TOKEN is not set. In Telegram, write /newbot to @BotFather, and put the "
            f"token into .env, with {' and '.join(NEEDED[1:])}.",
            file=sys.stderr,
        )
        return 2
    return asyncio.run(_run(settings))


if __name__ == "__main__":
    sys.exit(main())
