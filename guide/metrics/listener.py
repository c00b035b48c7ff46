"""The address that Prometheus asks: a port of its own, off unless it is set.

Not a path of the chat server: a proxy passes all of that port on, and how many emergencies there
were is not for the public. It listens on this machine alone unless METRICS_HOST says otherwise.
"""

from __future__ import annotations

import logging
import os

from prometheus_client import start_http_server

from guide.settings import SettingError, port_if_set

CHAT_PORT, ACTIONS_PORT = "METRICS_PORT", "ACTIONS_METRICS_PORT"
logger = logging.getLogger(__name__)


def serve(setting: str) -> bool:
    """Begin to listen, in a thread; a fault is told to the log, and the server runs on without.

    Args:
        setting: `CHAT_PORT` or `ACTIONS_PORT`.

    Returns:
        Whether it listens.
    """
    host = os.environ.get("METRICS_HOST") or "127.0.0.1"
    try:
        port = port_if_set(setting)
        if port is None:
            return False
        start_http_server(port, host)
    except SettingError as error:
        logger.error("metrics are off: %s", error)
    except OSError as error:
        where = f"{host} (METRICS_HOST), port {port} ({setting})"
        logger.error("metrics are off: cannot listen on %s: %s", where, error.strerror)
    else:
        logger.info("metrics at http://%s:%d/metrics", host, port)
        return True
    return False
