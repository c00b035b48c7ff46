"""Log lines of the staff site: what failed where, never what was typed or what a patient wrote.

Our own messages are written so. Those of libraries can hold names, addresses, searches and values
of the database: of them only the place that logged is told.
"""

from __future__ import annotations

import logging
import traceback
from pathlib import Path
from types import TracebackType

from django.http import HttpRequest
from gunicorn.config import Config
from gunicorn.glogging import Logger

from guide.settings import ROOT

OURS = ("staff", "guide")
MAX_CAUSES = 5


class Lines(logging.Formatter):
    """One line a record."""

    def format(self, record: logging.LogRecord) -> str:
        """Level, logger, what can be told, and of an error its kind and place."""
        parts = [record.levelname, f"{record.name}:", _told(record)]
        if record.exc_info and record.exc_info[1]:
            parts.append(_error(record.exc_info[1]))
        return " ".join(parts)


class ServerLog(Logger):
    """gunicorn's, in the same lines: it would quote a request that it cannot read."""

    def setup(self, cfg: Config) -> None:
        """Called by gunicorn."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(Lines())
        for level in ("critical", "error", "warning", "exception"):
            # Its own method would be the place that logged, whoever called it.
            setattr(self, level, getattr(self.error_log, level))


def _told(record: logging.LogRecord) -> str:
    request = getattr(record, "request", None)
    if isinstance(request, HttpRequest):
        return _request(request, getattr(record, "status_code", 0))
    if record.name.partition(".")[0] in OURS:
        return record.getMessage()
    path = Path(record.pathname)
    return f"at {path.parent.name}/{path.name}:{record.lineno} {record.funcName}"


def _request(request: HttpRequest, status: int) -> str:
    """The pattern of the address, for the address itself may hold what was typed."""
    match = request.resolver_match
    route = f"/{match.route}" if match else "(no page)"
    incident = getattr(request, "incident", "")
    return f"{status} {request.method} {route}" + (f" incident {incident}" if incident else "")


def _error(error: BaseException) -> str:
    """Kinds of an error and its causes, and our innermost line: no message, no values."""
    kinds, cause = [type(error).__name__], error.__cause__
    while cause is not None and len(kinds) < MAX_CAUSES:
        kinds.append(type(cause).__name__)
        cause = cause.__cause__
    return " < ".join(kinds) + _place(error.__traceback__)


def _place(trace: TracebackType | None) -> str:
    for frame in reversed(traceback.extract_tb(trace)):
        path = Path(frame.filename)
        if path.is_relative_to(ROOT) and path.relative_to(ROOT).parts[0] in (*OURS, "tests"):
            return f" at {path.relative_to(ROOT)}:{frame.lineno}"
    return ""
