"""What log lines tell, and what they leave out."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import structlog

from guide import logs
from guide.channels.counted import replied
from guide.channels.outgoing import Outgoing
from guide.channels.turns import log_failure
from guide.logs import TURNS

PRIVATE = "my name is Jane Roe"


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What a server writes that logs at INFO, where nothing is configured yet."""
    monkeypatch.delenv("GUIDE_LOG", raising=False)
    written, structured = io.StringIO(), structlog.get_config()
    monkeypatch.setattr(logging.getLogger(), "handlers", [logging.StreamHandler(written)])
    # pytest's handlers serve all tests: they are not to be given another form.
    monkeypatch.setattr(logging.getLogger(), "addHandler", lambda _: None)
    monkeypatch.setattr(logging, "lastResort", logging.StreamHandler(written))
    levels = {logger: logger.level for logger in (logging.getLogger(), logging.getLogger(TURNS))}
    logging.getLogger().setLevel(logging.INFO)
    yield written
    structlog.configure(**structured)
    for logger, level in levels.items():
        logger.setLevel(level)


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    """Each line without its time, which must be one of now in UTC."""
    found = [json.loads(line) for line in log.getvalue().splitlines()]
    for line in found:
        time = datetime.fromisoformat(line.pop("time").replace("Z", "+00:00"))
        assert time.utcoffset() == timedelta(0)
        assert abs(datetime.now(time.tzinfo) - time) < timedelta(minutes=5)
    return found


def as_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUIDE_LOG", "json")
    logs.configure("chat")


def test_a_line_is_one_object(log: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    as_json(monkeypatch)
    logging.getLogger("guide.any").warning("%d of\n%s", 3, "é")
    assert lines(log) == [
        {"level": "warning", "logger": "guide.any", "server": "chat", "event": "3 of\né"}
    ]


def test_a_failed_turn_has_its_incident_and_kind(
    log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_json(monkeypatch)
    log_failure("web", ValueError(PRIVATE))
    (line,) = lines(log)
    assert (line["channel"], line["error"]) == ("web", "ValueError")
    assert line["incident"] in line["event"]
    assert PRIVATE not in log.getvalue()


def test_a_turn_is_a_line_of_json_and_none_of_text(
    log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    reply = Outgoing(PRIVATE, "several", ("cost", "cure"), stored=True)
    logs.configure("chat")
    replied("slack", reply, 0.0349)
    assert log.getvalue() == ""
    as_json(monkeypatch)
    replied("slack", reply, 0.0349)
    assert lines(log) == [
        {
            "level": "info", "logger": "guide.turns", "server": "chat", "event": "turn answered",
            "channel": "slack", "kind": "several", "answers": ["cost", "cure"],
            "milliseconds": 35, "stored": True,
        }
    ]  # fmt: skip


def test_what_libraries_add_to_a_line_is_left_out(
    log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_json(monkeypatch)
    try:
        raise ValueError(PRIVATE)
    except ValueError:
        logging.getLogger("library").exception("it broke", extra={"text": PRIVATE})
    structlog.get_logger("rasa.x").warning("an.event", rasa_event=PRIVATE, kind=PRIVATE)
    first, second = lines(log)
    assert first["event"] == "it broke"
    assert first["error"].startswith("ValueError at tests/unit/test_logs.py:")
    assert (second["event"], second["logger"]) == ("an.event", "rasa.x")
    assert PRIVATE not in log.getvalue()


def test_rasas_structured_lines_are_their_names_in_text_too(log: io.StringIO) -> None:
    logs.configure("chat")
    structlog.get_logger("rasa.y").warning("an.event", rasa_event=PRIVATE)
    structlog.get_logger("rasa.y").debug("another.event", rasa_event=PRIVATE)
    assert log.getvalue() == "an.event\n"


def test_loggers_without_a_handler_are_told_as_json(
    log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_json(monkeypatch)
    alone = logging.getLogger("alone")
    monkeypatch.setattr(alone, "propagate", False)
    alone.error("nobody listens")
    assert [line["event"] for line in lines(log)] == ["nobody listens"]
