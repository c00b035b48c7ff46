"""The check of a load finds each fault that it is there for, and none in a sound one."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest
import sqlalchemy as sa

from guide.channels.markup import Block, parse, to_plain, to_slack
from guide.store.inbox import Event, Inbox
from guide.store.tables import EVENTS, TURNS, make_tables
from tests.load.check import FAULTS, check
from tests.load.ledger import Ledger, Message
from tests.load.questions import Question, Questions
from tests.server.talk import CONTENT

WHOSE = "web:somebody"
ASKED = [Question("how much is it", "cost"), Question("is it approved", "approved")]


class Run:
    """Two messages of one patient, sent, answered and stored, as a test wants it.

    Args:
        database: the address of an empty one.
    """

    def __init__(self, database: str) -> None:
        self.database = database
        self.ledger = Ledger()
        self.messages = [self.ledger.sent("web", WHOSE, question) for question in ASKED]
        self.engine = sa.create_engine(database)
        make_tables(self.engine)

    def answered(self, message: Message, about: str = "", text: str = "words") -> None:
        """A reply that is acknowledged."""
        told = frozenset({about or message.question.about})
        self.ledger.replied(message, text, told, stored=True)

    def stored(self, text: str, event: str = "") -> None:
        """A turn and its event; the event's text is the turn's unless given."""
        turn = {"conversation": WHOSE, "time": 1.0, "channel": "web", "text": text, "kind": "x"}
        row = {"sender_id": WHOSE, "type_name": "user", "data": json.dumps({"text": event or text})}
        with self.engine.begin() as connection:
            connection.execute(TURNS.insert().values(**turn))
            connection.execute(EVENTS.insert().values(**row))

    def faults(self) -> set[str]:
        """What the check finds."""
        return set(check(self.ledger, self.database).faults)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Nothing is answered or stored yet."""
    return Run(f"sqlite:///{tmp_path / 'guide.db'}")


def sound(run: Run) -> None:
    for message in run.messages:
        run.answered(message)
        run.stored(message.question.text)


def lost(run: Run) -> None:
    sound(run)
    with run.engine.begin() as connection:
        connection.execute(sa.delete(TURNS).where(TURNS.c.text == ASKED[0].text))
        connection.execute(sa.delete(EVENTS).where(EVENTS.c.id == 1))


def stored_twice(run: Run) -> None:
    sound(run)
    run.stored(ASKED[1].text)


def answered_twice(run: Run) -> None:
    sound(run)
    run.answered(run.messages[0], text="other words")


def in_another_order(run: Run) -> None:
    for message in reversed(run.messages):
        run.answered(message)
        run.stored(message.question.text)


def of_somebody_else(run: Run) -> None:
    sound(run)
    run.stored("what nobody here asked")


def answered_for_another(run: Run) -> None:
    sound(run)
    run.messages[0].replies.clear()
    run.answered(run.messages[0], about="approved")


def silent(run: Run) -> None:
    run.answered(run.messages[0])
    run.stored(ASKED[0].text)


def with_another_event(run: Run) -> None:
    run.answered(run.messages[0])
    run.answered(run.messages[1])
    run.stored(ASKED[0].text)
    run.stored(ASKED[1].text, event="other words")


def left_open(run: Run) -> None:
    sound(run)
    run.messages[0].event_id = "one"
    Inbox(run.engine).accept(Event("web", "one", WHOSE, "{}"))


@pytest.mark.parametrize(
    ("make", "found"),
    [
        (sound, set()),
        (lost, {"lost"}),
        (stored_twice, {"twice"}),
        (answered_twice, {"twice"}),
        (in_another_order, {"order"}),
        (of_somebody_else, {"foreign"}),
        (answered_for_another, {"wrong"}),
        (silent, {"unanswered"}),
        (with_another_event, {"uneven"}),
        (left_open, {"open"}),
    ],
)
def test_faults_are_found(
    run: Run, monkeypatch: pytest.MonkeyPatch, make: Callable[[Run], None], found: set[str]
) -> None:
    monkeypatch.setattr("tests.load.check.SETTLE_SECONDS", 0.0)
    make(run)
    assert run.faults() == found
    assert found <= set(FAULTS)


@pytest.mark.parametrize("render", [to_plain, to_slack])
def test_an_answer_is_known_in_any_markup(render: Callable[[tuple[Block, ...]], str]) -> None:
    questions = Questions()
    for id_, answer in CONTENT.answers.items():
        assert id_ in questions.told(render(parse(answer.answer)))


def test_a_patient_asks_nothing_twice() -> None:
    asked = [question.text for question in islice(Questions().of(1), 300)]
    assert len(set(asked)) == len(asked)
