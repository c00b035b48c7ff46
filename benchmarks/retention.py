"""How long a patient's write waits while retention removes very much.

`python -m benchmarks.retention [TURNS] [DATABASE_URL]` fills a database with old turns (of eight
events, ten a conversation), removes them, and writes a turn's rows every 20 ms meanwhile.
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from pathlib import Path

import sqlalchemy as sa

from guide.store.database import engine_of
from guide.store.retention import purge
from guide.store.tables import CONVERSATIONS, EVENTS, TURNS, make_tables

EVENTS_A_TURN, TURNS_A_CONVERSATION = 8, 10
NEW = 2.0  # everything old is of time 1


def fill(engine: sa.engine.Engine, turns: int, prefix: str = "web:") -> None:
    """Old conversations whose events mingle, as those of patients do; ids begin with `prefix`."""
    conversations = max(1, turns // TURNS_A_CONVERSATION)
    names = [f"{prefix}{number}" for number in range(conversations)]
    data = '{"event": "user", "text": "' + "words " * 40 + '"}'
    with engine.begin() as connection:
        before = connection.execute(sa.select(sa.func.max(EVENTS.c.id))).scalar() or 0
        about = {"channel": "web", "started": 1.0, "last": 1.0}
        connection.execute(CONVERSATIONS.insert(), [{"id": name, **about} for name in names])
        for start in range(0, turns, 5000):
            numbers = range(start, min(turns, start + 5000))
            owners = [names[number % conversations] for number in numbers]
            event = {"type_name": "user", "timestamp": 1.0, "data": data}
            rows = [{"sender_id": one, **event} for one in owners for _ in range(EVENTS_A_TURN)]
            connection.execute(EVENTS.insert(), rows)
            turn = {"time": 1.0, "channel": "web", "kind": "answer", "text": "words"}
            first = before + start * EVENTS_A_TURN + 1
            spans = [
                {"first_event": at, "last_event": at + EVENTS_A_TURN - 1}
                for at in range(first, first + len(numbers) * EVENTS_A_TURN, EVENTS_A_TURN)
            ]
            rows = [
                {"conversation": one, **turn, **span}
                for one, span in zip(owners, spans, strict=True)
            ]
            connection.execute(TURNS.insert(), rows)


def write_on(url: str, end: threading.Event, waits: list[float]) -> None:
    """Patients' turns until the end; how long each transaction took."""
    engine = engine_of.__wrapped__(url)
    with engine.begin() as connection:
        values = {"id": "web:new", "channel": "web", "started": NEW, "last": NEW}
        connection.execute(CONVERSATIONS.insert().values(**values))
    event = {"sender_id": "web:new", "type_name": "user", "timestamp": NEW, "data": "{}"}
    turn = {"conversation": "web:new", "time": NEW, "channel": "web", "kind": "a", "text": "words"}
    while not end.wait(0.02):
        began = time.perf_counter()
        with engine.begin() as connection:
            connection.execute(EVENTS.insert(), [event] * EVENTS_A_TURN)
            connection.execute(TURNS.insert().values(**turn))
        waits.append(time.perf_counter() - began)


def main(turns: int, url: str) -> None:
    """Prints the figures."""
    engine = engine_of(url)
    make_tables(engine)
    fill(engine, turns)
    end, waits = threading.Event(), []
    writing = threading.Thread(target=write_on, args=(url, end, waits))
    writing.start()
    time.sleep(2)
    alone = sorted(waits)
    began = time.perf_counter()
    removed = purge(engine, NEW)
    seconds = time.perf_counter() - began
    end.set()
    writing.join()
    beside = sorted(waits[len(alone) :])
    print(f"{removed.turns} turns, {removed.events} events removed in {seconds:.0f} s")
    for name, some in (("alone", alone), ("beside retention", beside)):
        middle, most = some[len(some) // 2], some[int(len(some) * 0.99)]
        print(
            f"a write {name}: median {middle * 1e3:.0f} ms, 99 % within {most * 1e3:.0f} ms, "
            f"longest {some[-1] * 1e3:.0f} ms ({len(some)} writes)"
        )


if __name__ == "__main__":
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    with tempfile.TemporaryDirectory() as folder:
        main(size, sys.argv[2] if len(sys.argv) > 2 else f"sqlite:///{Path(folder) / 'guide.db'}")
