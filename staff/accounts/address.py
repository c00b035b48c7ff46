"""Where a request comes from."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address that the outermost of our proxies saw (STAFF_PROXIES), else the connection's."""
    direct = str(request.META.get("REMOTE_ADDR", ""))
    if not settings.PROXIES:
        return direct
    seen = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    if len(seen) < settings.PROXIES:
        return direct
    try:
        return str(ipaddress.ip_address(seen[-settings.PROXIES]))
    except ValueError:
        return direct
