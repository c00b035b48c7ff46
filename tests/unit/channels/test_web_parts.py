"""Sessions, origins, addresses and files of the web channel, each by itself."""

from __future__ import annotations

import gzip
import hashlib
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import pytest

from guide.channels import pages
from guide.channels.origins import Origins, address, origins, proxies
from guide.channels.sessions import Sessions, lifetime
from guide.channels.web import WebChannel
from guide.settings import SettingError
from tests.unit.channels.test_web import settings
from tests.unit.channels.web_server import Server, play

__all__ = ["settings"]

SITE = "https://www.example.org"


def test_a_token_is_good_until_its_end_and_at_its_server_only() -> None:
    now = 1_000_000.0
    sessions = Sessions(b"a" * 32, 60, lambda: now)
    token = sessions.mint()
    session = sessions.read(token)
    assert session is not None
    assert session.ends == 1_000_060
    assert session.conversation == f"web:{session.id}"
    now += 59
    assert sessions.read(token) == session
    assert Sessions(b"b" * 32, 60, lambda: now).read(token) is None
    now += 1
    assert sessions.read(token) is None


def test_every_session_is_another() -> None:
    sessions = Sessions(b"a" * 32, 60)
    assert len({sessions.mint() for _ in range(100)}) == 100


@pytest.mark.parametrize(
    ("host", "origin", "own"),
    [
        ("guide.example.org", "https://guide.example.org", True),
        ("guide.example.org", "http://guide.example.org", True),
        ("guide.example.org:443", "https://guide.example.org", True),
        ("Guide.Example.org", "https://guide.example.org", True),
        ("127.0.0.1:5005", "http://127.0.0.1:5005", True),
        ("[::1]:5005", "http://[::1]:5005", True),
        # Almost.
        ("guide.example.org", "https://guide.example.org:8443", False),
        ("guide.example.org:5005", "https://guide.example.org", False),
        ("guide.example.org", "https://example.org", False),
        ("guide.example.org", "https://guide.example.org.evil.example", False),
        ("guide.example.org", "https://guide.example.org/", False),
        ("guide.example.org", "null", False),
        ("", "https://", False),
        ("", "null", False),
    ],
)
def test_whose_pages_are_the_servers_own(host: str, origin: str, own: bool) -> None:
    assert Origins(frozenset()).allows(origin, host) is own


def test_listed_sites_are_allowed_exactly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUIDE_ORIGINS", f" {SITE}, http://localhost:8000 ,")
    listed = origins()
    assert listed.allowed == {SITE, "http://localhost:8000"}
    assert listed.allows(None, "guide.example.org")
    for other in (
        "http://www.example.org",
        f"{SITE}:8443",
        "https://example.org",
        "http://localhost",
    ):
        assert not listed.allows(other, "guide.example.org")
        assert set(listed.headers(other, True)) == {"Vary"}


@pytest.mark.parametrize(
    ("setting", "value", "read"),
    [
        ("GUIDE_ORIGINS", "*", origins),
        ("GUIDE_ORIGINS", "www.example.org", origins),
        ("GUIDE_ORIGINS", f"{SITE}/", origins),
        ("GUIDE_ORIGINS", f"{SITE}:443", origins),
        ("GUIDE_ORIGINS", "https://WWW.example.org", origins),
        ("GUIDE_ORIGINS", "null", origins),
        ("GUIDE_PROXIES", "-1", proxies),
        ("GUIDE_PROXIES", "yes", proxies),
        ("GUIDE_PROXIES", "10", proxies),
        ("GUIDE_SESSION_HOURS", "0", lifetime),
        ("GUIDE_SESSION_HOURS", "1.5", lifetime),
        ("GUIDE_SESSION_HOURS", "721", lifetime),
    ],
)
def test_wrong_settings_turn_this_channel_off_and_say_why(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    setting: str,
    value: str,
    read: Callable[[], object],
) -> None:
    monkeypatch.setenv(setting, value)
    with pytest.raises(SettingError, match=setting):
        read()
    channel = WebChannel.from_credentials(None)
    assert not isinstance(channel, WebChannel)
    assert setting in caplog.text


