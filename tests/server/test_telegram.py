"""The real server and a stand-in of Telegram's Bot API: what a patient there sees."""

from __future__ import annotations

import pytest

from tests.conftest import BOT_SECRET, Guide
from tests.server.channels import Running, words_of_markdown
from tests.server.channels.telegram import TelegramPatient, until
from tests.server.talk import WORDING
from tests.standins.slack import Slack
from tests.standins.telegram import TOKEN, BotApi

pytestmark = pytest.mark.server


@pytest.fixture
def patient(guide: Guide, slack: Slack, bot_api: BotApi) -> TelegramPatient:
    return TelegramPatient(Running(guide, slack, bot_api))


def read(name: str) -> str:
    """A text of data/wording.yml as it is read."""
    return words_of_markdown(WORDING.say(name))


def test_a_conversation_from_start_to_delete(patient: TelegramPatient) -> None:
    assert read("telegram_first") in patient.say("/start").words
    chosen = patient.say("What is CAR T-cell therapy?").buttons[0]
    answer = patient.last
    patient.press(chosen)
    until(lambda: answer.edited)
    assert answer.text.endswith(f"You chose: {chosen}")
    patient.press("Not helpful")
    patient.press("It was unclear")
    assert read("erased") in patient.say("/delete").words
    assert read("nothing_yet") in patient.say("tell me more").words


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("/help", "what it is, and how it works"),
        ("/privacy", "This chat keeps what you write for 180 days"),
        ("/trials", "clinicaltrials.gov"),
    ],
)
def test_commands_are_understood(patient: TelegramPatient, command: str, words: str) -> None:
    assert words in patient.say(command).words


def test_every_kind_of_update_is_taken(bot_api: BotApi, patient: TelegramPatient) -> None:
    patient.say("hello")
    place = {"id": patient.chat, "type": "private", "first_name": "Ann"}
    person = {"id": patient.chat, "is_bot": False, "first_name": "Ann"}
    member = {"user": bot_api.bot, "status": "member"}
    update = bot_api.update(
        my_chat_member={
            "chat": place, "from": person, "date": 1, "old_chat_member": member,
            "new_chat_member": {**member, "status": "kicked", "until_date": 0},
        }
    )  # fmt: skip
    allowed = bot_api.state.webhook.pop("allowed_updates")
    try:
        assert bot_api.deliver(update) == 200
        assert bot_api.deliver(bot_api.update(poll={"id": "1"})) == 200
    finally:
        bot_api.state.webhook["allowed_updates"] = allowed


def test_the_log_holds_neither_token_nor_words(guide: Guide, patient: TelegramPatient) -> None:
    patient.say("Zqxwmarker what is CAR T-cell therapy")
    log = guide.chat_log.read_text(encoding="utf-8")
    assert "zqxwmarker" not in log.lower()
    assert TOKEN.split(":")[1] not in log
    assert BOT_SECRET not in log
