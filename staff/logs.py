"""Log lines of the staff site: what failed where, never what was typed or what a patient wrote.

Our own messages are written so. Those of libraries can hold names, addresses, searches and values
of the database: of them only the place that logged is told.
"""

from __future__ import annotations

import logging
from pathlib import Path

from django.http import HttpRequest
from gunicorn.config import Config
from gunicorn.glogging import Logger

from guide.logs import error_kinds, json_lines
from guide.settings import log_form

OURS = ("staff", "guide")


class Lines(logging.Formatter):
    """One line a record."""

    def format(self, record: logging.LogRecord) -> str:
        """Level, logger, what can be told, and of an error its kind and place."""
        parts = [record.levelname, f"{record.name}:", _told(record, record.getMessage())]
        if record.exc_info and record.exc_info[1]:
            parts.append(error_kinds(record.exc_info[1]))
        return " ".join(parts)


def lines() -> logging.Formatter:
    """What GUIDE_LOG says.

    Raises:
        SettingError: it says what there is not.
    """
    return json_lines("staff", _told) if log_form() == "json" else Lines()


class ServerLog(Logger):
    """gunicorn's, in the same lines: it would quote a request that it cannot read."""

    def setup(self, cfg: Config) -> None:
        """Called by gunicorn."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(lines())
        for level in ("critical", "error", "warning", "exception"):
            # Its own method would be the place that logged, whoever called it.
            setattr(self, level, getattr(self.error_log, level))


def _told(record: logging.LogRecord, words: str) -> str:
    request = getattr(record, "request", None)
    if isinstance(request, HttpRequest):
        return _request(request, getattr(record, "status_code", 0))
    if record.name.partition(".")[0] in OURS:
        return words
    path = Path(record.pathname)
    return f"at {path.parent.name}/{path.name}:{record.lineno} {record.funcName}"


def _request(request: HttpRequest, status: int) -> str:
    """The pattern of the address, for the address itself may hold what was typed."""
    match = request.resolver_match
    route = f"/{match.route}" if match else "(no page)"
    incident = getattr(request, "incident", "")
    return f"{status} {request.method} {route}" + (f" incident {incident}" if incident else "")
