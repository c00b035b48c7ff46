"""The real server and a stand-in of Telegram's Bot API: what a patient there sees."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from guide.channels.markup import parse, to_telegram
from guide.channels.telegram_client import PATH
from tests.conftest import Guide, started, wait_for
from tests.server.scenario import Scenario, read_scenarios
from tests.server.talk import WORDING, Talk, kind, titles
from tests.standins.registry import Registry
from tests.standins.telegram import TOKEN, BotApi
from tests.standins.telegram_methods import Sent
from tests.standins.telegram_rules import checked_text

pytestmark = pytest.mark.server
SECRET = "a-secret-of-thirty-characters_"
JUDGEMENTS = [WORDING.say("feedback_helpful"), WORDING.say("feedback_unhelpful")]


class Patient:
    """Somebody who writes to the bot. `last` is the newest message of the bot."""

    _numbers = iter(range(5001, 9000))

    def __init__(self, api: BotApi) -> None:
        self._api = api
        self.chat = next(self._numbers)

    @property
    def last(self) -> Sent:
        return self._api.messages(self.chat)[-1]

    def say(self, text: str) -> Sent:
        """Type; the one message that answers."""
        return self._answered(lambda: self._api.write(self.chat, text))

    def press(self, title: str) -> Sent:
        """Press a button of the last message; the one message that answers."""
        return self._answered(lambda: self._api.deliver(self._api.press(self.last, title)))

    def _answered(self, act: Callable[[], int]) -> Sent:
        before = len(self._api.messages(self.chat))
        assert act() == 200
        until(lambda: len(self._api.messages(self.chat)) > before)
        assert len(self._api.messages(self.chat)) == before + 1
        return self.last


def until(true: Callable[[], object], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "did not happen"
        time.sleep(0.02)


@pytest.fixture(scope="module")
def api() -> Iterator[BotApi]:
    with BotApi() as running:
        yield running


@pytest.fixture(scope="module")
def telegram_guide(
    model: object, api: BotApi, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Guide]:
    """A guide with a bot, whose address it is told at start."""
    from guide.evaluation.agent import free_port  # brings Rasa, which takes seconds

    log = tmp_path_factory.mktemp("telegram") / "chat.log"
    url = f"http://127.0.0.1:{(port := free_port())}"
    environment = {
        "GUIDE_PORT": str(port), "ACTIONS_PORT": str(free_port()), "GUIDE_VAR": str(log.parent),
        "TELEGRAM_API_URL": api.url, "TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_SECRET": SECRET,
        "TELEGRAM_WEBHOOK_URL": url + PATH,
    }  # fmt: skip
    with Registry() as registry, started(["-m", "guide.serve"], log, **environment) as process:
        wait_for(f"{url}/webhooks/rest/", process)
        guide = Guide(url, registry, log, int(environment["ACTIONS_PORT"]))
        with guide.action_server():
            until(lambda: api.state.short_description)
            yield guide


@pytest.fixture
def patient(telegram_guide: Guide, api: BotApi) -> Patient:
    return Patient(api)


def shown(markdown: str) -> str:
    """What Telegram shows of a reply."""
    return checked_text({"text": to_telegram(parse(markdown)), "parse_mode": "HTML"})[0]


def offered(sent: Sent) -> list[str]:
    """The buttons but for the two judgements."""
    return [title for title in sent.titles if title not in JUDGEMENTS]


@pytest.mark.parametrize("scenario", read_scenarios(), ids=lambda scenario: scenario.name)
def test_a_scenario_goes_as_it_does_for_programs(
    telegram_guide: Guide, patient: Patient, scenario: Scenario
) -> None:
    """What the replies must be is checked where REST plays the scenarios."""
    talk = Talk(telegram_guide)
    for turn in scenario.turns:
        if turn.when and kind(talk.last) != turn.when:
            return
        if turn.say:
            reply, sent = talk.say(turn.say), patient.say(turn.say)
        else:
            number = int(turn.press) if turn.press.isdecimal() else 0
            title = titles(talk.last)[number - 1] if number else turn.press
            reply = talk.press(turn.press)
            # A button whose token is too long is not there; its title can be typed.
            sent = patient.press(title) if title in patient.last.titles else patient.say(title)
        assert sent.text == shown(reply["text"])
        assert [title for title in titles(reply) if title in sent.titles] == offered(sent)
        assert all(len(row) == 1 for row in sent.buttons)


def test_a_conversation_from_start_to_delete(patient: Patient) -> None:
    first = patient.say("/start")
    assert shown(WORDING.say("telegram_first")) in first.text
    answer = patient.say("What is CAR T-cell therapy?")
    assert answer.titles[-2:] == JUDGEMENTS
    chosen = offered(answer)[0]
    patient.press(chosen)
    until(lambda: answer.edited)
    assert answer.text.endswith(f"You chose: {chosen}")
    why = patient.press("Not helpful")
    assert shown(WORDING.say("feedback_why")) == why.text
    patient.press("It was unclear")
    assert shown(WORDING.say("erased")) in patient.say("/delete").text
    assert shown(WORDING.say("nothing_yet")) in patient.say("tell me more").text


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("/help", "what it is, and how it works"),
        ("/privacy", "This chat keeps what you write for a limited time"),
        ("/trials", "clinicaltrials.gov"),
    ],
)
def test_commands_are_understood(patient: Patient, command: str, words: str) -> None:
    sent = patient.say(command)
    assert words in sent.text + str(sent.entities)


def test_an_emergency_is_first_and_alone(patient: Patient) -> None:
    sent = patient.say("I have chest pain")
    assert sent.text.startswith("Call 911 now")
    assert sent.titles == []


def test_every_kind_of_update_is_taken(api: BotApi, patient: Patient) -> None:
    patient.say("hello")
    place = {"id": patient.chat, "type": "private", "first_name": "Ann"}
    person = {"id": patient.chat, "is_bot": False, "first_name": "Ann"}
    member = {"user": api.bot, "status": "member"}
    update = api.update(
        my_chat_member={
            "chat": place, "from": person, "date": 1, "old_chat_member": member,
            "new_chat_member": {**member, "status": "kicked", "until_date": 0},
        }
    )  # fmt: skip
    allowed = api.state.webhook.pop("allowed_updates")
    try:
        assert api.deliver(update) == 200
        assert api.deliver(api.update(poll={"id": "1"})) == 200
    finally:
        api.state.webhook["allowed_updates"] = allowed


def test_the_log_holds_neither_token_nor_words(telegram_guide: Guide, patient: Patient) -> None:
    patient.say("Zqxwmarker what is CAR T-cell therapy")
    log = telegram_guide.chat_log.read_text(encoding="utf-8")
    assert "zqxwmarker" not in log.lower()
    assert TOKEN.split(":")[1] not in log
    assert SECRET not in log
