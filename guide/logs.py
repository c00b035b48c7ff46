"""Log lines of the chat server and the action server: no words of patients, as text or as JSON.

With GUIDE_LOG=json each line is one object: `time` (ISO, UTC), `level`, `logger`, `server`,
`event` (the words of the line), and those of `KEYS` that it has. Nothing else gets in, for what
libraries add to a line can be what a patient wrote. Of an error its kind and place are told, not
its text. Then there is also one line for each turn, which plain text leaves out as too much to
read.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Mapping, MutableMapping
from pathlib import Path
from types import TracebackType
from typing import Any

import structlog
from structlog.stdlib import ExtraAdder, ProcessorFormatter

from guide.settings import ROOT, log_form

TURNS = "guide.turns"  # the logger of the lines that tell of one turn each
KEYS = ("channel", "kind", "answers", "milliseconds", "stored", "incident", "error")
MAX_CAUSES = 5
_OURS = ("actions", "guide", "staff", "tests")
Told = Callable[[logging.LogRecord, str], str]


def follow_rasa() -> None:
    """Have `configure("chat")` called after each step by which Rasa's command line sets up its
    own logging: it replaces what was there before.
    """
    begin()
    import rasa.__main__ as command
    import rasa.utils.io as steps

    for module, name in ((steps, "configure_colored_logging"), (command, "configure_structlog")):
        setattr(module, name, _followed(getattr(module, name)))


def _followed(rasas: Callable[[Any], None]) -> Callable[[Any], None]:
    def step(level: Any) -> None:
        rasas(level)
        configure("chat")

    return step


def begin() -> None:
    """To be called before libraries are imported, whose warnings would be no JSON.

    They are left out: PYTHONWARNINGS says so, and Sanic turns them on again.
    """
    logging.captureWarnings(log_form() == "json")
    logging.getLogger("py.warnings").setLevel(logging.ERROR)


def configure(server: str) -> None:
    """To be called when a library has given the root logger its handler.

    Args:
        server: what the lines call this process.
    """
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, _name_only],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    as_json = log_form() == "json"
    logging.getLogger(TURNS).setLevel(logging.INFO if as_json else logging.WARNING)
    if as_json:
        handlers = [*logging.getLogger().handlers]
        if logging.lastResort is not None:  # of loggers that have no handler, such as Sanic's
            handlers.append(logging.lastResort)
        for handler in handlers:
            handler.setFormatter(json_lines(server))


def json_lines(server: str, told: Told = lambda _, words: words) -> logging.Formatter:
    """A formatter that makes one JSON object of a record.

    Args:
        server: what the lines call this process.
        told: what may be told of a record, given its words.
    """

    def shaped(_: Any, level: str, line: MutableMapping[str, Any]) -> Mapping[str, Any]:
        record, error = line["_record"], line.get("exc_info")
        also = {key: line[key] for key in KEYS if key in line}
        if error and error[1]:
            also["error"] = error_kinds(error[1])
        return {
            "time": line["time"], "level": level, "logger": record.name, "server": server,
            "event": told(record, line["event"]), **also,
        }  # fmt: skip

    stamp = structlog.processors.TimeStamper(fmt="iso", utc=True, key="time")
    render = structlog.processors.JSONRenderer(ensure_ascii=False)
    return ProcessorFormatter(
        foreign_pre_chain=[ExtraAdder(KEYS)], processors=[stamp, shaped, render]
    )


def error_kinds(error: BaseException) -> str:
    """Kinds of an error and its causes, and our innermost line: no message, no values."""
    kinds, cause = [type(error).__name__], error.__cause__
    while cause is not None and len(kinds) < MAX_CAUSES:
        kinds.append(type(cause).__name__)
        cause = cause.__cause__
    return " < ".join(kinds) + _place(error.__traceback__)


def _place(trace: TracebackType | None) -> str:
    for frame in reversed(traceback.extract_tb(trace)):
        path = Path(frame.filename)
        if path.is_relative_to(ROOT) and path.relative_to(ROOT).parts[0] in _OURS:
            return f" at {path.relative_to(ROOT)}:{frame.lineno}"
    return ""


def _name_only(_: Any, __: str, line: Mapping[str, Any]) -> str:
    """Of Rasa's structured lines: what it adds to their names can be events of a conversation."""
    return str(line["event"])
