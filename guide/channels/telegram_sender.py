"""Whether a request comes from Telegram: it sends along the secret that was given to it."""

from __future__ import annotations

import hmac

HEADER = "X-Telegram-Bot-Api-Secret-Token"


def is_from_telegram(given: object, secret: str) -> bool:
    """Compares in constant time; no secret, on either side, is never right."""
    if not isinstance(given, str) or not given or not secret:
        return False
    return hmac.compare_digest(given.encode("utf-8", "replace"), secret.encode())
