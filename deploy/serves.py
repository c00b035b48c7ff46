"""Readiness for Kubernetes: exit code 0 while patients are answered here.

/health is worse than that while the database is away. Then every server says so at once, and to
send patients to none of them would keep from them what needs no database: urgent words above all.
"""

from __future__ import annotations

import json
import sys
import urllib.error
import urllib.request

HEALTH = "http://127.0.0.1:5005/health"
PATIENCE_SECONDS = 4.0
SPARED = {"store"}


def serves(told: bytes) -> bool:
    """Whether the body of /health names nothing but what patients can do without."""
    try:
        return set(json.loads(told)["not_ready"]) <= SPARED
    except (ValueError, KeyError, TypeError):
        return False


def main() -> int:
    """0 or 1, as Kubernetes asks it."""
    try:
        with urllib.request.urlopen(HEALTH, timeout=PATIENCE_SECONDS) as reply:
            told = reply.read()
    except urllib.error.HTTPError as error:
        told = error.read()
    except OSError:
        return 1
    return 0 if serves(told) else 1


if __name__ == "__main__":
    sys.exit(main())
