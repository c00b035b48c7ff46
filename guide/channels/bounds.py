"""What one request may cost the chat server, whichever channel it is for."""

from __future__ import annotations

from typing import Any

from sanic import Sanic

# An update of Telegram or an event of Slack with all its blocks is far smaller. Sanic's own limit
# is 100 MB, which anybody could fill before a signature is looked at.
MAX_BODY = 1024 * 1024


async def set_bounds(app: Sanic, _: Any) -> None:
    """A listener for `before_server_start`. The web channel has a narrower bound of its own."""
    app.config.REQUEST_MAX_SIZE = MAX_BODY
