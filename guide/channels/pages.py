"""The files that the web channel serves, and the headers that keep a page safe."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from guide.settings import ROOT

WIDGET = ROOT / "widget" / "dist" / "guide-widget.js"
DEMO = ROOT / "widget" / "demo.html"
DESCRIPTION = Path(__file__).with_name("openapi.yaml")

_NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
SAFE = {
    "Content-Security-Policy": _NOTHING,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cache-Control": "no-store",
}
_STYLE = re.compile(rb"<style>(.*?)</style>", re.DOTALL)


@dataclass(frozen=True)
class Page:
    """A file as it is sent: its bytes plain and packed, and headers beside those of `SAFE`."""

    body: bytes
    packed: bytes
    headers: dict[str, str]


def page(path: Path, content_type: str, own: dict[str, str]) -> Page | None:
    """A file with its headers, read again once it changes; None while it is not there."""
    try:
        changed = path.stat().st_mtime_ns
    except FileNotFoundError:
        return None
    return _read(path, changed, content_type, tuple(own.items()))


@lru_cache(maxsize=16)
def _read(path: Path, _: int, content_type: str, own: tuple[tuple[str, str], ...]) -> Page:
    body = path.read_bytes()
    headers = {
        "Content-Type": content_type,
        "ETag": f'W/"{hashlib.sha256(body).hexdigest()[:16]}"',  # weak: packed or not
        "Cache-Control": "no-cache",  # kept, and asked for whether it is still the same
        "Vary": "Accept-Encoding",
        **dict(own),
    }
    return Page(body, gzip.compress(body, mtime=0), headers)


def widget() -> Page | None:
    """The built widget, which pages of any site may load."""
    own = {"Cross-Origin-Resource-Policy": "cross-origin"}
    return page(WIDGET, "text/javascript; charset=utf-8", own)


def description() -> Page | None:
    """The description of the interface."""
    return page(DESCRIPTION, "application/yaml; charset=utf-8", {})


def demo() -> Page | None:
    """The demo page; it may run and ask only what comes from here, and wear only its own style."""
    try:
        styles = _STYLE.findall(DEMO.read_bytes())
    except FileNotFoundError:
        return None
    hashes = (base64.b64encode(hashlib.sha256(style).digest()).decode() for style in styles)
    style = " ".join(["'self'", *(f"'sha256-{digest}'" for digest in hashes)])
    allowed = f"script-src 'self'; connect-src 'self'; img-src 'self' data:; style-src {style}"
    return page(
        DEMO, "text/html; charset=utf-8", {"Content-Security-Policy": f"{_NOTHING}; {allowed}"}
    )
