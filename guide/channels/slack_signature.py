"""Whether a request was sent by Slack: signed with our secret, within the last five minutes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from time import time

from slack_sdk.signature import Clock, SignatureVerifier


class Signatures:
    """Fails closed: whatever is missing, malformed, stale or altered is not from Slack.

    Args:
        secret: the app's signing secret.
        now: seconds since 1970, for tests.
    """

    def __init__(self, secret: str, now: Callable[[], float] = time) -> None:
        clock = Clock()
        clock.now = now  # type: ignore[method-assign]
        self._verifier = SignatureVerifier(secret, clock)

    def genuine(self, body: bytes, headers: Mapping[str, str]) -> bool:
        """Whether Slack signed this body. Bolt's own check would log the body of a bad request."""
        try:
            return self._verifier.is_valid(
                body,
                headers.get("x-slack-request-timestamp"),
                headers.get("x-slack-signature"),
            )
        except (ValueError, TypeError, OverflowError):
            # A time that is no number, a body that is no UTF-8, a signature that is not ASCII.
            return False
