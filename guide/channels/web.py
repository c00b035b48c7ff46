"""The web channel: HTTP JSON for the widget, below /chat; openapi.yaml describes it.

A patient is who holds a token that this server signed (`sessions`), pages of other sites must be
listed (`origins`), every message makes one turn (`once`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, redirect

from guide.channels import pages
from guide.channels.once import Once
from guide.channels.origins import Origins, origins, proxies
from guide.channels.records import Records
from guide.channels.serving import METHODS, Front, Refused, Serve, sent_page
from guide.channels.sessions import Sessions, lifetime
from guide.channels.turns import Handler, shared_turns
from guide.channels.web_api import Api, read, render
from guide.settings import SettingError, secret

__all__ = ["WebChannel", "read", "render"]

logger = logging.getLogger(__name__)

PREFIX = "/chat"


class WebChannel(InputChannel):
    """credentials.yml: `guide.channels.web.WebChannel:`. Its settings are in the environment.

    Raises:
        SettingError: one of them cannot work.
    """

    def __init__(self) -> None:
        self._origins: Origins = origins()
        self._hops = proxies()
        self._sessions = Sessions(secret(), lifetime())

    @classmethod
    def from_credentials(cls, _: dict[str, Any] | None) -> InputChannel:
        """A wrong setting is told and turns this channel off, not the others."""
        try:
            return cls()
        except SettingError as error:
            logger.error("the web channel is off: %s", error)
            return Off()

    @classmethod
    def name(cls) -> str:
        """The channel, as conversation ids carry it."""
        return "web"

    def url_prefix(self) -> str:
        """An absolute path leaves Rasa's /webhooks/."""
        return PREFIX

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """The routes; `on_new_message` runs one turn."""
        turns = shared_turns()
        words = turns.gate.wording
        front = Front(self._origins, lambda code: words.fill(words.mappings["web_errors"][code]))
        api = Api(turns, on_new_message, self._sessions, Records(), self._hops)
        page = front.route({"GET": demo}, guarded=False)
        nothing = front.route({"GET": front.nothing, "POST": front.nothing})

        async def other(request: Request, **_: str) -> HTTPResponse:
            # Sanic sends the bare slash here, and its absence to "/".
            return await (page if request.path == f"{PREFIX}/" else nothing)(request)

        served = {
            "/session": front.route({"POST": api.begin}),
            "/messages": front.route({"POST": api.send}),
            "/history": front.route({"GET": api.history}),
            "/conversation": front.route({"DELETE": api.erase}),
            "/": page,
            "/widget.js": front.route({"GET": widget}, guarded=False),
            "/openapi.yaml": front.route({"GET": description}, guarded=False),
            "/<rest:path>": other,
        }
        routes = Blueprint("web_channel")
        for path, serve in served.items():
            name = path.strip("/<>").replace(".", "_").partition(":")[0] or "demo"
            # All methods come here, so that a wrong one is told like every other error.
            routes.add_route(serve, path, methods=METHODS, stream=True, name=name)
        routes.middleware("response")(front.finish)
        routes.listener("before_server_start")(_early(front, served))
        _look_after(routes, api.once)
        return routes


class Off(InputChannel):
    """Stands where the web channel cannot start."""

    @classmethod
    def name(cls) -> str:
        """The channel's."""
        return WebChannel.name()

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """No routes."""
        return Blueprint("web_channel_off")


def _look_after(routes: Blueprint, once: Once) -> None:
    """While the server runs."""

    async def start(app: Sanic, _: Any) -> None:
        app.ctx.web_take_up = asyncio.ensure_future(once.look_after())

    async def stop(app: Sanic, _: Any) -> None:
        app.ctx.web_take_up.cancel()

    routes.listener("after_server_start")(start)
    routes.listener("before_server_stop")(stop)


async def demo(request: Request) -> HTTPResponse:
    """The demo page, whose own links need the last slash."""
    if request.path == PREFIX:
        return redirect(f"{PREFIX}/", status=308)
    return _page(request, pages.demo(), "not_found")


async def widget(request: Request) -> HTTPResponse:
    """The built widget."""
    return _page(request, pages.widget(), "not_built")


async def description(request: Request) -> HTTPResponse:
    """The description of this interface."""
    return _page(request, pages.description(), "not_found")


def _page(request: Request, page: pages.Page | None, lacking: str) -> HTTPResponse:
    if page is None:
        raise Refused(404, lacking)
    return sent_page(request, page)


def _early(front: Front, served: dict[str, Serve]) -> Callable[[Sanic, Any], Any]:
    """What Sanic would answer before the routes are asked."""

    async def first(request: Request) -> HTTPResponse | None:
        if request.path == "/":  # Rasa has put a greeting of its own there
            return redirect(f"{PREFIX}/")
        serve = served.get(request.path.removeprefix(PREFIX))
        if serve is None or request.method in METHODS or not request.path.startswith(PREFIX):
            return None
        response = await serve(request)
        await front.finish(request, response)
        return response

    async def start(app: Sanic, _: Any) -> None:
        app.register_middleware(first, "request")

    return start