def test_settings_have_defaults() -> None:
    assert (origins().allowed, proxies(), lifetime()) == (frozenset(), 0, 24 * 3600)


@pytest.mark.parametrize(
    ("peer", "forwarded", "hops", "expected"),
    [
        ("192.0.2.1", [], 0, "192.0.2.1"),
        ("192.0.2.1", ["198.51.100.7"], 0, "192.0.2.1"),
        ("192.0.2.1", ["198.51.100.7"], 1, "198.51.100.7"),
        ("192.0.2.1", ["203.0.113.5, 198.51.100.7"], 1, "198.51.100.7"),
        ("192.0.2.1", ["203.0.113.5", "198.51.100.7"], 1, "198.51.100.7"),
        ("192.0.2.1", ["203.0.113.5, 198.51.100.7, 10.0.0.1"], 2, "198.51.100.7"),
        ("192.0.2.1", ["198.51.100.7"], 2, "192.0.2.1"),
        ("192.0.2.1", [], 1, "192.0.2.1"),
        ("192.0.2.1", ["unknown"], 1, "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", [], 0, "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", [], 0, "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", [], 0, "192.0.2.1"),
        ("", [], 0, ""),
    ],
)
def test_whom_a_limit_counts_for(peer: str, forwarded: list[str], hops: int, expected: str) -> None:
    assert address(peer, forwarded, hops) == expected


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder that the widget is built into."""
    monkeypatch.setattr(pages, "WIDGET", tmp_path / "guide-widget.js")
    monkeypatch.setattr(pages, "DEMO", tmp_path / "demo.html")
    return tmp_path


def test_files_that_are_not_there_are_told(files: Path) -> None:
    async def scenario() -> None:
        server = Server()
        widget = await server.request("GET", "/chat/widget.js")
        assert (widget.status, widget.error) == (404, "not_built")
        assert (await server.request("GET", "/chat/")).error == "not_found"

    play(scenario)


def test_the_widget_is_for_every_site_packed_and_kept(files: Path) -> None:
    async def scenario() -> None:
        server = Server()
        (files / "guide-widget.js").write_text("let a = 1;")
        other = {"origin": "https://elsewhere.example"}
        plain = await server.request("GET", "/chat/widget.js", headers=other)
        assert (plain.status, plain.body) == (200, b"let a = 1;")
        assert plain.headers["content-type"].startswith("text/javascript")
        assert plain.headers["cross-origin-resource-policy"] == "cross-origin"
        packed = await server.request("GET", "/chat/widget.js", headers={"accept-encoding": "gzip"})
        assert packed.headers["content-encoding"] == "gzip"
        assert "Accept-Encoding" in packed.headers["vary"]
        assert gzip.decompress(packed.body) == plain.body
        again = {"if-none-match": plain.headers["etag"]}
        kept = await server.request("GET", "/chat/widget.js", headers=again)
        assert (kept.status, kept.body) == (304, b"")
        (files / "guide-widget.js").write_text("let a = 22;")
        assert (
            await server.request("GET", "/chat/widget.js", headers=again)
        ).body == b"let a = 22;"

    play(scenario)


def test_the_demo_page_may_do_only_what_it_needs(files: Path) -> None:
    async def scenario() -> None:
        style = "body { margin: 0 }"
        (files / "demo.html").write_text(f"<!doctype html><style>{style}</style><p>Hello")
        page = await Server().request("GET", "/chat/")
        assert page.status == 200
        policy = page.headers["content-security-policy"].split("; ")
        digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
        assert "default-src 'none'" in policy
        assert "script-src 'self'" in policy
        assert f"style-src 'self' 'sha256-{digest}'" in policy
        assert "unsafe" not in page.headers["content-security-policy"]

    play(scenario)
