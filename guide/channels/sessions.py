"""Web sessions: a signed token names an id that the server made, and when it ends.

Nothing else identifies a patient. Nothing is kept of a session but that it was revoked.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from guide.settings import SettingError

MAX_HOURS = 24 * 30
# id, end in seconds since 1970 as hexadecimal digits, signature.
_TOKEN = re.compile(r"([A-Za-z0-9_-]{24})\.([0-9a-f]{1,12})\.([A-Za-z0-9_-]{43})")


@dataclass(frozen=True)
class Session:
    """`id` is the conversation's too; `ends` in seconds since 1970."""

    id: str
    ends: int

    @property
    def conversation(self) -> str:
        """As the store knows it."""
        return f"web:{self.id}"


class Sessions:
    """Mints and reads tokens.

    Args:
        secret: the server's; tokens of another one are refused.
        lifetime: seconds that a session lasts.
        now: seconds since 1970, for tests.
    """

    def __init__(self, secret: bytes, lifetime: int, now: Callable[[], float] = time.time) -> None:
        self._secret = secret
        self._now = now
        self.lifetime = lifetime

    def mint(self) -> str:
        """The token of a new session."""
        signed = f"{secrets.token_urlsafe(18)}.{int(self._now()) + self.lifetime:x}"
        return f"{signed}.{self._signature(signed)}"

    def read(self, token: str) -> Session | None:
        """The session of a token; None for one that was not signed here or has ended."""
        parts = _TOKEN.fullmatch(token)
        if parts is None:
            return None
        id_, ends, signature = parts.groups()
        if not hmac.compare_digest(signature, self._signature(f"{id_}.{ends}")):
            return None
        session = Session(id_, int(ends, 16))
        return session if self._now() < session.ends else None

    def _signature(self, signed: str) -> str:
        # The first line keeps these signatures apart from those of buttons.
        mac = hmac.new(self._secret, f"web session\n{signed}".encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(mac.digest()).decode().rstrip("=")


def lifetime() -> int:
    """GUIDE_SESSION_HOURS in seconds: how long a web session lasts, 24 hours by default.

    Raises:
        SettingError: it is no number of hours.
    """
    value = os.environ.get("GUIDE_SESSION_HOURS") or "24"
    if not (value.isascii() and value.isdecimal() and 0 < int(value) <= MAX_HOURS):
        raise SettingError(f"GUIDE_SESSION_HOURS must be 1 to {MAX_HOURS} hours, found {value!r}")
    return int(value) * 3600
