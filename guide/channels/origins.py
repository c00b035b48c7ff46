"""Which pages may talk to the web channel, and from which address a request comes."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass

from guide.settings import SettingError

_ORIGIN = re.compile(r"(https?)://([a-z0-9.-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?")
_DEFAULT_PORT = {"http": ":80", "https": ":443"}
MAX_PROXIES = 9
MAX_AGE = "600"  # seconds that a browser keeps the answer to a preflight


@dataclass(frozen=True)
class Origins:
    """The pages of other sites that may use the chat; those of its own always may."""

    allowed: frozenset[str]

    def own(self, origin: str, host: str) -> bool:
        """Whether a page comes from the server's own address.

        The scheme is not compared: behind a proxy that ends TLS the server sees http.
        """
        parts = _ORIGIN.fullmatch(origin)
        if parts is None:
            return False
        scheme, name, port = parts.groups("")
        default = _DEFAULT_PORT[scheme]
        return name + (port or default) == _with_port(host.lower(), default)

    def allows(self, origin: str | None, host: str) -> bool:
        """Whether a request may be answered; no origin is a program or the page's own GET."""
        return origin is None or origin in self.allowed or self.own(origin, host)

    def headers(self, origin: str | None, preflight: bool) -> dict[str, str]:
        """CORS headers of a response, or of the answer to a preflight.

        Only an allowed page of another site gets more than `Vary`.
        """
        headers = {"Vary": "Origin"}
        if origin in self.allowed:
            headers["Access-Control-Allow-Origin"] = str(origin)
            headers["Access-Control-Expose-Headers"] = "Retry-After"
            if preflight:
                headers["Access-Control-Allow-Methods"] = "GET, POST, DELETE"
                headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
                headers["Access-Control-Max-Age"] = MAX_AGE
        return headers


def _with_port(host: str, default: str) -> str:
    return host if re.search(r":[0-9]+$", host) else host + default


def origins() -> Origins:
    """GUIDE_ORIGINS: the sites that embed the widget, separated by commas.

    Raises:
        SettingError: one is no origin as browsers send it.
    """
    given = [item.strip() for item in os.environ.get("GUIDE_ORIGINS", "").split(",")]
    for origin in filter(None, given):
        parts = _ORIGIN.fullmatch(origin)
        if parts is None or parts[3] == _DEFAULT_PORT[parts[1]]:
            raise SettingError(
                f"GUIDE_ORIGINS must be origins like https://www.example.org, in small letters, "
                f"without a path or a default port, separated by commas; found {origin!r}"
            )
    return Origins(frozenset(filter(None, given)))


def proxies() -> int:
    """GUIDE_PROXIES: how many proxies of one's own stand before the server, 0 by default.

    Raises:
        SettingError: it is no small number.
    """
    value = os.environ.get("GUIDE_PROXIES") or "0"
    if not (value.isascii() and value.isdecimal() and int(value) <= MAX_PROXIES):
        raise SettingError(f"GUIDE_PROXIES must be 0 to {MAX_PROXIES}, found {value!r}")
    return int(value)


def address(peer: str, forwarded: Sequence[str], hops: int) -> str:
    """Whom a limit counts for: an IPv4 address, or the network of an IPv6 address.

    Args:
        peer: the address that connected.
        forwarded: the X-Forwarded-For headers in order.
        hops: trusted proxies; each adds the address that it saw at the end. What stands before
            those is what the client claims.
    """
    seen = [part.strip() for part in ",".join(forwarded).split(",")] if forwarded else []
    found = seen[-hops] if 0 < hops <= len(seen) else peer
    try:
        parsed = ipaddress.ip_address(found)
    except ValueError:
        return peer
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        # One subscriber has a whole /64 and could change addresses at will.
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
