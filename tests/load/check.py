"""What came of a load: the ledger beside the rows of the database, as counts and as faults."""

from __future__ import annotations

import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from statistics import median

import sqlalchemy as sa

from guide.privacy import remover
from guide.store.tables import EVENTS, INBOX, TURNS
from tests.load.ledger import Ledger, Message
from tests.load.questions import APOLOGIES

FAULTS = {
    "lost": "acknowledged with stored: true, and not in the database",
    "twice": "answered twice",
    "order": "stored in another order than sent",
    "foreign": "in the conversation, and sent by nobody in it",
    "wrong": "answered with what another message asked for",
    "unanswered": "without a worded reply",
    "uneven": "events and turns differ",
    "open": "answered, and still open in the inbox: it would be answered again",
}
SETTLE_SECONDS = 5.0


@dataclass
class Stored:
    """A conversation as the database has it: texts of its turns and of its user events, in order."""

    turns: list[str] = field(default_factory=list)
    events: list[str] = field(default_factory=list)


@dataclass
class Report:
    """`counts`: name -> channel -> number; `faults`: key of FAULTS -> names of messages."""

    seconds: float
    counts: dict[str, dict[str, float]]
    faults: dict[str, list[str]]

    def table(self) -> str:
        """The counts of each channel, the faults below."""
        channels = sorted({channel for row in self.counts.values() for channel in row})
        lines = [f"{'':46}" + "".join(f"{name:>10}" for name in (*channels, "all"))]
        for name, row in self.counts.items():
            whole = max(row.values(), default=0) if "seconds" in name else sum(row.values())
            cells = [*(row.get(channel, 0) for channel in channels), whole]
            lines.append(f"{name:46}" + "".join(f"{round(cell, 2):>10g}" for cell in cells))
        for key, meaning in FAULTS.items():
            lines.append(f"{meaning:76}{len(self.faults.get(key, [])):>10}")
        lines.append(f"{self.seconds:.0f} seconds")
        return "\n".join(lines)


def check(ledger: Ledger, database_url: str, seconds: float = 0.0) -> Report:
    """Compare. Everything is read straight from the database, once the inbox has settled."""
    engine = sa.create_engine(database_url)
    end = time.monotonic() + SETTLE_SECONDS
    while (open_ := _open(engine, ledger)) and time.monotonic() < end:
        time.sleep(0.2)
    stored = _stored(engine, set(ledger.conversations()))
    engine.dispose()
    faults: defaultdict[str, list[str]] = defaultdict(list)
    faults["open"] = open_
    for conversation in ledger.conversations():
        _conversation(ledger.of(conversation), stored[conversation], faults)
    for message in ledger.messages:
        _message(message, faults)
    faults["foreign"] += [f"a reply to nobody in {channel}" for channel in ledger.strays.elements()]
    kept = {whose: set(one.turns) for whose, one in stored.items()}
    return Report(seconds, _counts(ledger, kept), {k: v for k, v in faults.items() if v})


def _open(engine: sa.engine.Engine, ledger: Ledger) -> list[str]:
    """Messages that were answered, and that a server would take up once more."""
    asked = sa.select(INBOX.c.channel, INBOX.c.event_id).where(INBOX.c.done.is_(False))
    with engine.connect() as connection:
        rows = {(row.channel, row.event_id) for row in connection.execute(asked)}
    return [
        message.name
        for message in ledger.messages
        if message.replies and (message.channel, message.event_id) in rows
    ]


def _stored(engine: sa.engine.Engine, whose: set[str]) -> defaultdict[str, Stored]:
    found: defaultdict[str, Stored] = defaultdict(Stored)
    turns = sa.select(TURNS.c.conversation, TURNS.c.text).order_by(TURNS.c.id)
    said = EVENTS.c.type_name == "user"
    events = sa.select(EVENTS.c.sender_id, EVENTS.c.data)
    with engine.connect() as connection:
        for conversation, text in connection.execute(turns):
            if conversation in whose:
                found[conversation].turns.append(text)
        for conversation, data in connection.execute(events.where(said).order_by(EVENTS.c.id)):
            if conversation in whose:
                found[conversation].events.append(json.loads(data)["text"])
    return found


def _conversation(sent: list[Message], stored: Stored, faults: dict[str, list[str]]) -> None:
    """What the stored messages of a conversation tell against those that were sent."""
    clean = remover().clean
    said = [clean(message.question.text) for message in sent]
    whose = sent[0].conversation
    counted = Counter(stored.turns)
    faults["lost"] += [
        message.name
        for message, text in zip(sent, said, strict=True)
        if message.acknowledged and not counted[text]
    ]
    for text, times in counted.items():
        if text not in said:
            faults["foreign"].append(whose)
        elif times > said.count(text):
            faults["twice"].append(f"{whose} message {said.index(text) + 1}: {times} turns")
    places = [said.index(text) for text in dict.fromkeys(stored.turns) if text in said]
    if places != sorted(places):
        faults["order"].append(f"{whose}: {places}")
    if stored.events != stored.turns:
        faults["uneven"].append(whose)


def _message(message: Message, faults: dict[str, list[str]]) -> None:
    """What the replies to a message tell."""
    about = message.question.about
    if not message.replies:
        faults["unanswered"].append(f"{message.name}: {' '.join(message.outcomes)}")
    if len({reply.text for reply in message.replies}) > 1:
        faults["twice"].append(f"{message.name}: {len(message.replies)} replies")
    for reply in message.replies:
        if reply.told - {about, *APOLOGIES} and about not in reply.told:
            told = ", ".join(sorted(reply.told))
            faults["wrong"].append(f"{message.name}: {about}, told {told}")


def _counts(ledger: Ledger, kept: dict[str, set[str]]) -> dict[str, dict[str, float]]:
    by: defaultdict[str, list[Message]] = defaultdict(list)
    for message in ledger.messages:
        by[message.channel].append(message)
    clean = remover().clean

    def in_store(message: Message) -> bool:
        return clean(message.question.text) in kept.get(message.conversation, ())

    def told(names: Iterable[str]) -> Callable[[Message], bool]:
        wanted = set(names)
        return lambda message: any(reply.told & wanted for reply in message.replies)

    sorts: dict[str, Callable[[Message], object]] = {
        "messages": lambda _: True,
        "with a reply": lambda message: message.replies,
        "with what was asked for": lambda message: any(map(message.right, message.replies)),
        "with an apology": told(APOLOGIES),
        "told by the widget that the guide is away": lambda message: message.offline,
        "sent more than once": lambda message: len(message.outcomes) > 1,
        "the same reply shown again": lambda message: len(message.replies) > 1,
        "acknowledged (stored: true)": lambda message: message.acknowledged,
        "in the database": in_store,
        "with a reply, and not kept": lambda m: m.replies and not in_store(m),
    }
    patients = {
        channel: float(len({message.conversation for message in listed}))
        for channel, listed in by.items()
    }
    counts = {
        name: {channel: float(sum(bool(is_(m)) for m in listed)) for channel, listed in by.items()}
        for name, is_ in sorts.items()
    }
    waits = {
        channel: [min(reply.seconds for reply in m.replies) for m in listed if m.replies]
        for channel, listed in by.items()
    }
    return {
        "patients": patients,
        **counts,
        "seconds to the reply, median": {c: median(w or [0]) for c, w in waits.items()},
        "seconds to the reply, longest": {c: max(w or [0]) for c, w in waits.items()},
    }
