"""A server of a side: started, timed until it answers, weighed, and ended."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from benchmarks.patients import TIMEOUT, say
from benchmarks.stock.models import BenchmarkError
from benchmarks.stock.sides import Side
from guide.ports import free_port
from guide.settings import ROOT

START_SECONDS, LOOK_SECONDS = 300.0, 0.05
QUESTION = "What is CAR T?"
# Lines of /proc/<pid>/smaps_rollup in kB: all memory that it holds, and what it shares with nobody.
MEMORY = {"resident": ("Rss",), "private": ("Private_Clean", "Private_Dirty")}


@dataclass(frozen=True)
class Server:
    """A running server, and the seconds from its start to its first answer."""

    url: str
    pid: int
    started: float

    def memory(self) -> dict[str, float]:
        """{resident, private} of the process and its children, in MB."""
        rollups = [
            Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
            for pid in _with_children(self.pid)
        ]
        return {name: _megabytes(rollups, lines) for name, lines in MEMORY.items()}

    def processor(self) -> float:
        """Seconds of processors that the process has used."""
        told = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii")
        user, system = told.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


@contextmanager
def running(side: Side) -> Iterator[Server]:
    """A server of the side with an empty database; ended on leaving.

    Raises:
        BenchmarkError: it ended, or did not answer in time.
    """
    port, log = free_port(), side.model.with_name(f"{side.name}-server.log")
    arguments, settings = side.serving
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, log.open("wb") as output:
        given = {"port": port, "folder": folder}
        environment = {
            **os.environ, "RASA_TELEMETRY_ENABLED": "false", **side.settings,
            **{name: value.format(**given) for name, value in settings.items()},
        }  # fmt: skip
        command = [sys.executable, *(part.format(**given) for part in arguments)]
        began = time.monotonic()
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
        try:
            url = f"http://127.0.0.1:{port}"
            if not asyncio.run(_answers(url, process)):
                raise BenchmarkError(f"{side.name} does not answer: see {log}")
            yield Server(url, process.pid, round(time.monotonic() - began, 2))
        finally:
            _end(process)


async def _answers(url: str, process: subprocess.Popen[bytes]) -> bool:
    """Whether a server comes to answer a patient."""
    end = time.monotonic() + START_SECONDS
    async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
        while process.poll() is None and time.monotonic() < end:
            if await say(session, url, "first", QUESTION):
                return True
            await asyncio.sleep(LOOK_SECONDS)
    return False


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _with_children(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return [pid, *(found for child in children for found in _with_children(int(child)))]


def _megabytes(rollups: list[str], lines: tuple[str, ...]) -> float:
    pattern = re.compile(rf"^(?:{'|'.join(lines)}):\s+(\d+) kB$", re.MULTILINE)
    return round(sum(int(found) for text in rollups for found in pattern.findall(text)) / 1024, 1)
