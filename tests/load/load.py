"""Patients who write at a steady rate, all together."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine, Iterator
from typing import Any

from tests.load.check import Report, check
from tests.load.ledger import Ledger, Message
from tests.load.patients import Patient, SlackPatient, TelegramPatient, WebPatient
from tests.load.questions import Question, Questions
from tests.standins.slack import TEAM, Slack
from tests.standins.telegram import BotApi

LOOK_SECONDS = 0.03
# A reply that comes twice comes soon after the first.
SETTLE_SECONDS = 1.0


class Load:
    """See the package.

    Args:
        url: of the guide, or of what stands before it.
        slack, bot_api: the platforms that the guide is connected to; None leaves a channel out.
        patients: how many; they are spread over the channels.
        per_second: messages of all patients together, as long as somebody has nothing to wait for.
        patience: seconds after which a patient no longer waits for a reply.
        hurry: how many times faster than in life the widget and the platforms try again.
        questions: what is asked; by default the project's content is.
    """

    def __init__(
        self,
        url: str,
        slack: Slack | None,
        bot_api: BotApi | None,
        *,
        patients: int = 60,
        per_second: float = 5.0,
        patience: float = 150.0,
        hurry: float = 4.0,
        questions: Questions | None = None,
    ) -> None:
        self.ledger = Ledger()
        self._url = url
        self._slack = slack
        self._bot_api = bot_api
        self._wanted = patients
        self._pause = 1 / per_second
        self._patience = patience
        self._hurry = hurry
        self._questions = questions or Questions()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._busy = 0
        self._patients: list[Patient] = []

    async def __aenter__(self) -> Load:
        self._free: asyncio.Queue[tuple[Patient, Iterator[Question]]] = asyncio.Queue()
        for number in range(self._wanted):
            patient = self._patient(number)
            self._patients.append(patient)
            self._free.put_nowait((patient, self._questions.of(number)))
        self._watching = [self._start(self._watch(look())) for look in self._looks()]
        self._writing = self._start(self._write())
        self.began = time.monotonic()
        return self

    async def __aexit__(self, failed: type[BaseException] | None, *_: object) -> None:
        self._writing.cancel()
        end = time.monotonic() + self._patience
        while failed is None and self._busy and time.monotonic() < end:
            await asyncio.sleep(LOOK_SECONDS)
        await asyncio.sleep(0 if failed else SETTLE_SECONDS)
        self.seconds = time.monotonic() - self.began
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for patient in self._patients:
            await patient.close()

    def check(self, database_url: str) -> Report:
        """What the ledger and the guide's database say together."""
        return check(self.ledger, database_url, self.seconds)

    def answered(self) -> int:
        """How many messages have a reply by now."""
        return sum(bool(message.replies) for message in self.ledger.messages)

    async def answers(self, more: int, seconds: float) -> None:
        """Until patients got so many more replies; raises TimeoutError when time is up."""
        wanted, end = self.answered() + more, time.monotonic() + seconds
        while self.answered() < wanted:
            if time.monotonic() > end:
                raise TimeoutError(f"{self.answered()} replies, not {wanted}, after {seconds} s")
            await asyncio.sleep(LOOK_SECONDS)

    def _patient(self, number: int) -> Patient:
        about = (number, self._url, self.ledger, self._hurry)
        made: list[Patient] = []
        channels = [True, self._slack is not None, self._bot_api is not None]
        kind = [place for place, there in enumerate(channels) if there][number % sum(channels)]
        if kind == 1 and self._slack is not None:
            made.append(SlackPatient(self._slack, *about))
        elif kind == 2 and self._bot_api is not None:
            made.append(TelegramPatient(self._bot_api, *about))
        else:
            made.append(WebPatient(self._questions, *about))
        return made[0]

    async def _write(self) -> None:
        """One message each `_pause`, of whoever has waited longest since the last reply."""
        at = time.monotonic()
        while True:
            patient, questions = await self._free.get()
            self._busy += 1
            self._start(self._exchange(patient, questions))
            at = max(at + self._pause, time.monotonic())
            await asyncio.sleep(at - time.monotonic())

    async def _exchange(self, patient: Patient, questions: Iterator[Question]) -> None:
        """One message, and the wait for its reply."""
        try:
            if not patient.conversation:
                await patient.open()
            message = self.ledger.sent(patient.channel, patient.conversation, next(questions))
            delivering = self._start(patient.deliver(message))
            await self._answered(message)
            await asyncio.wait({delivering}, timeout=self._patience)
        finally:
            self._busy -= 1
        self._free.put_nowait((patient, questions))

    async def _answered(self, message: Message) -> None:
        try:
            await asyncio.wait_for(message.changed.wait(), self._patience)
        except asyncio.TimeoutError:
            message.give_up()

    def _looks(self) -> list[Any]:
        return [look for look, there in (
            (self._new_in_slack, self._slack), (self._new_in_telegram, self._bot_api),
        ) if there]  # fmt: skip

    def _new_in_slack(self) -> Iterator[None]:
        assert self._slack is not None
        seen = len(self._slack.posted)
        while True:
            posted = self._slack.posted[seen:]
            seen += len(posted)
            for message in posted:
                whose = f"slack:{TEAM}:U{message['channel'][1:]}"
                self._posted("slack", whose, message["text"])
            yield

    def _new_in_telegram(self) -> Iterator[None]:
        assert self._bot_api is not None
        seen = len(self._bot_api.sent)
        while True:
            sent = self._bot_api.sent[seen:]
            seen += len(sent)
            for message in sent:
                self._posted("telegram", f"telegram:{message.chat}", message.text)
            yield

    def _posted(self, channel: str, conversation: str, text: str) -> None:
        self.ledger.posted(channel, conversation, text, self._questions.told(text))

    async def _watch(self, look: Iterator[None]) -> None:
        for _ in look:
            await asyncio.sleep(LOOK_SECONDS)

    def _start(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
