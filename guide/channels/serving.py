"""What stands before every route of the web channel: size, origin, method, worded errors."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from sanic.exceptions import PayloadTooLarge
from sanic.request import Request
from sanic.response import HTTPResponse

from guide.channels.origins import Origins
from guide.channels.pages import SAFE, Page
from guide.channels.turns import log_failure

MAX_BODY = 16 * 1024
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
Serve = Callable[[Request], Coroutine[Any, Any, HTTPResponse]]


class Refused(Exception):
    """A request that is not served. `code` is a key of `web_errors` in data/wording.yml."""

    def __init__(self, status: int, code: str, **headers: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


class Front:
    """Wraps handlers, which raise `Refused` or return a response.

    Args:
        origins: whose pages may use the interface.
        say: the sentence of an error code.
    """

    def __init__(self, origins: Origins, say: Callable[[str], str]) -> None:
        self._origins = origins
        self._say = say

    def route(self, handlers: Mapping[str, Serve], guarded: bool = True) -> Serve:
        """One address: a handler for each method; `guarded` ones serve allowed pages only."""
        methods = [*handlers, *(["HEAD"] if "GET" in handlers else []), "OPTIONS"]

        async def serve(request: Request, **_: Any) -> HTTPResponse:
            try:
                await read_body(request)
                if guarded and not self._origins.allows(
                    request.headers.get("origin"), host(request)
                ):
                    raise Refused(403, "wrong_origin")
                if request.method == "OPTIONS":
                    return HTTPResponse(status=204, headers={"Allow": ", ".join(methods)})
                handler = handlers.get("GET" if request.method == "HEAD" else request.method)
                if handler is None:
                    raise Refused(405, "wrong_method", Allow=", ".join(methods))
                return await handler(request)
            except Refused as refusal:
                return self._told(refusal)
            except Exception as error:  # a patient gets words, whatever broke
                log_failure("web", error)
                return self._told(Refused(500, "failed"))

        return serve

    async def nothing(self, _: Request) -> HTTPResponse:
        """The handler of every other address."""
        raise Refused(404, "not_found")

    async def finish(self, request: Request, response: HTTPResponse) -> None:
        """Headers of every response, also where Rasa's own CORS answered a preflight."""
        for name in [name for name in response.headers if name.lower().startswith("access-")]:
            del response.headers[name]
        for name, value in SAFE.items():
            response.headers.setdefault(name, value)
        own = self._origins.headers(request.headers.get("origin"), request.method == "OPTIONS")
        vary = [response.headers.get("Vary"), own.pop("Vary")]
        response.headers["Vary"] = ", ".join(filter(None, vary))
        response.headers.update(own)

    def _told(self, refusal: Refused) -> HTTPResponse:
        told = {"error": refusal.code, "message": self._say(refusal.code)}
        return answered(told, refusal.status, refusal.headers)


def host(request: Request) -> str:
    """The Host header, "" without."""
    return str(request.headers.get("host", ""))


def answered(
    data: dict[str, Any], status: int = 200, headers: Mapping[str, str] | None = None
) -> HTTPResponse:
    """A JSON response."""
    body = json.dumps(data).encode()
    return HTTPResponse(body, status, dict(headers or {}), "application/json")


def sent_page(request: Request, page: Page) -> HTTPResponse:
    """A file, packed where the browser unpacks it, or word that it has not changed."""
    if page.headers["ETag"] in request.headers.get("if-none-match", ""):
        return HTTPResponse(status=304, headers=dict(page.headers))
    if "gzip" in request.headers.get("accept-encoding", ""):
        return HTTPResponse(page.packed, headers={**page.headers, "Content-Encoding": "gzip"})
    return HTTPResponse(page.body, headers=dict(page.headers))


async def read_body(request: Request) -> None:
    """Read the body, of which no more than `MAX_BODY` bytes are ever held.

    Raises:
        Refused: it is larger.
    """
    if request.stream is None:
        return
    # Sanic lifts its own limit for routes that read for themselves; this one closes the connection.
    request.stream.request_max_size = MAX_BODY
    body = b""
    try:
        async for part in request.stream:
            body += part
            if len(body) > MAX_BODY:
                raise Refused(413, "too_large")
    except PayloadTooLarge:
        raise Refused(413, "too_large") from None
    request.body = body


def read_json(request: Request) -> Any:
    """The JSON of a request's body; an empty body is an empty object.

    Raises:
        Refused: of another type, or no JSON.
    """
    if not request.body:
        return {}
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Refused(415, "not_json")
    try:
        return json.loads(request.body)
    except (ValueError, RecursionError):
        raise Refused(400, "bad_request") from None
