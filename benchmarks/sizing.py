"""What a chat server holds, and what a million conversations a month need: docs/sizing.md.

    python -m benchmarks.sizing            measures how a database grows, and makes the tables anew
    python -m benchmarks.sizing --tables   only the tables, from results/*.json

The growth is measured by conversations of real questions with a real server, on SQLite and, where
its programs are there, PostgreSQL. Time and memory of a message are those of `benchmarks.stock`,
for the guide on its whole content.
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import math
import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa

from benchmarks.patients import conversation, plain_questions
from benchmarks.results import FOLDER, read, told, write
from benchmarks.stock.measure import BUSY, MEMORY, throughput
from benchmarks.stock.servers import START_SECONDS, Server, running
from benchmarks.stock.sides import WHOLE, Side, guide
from guide.evaluation.report import put_between
from guide.ports import free_port
from guide.settings import RETENTION_DAYS, ROOT, data_folder, models_folder, prepare_environment
from guide.store.database import engine_of
from guide.store.tables import TURNS

PAGE = ROOT / "docs" / "sizing.md"
CONVERSATIONS, TURNS_EACH = 150, 5
# Server -> its module, the setting of its port, what tells that it has started.
BESIDE = {
    "action server": ("guide.serve_actions", "ACTIONS_PORT", "/health"),
    "staff site": ("staff.serve", "STAFF_PORT", "/account/log-in/"),
}
# Of a million conversations a month. Patients write by day: the busiest hour of the busiest day has
# so many times the messages of an hour on average.
MONTH, SECONDS, PEAK = 1_000_000, 30 * 24 * 3600, 6
# No more of a processor than this is planned with: what is over it waits in queues.
USED = 0.6


def bytes_of(engine: sa.engine.Engine) -> int:
    """What all tables and their indexes take."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            pages, free, size = (
                connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
                for name in ("page_count", "freelist_count", "page_size")
            )
            return int((pages - free) * size)
        return int(connection.execute(sa.text(
            "SELECT sum(pg_total_relation_size(oid)) FROM pg_class"
            " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )).scalar_one())  # fmt: skip


def turns_of(engine: sa.engine.Engine) -> int:
    """Turns that are kept."""
    with engine.connect() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(TURNS)).scalar_one())


def growth(side: Side, url: str) -> float:
    """Bytes that a turn adds to a database, its share of the conversation's row included."""
    arguments, settings = side.serving
    here = dataclasses.replace(side, serving=(arguments, {**settings, "DATABASE_URL": url}))
    texts, engine = plain_questions(), engine_of(url)
    with running(here) as server:
        # Empty tables have pages too.
        asyncio.run(conversation(server.url, texts, TURNS_EACH))
        before, turns = bytes_of(engine), turns_of(engine)
        for number in range(CONVERSATIONS):
            said = [texts[(number * TURNS_EACH + at) % len(texts)] for at in range(TURNS_EACH)]
            asyncio.run(conversation(server.url, said, TURNS_EACH))
        return round((bytes_of(engine) - before) / (turns_of(engine) - turns))


def databases(folder: Path) -> dict[str, float]:
    """{kind of database: bytes a turn}."""
    from tests.standins.postgres import database, postgres, programs

    # Its log is no model.
    side = dataclasses.replace(
        guide(models_folder(), data_folder(), WHOLE), model=folder / "guide.tar.gz"
    )
    print("sizing: conversations on SQLite", file=sys.stderr, flush=True)
    found = {"SQLite": growth(side, f"sqlite:///{folder / 'guide.db'}")}
    if programs() is None:
        print("sizing: PostgreSQL is not installed: left out", file=sys.stderr, flush=True)
        return found
    print("sizing: conversations on PostgreSQL", file=sys.stderr, flush=True)
    with postgres() as server, database(server) as url:
        return {**found, "PostgreSQL": growth(side, url)}


def beside(folder: Path) -> dict[str, float]:
    """{server: its memory in MB} of the servers beside the chat servers, once they answer."""
    found = {}
    for name, (module, setting, path) in BESIDE.items():
        print(f"sizing: {name}", file=sys.stderr, flush=True)
        port = free_port()
        settings = {setting: str(port), "GUIDE_VAR": str(folder), "DATABASE_URL": ""}
        process = subprocess.Popen(
            [sys.executable, "-m", module], cwd=ROOT, env={**os.environ, **settings},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            _wait_for(f"http://127.0.0.1:{port}{path}", process)
            found[name] = Server("", process.pid, 0.0).memory()["resident"]
        finally:
            process.terminate()
            process.wait()
    return found


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(f"{url} did not answer")


def planned(figures: dict[str, float]) -> float:
    """Messages a second that one chat server is planned with."""
    return figures[throughput(16)] * USED


def server_table(figures: dict[str, float]) -> str:
    """What a chat server holds.

    Args:
        figures: of a message: BUSY, MEMORY, throughput(16).
    """
    most = figures[throughput(16)]
    rows = [
        ("processor time of a message", "1 patient", f"{figures[BUSY]:.1f} ms"),
        ("memory", "after 200 messages", f"{figures[MEMORY]:.0f} MB"),
        ("messages a second, at most", "16 patients at once", f"{most:.0f}"),
        ("messages a second, as planned", f"{USED:.0%} of that", f"{planned(figures):.1f}"),
    ]
    return _table(("figure", "how", "measured"), rows)


def month_table(grown: dict[str, float], figures: dict[str, float] | None) -> str:
    """What a million conversations a month need, line by line.

    Args:
        grown: of `databases`.
        figures: of a message, see `server_table`; None while nobody measured them.
    """
    turns = MONTH * TURNS_EACH
    average = turns / SECONDS
    rows = [
        ("turns a month", f"{MONTH:,} x {TURNS_EACH}", f"{turns:,}"),
        ("messages a second, on average", f"{turns:,} / {SECONDS:,} s", f"{average:.1f}"),
        ("messages a second, at the peak", f"{average:.1f} x {PEAK}", f"{average * PEAK:.1f}"),
        *(_servers(average * PEAK, figures) if figures else []),
    ]
    for kind, size in grown.items():
        rows += _disk(kind, turns, size)
    return _table(("what", "how", "comes to"), rows)


def _servers(peak: float, figures: dict[str, float]) -> list[tuple[str, str, str]]:
    busy, each = figures[BUSY], planned(figures)
    needed = math.ceil(peak / each)
    return [
        ("processors busy at the peak", f"{peak:.1f} x {busy:.1f} ms", f"{peak * busy / 1000:.2f}"),
        ("chat servers for the peak", f"{peak:.1f} / {each:.1f}, rounded up", str(needed)),
        ("chat servers to run", "one more, for one that ends or dies", str(needed + 1)),
        ("their memory", f"{needed + 1} x {figures[MEMORY]:.0f} MB",
         f"{(needed + 1) * figures[MEMORY] / 1000:.1f} GB"),
    ]  # fmt: skip


def beside_table(memory: dict[str, float]) -> str:
    """What `beside` measured."""
    rows = [(name, "just started", f"{size:.0f} MB") for name, size in memory.items()]
    return _table(("memory of", "how", "measured"), rows)


def _disk(kind: str, turns: int, size: float) -> list[tuple[str, str, str]]:
    month = turns * size / 1e9
    kept = month * RETENTION_DAYS / 30
    return [
        (f"{kind}: a turn", "measured", f"{size / 1000:.1f} kB"),
        (f"{kind}: a month", f"{turns:,} x {size / 1000:.1f} kB", f"{month:.0f} GB"),
        (f"{kind}: kept", f"{RETENTION_DAYS} days: {month:.0f} GB x {RETENTION_DAYS} / 30",
         f"{kept:.0f} GB"),
    ]  # fmt: skip


def _table(head: tuple[str, ...], rows: list[tuple[str, str, str]]) -> str:
    lines = [head, ("---", "---", "---:"), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def updated(text: str) -> str:
    """The page's text with its tables made anew; a table without results stays as it is.

    Raises:
        ValueError: it lacks markers.
    """
    stock = read("stock") if (FOLDER / "stock.json").exists() else None
    figures = stock["figures"].get(WHOLE) if stock else None
    if stock and figures:
        block = f"{server_table(figures)}\n\n{told(stock)}"
        text = put_between(text, "bench-server", block)
    if (FOLDER / "sizing.json").exists():
        found: dict[str, Any] = read("sizing")
        text = put_between(text, "bench-beside", beside_table(found["figures"]["memory"]))
        block = f"{month_table(found['figures']['bytes'], figures)}\n\n{told(found)}"
        text = put_between(text, "bench-sizing", block)
    return text


def main() -> int:
    """Exit code 1 where docs/sizing.md lacks its markers."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sizing")
    parser.add_argument("--tables", action="store_true", help="measure nothing")
    only_tables = parser.parse_args().tables
    prepare_environment()
    if not only_tables:
        with TemporaryDirectory() as folder:
            place = Path(folder)
            write("sizing", {"memory": beside(place), "bytes": databases(place)})
    try:
        PAGE.write_text(updated(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    except ValueError as error:
        print(f"docs/sizing.md {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
