"""What the chat server says about itself at /health."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from dataclasses import dataclass

from django.conf import settings

# The server itself waits two seconds for its store.
PATIENCE_SECONDS = 4.0
MAX_BYTES = 100_000


@dataclass(frozen=True)
class Chat:
    """`told` is what it said, None where nothing that can be read came; `answers` whether any."""

    answers: bool
    told: dict[str, object] | None = None

    def text(self, name: str) -> str:
        """A value of what it said as text, "" where it said none."""
        value = (self.told or {}).get(name)
        return value[:100] if isinstance(value, str) else ""

    def count(self, name: str) -> int | None:
        """A number of what it said."""
        value = (self.told or {}).get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None


def ask() -> Chat:
    """Never raises: a server that is away is one of the answers."""
    url = f"{settings.GUIDE_URL}/health"
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE_SECONDS) as reply:  # noqa: S310
            return Chat(True, _read(reply.read(MAX_BYTES)))
    except urllib.error.HTTPError as error:  # 503 says why it is not ready
        return Chat(True, _body(error))
    except (OSError, ValueError):  # away, or an address that is none
        return Chat(False)


def _body(error: urllib.error.HTTPError) -> dict[str, object] | None:
    try:
        return _read(error.read(MAX_BYTES))
    except OSError:
        return None


def _read(body: bytes) -> dict[str, object] | None:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and isinstance(found.get("not_ready"), list) else None
