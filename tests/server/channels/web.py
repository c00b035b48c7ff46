"""A patient at the widget, and single requests as it sends them."""

from __future__ import annotations

import json
import random
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass
from typing import Any

from tests.conftest import Guide
from tests.server.channels import JUDGEMENTS, Running, Shown, linked, once, words

_MARKS = {"paragraph": "", "bullets": "• "}


@dataclass
class Response:
    """What came back; headers by small letters."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body."""
        return json.loads(self.body)


class _Straight(urllib.request.HTTPRedirectHandler):
    """A redirect is a response like others."""

    def redirect_request(self, *_: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_Straight)


def anywhere() -> str:
    """An address of its own for every request: what is counted is tested elsewhere."""
    return f"198.18.{random.randrange(256)}.{random.randrange(256)}"


def ask(guide: Guide, method: str, path: str, body: object = None, **headers: str) -> Response:
    """One request to a path of the server."""
    raw = None if body is None else json.dumps(body).encode()
    named = {"Content-Type": "application/json", "X-Forwarded-For": anywhere(), **headers}
    request = urllib.request.Request(f"{guide.url}{path}", raw, named, method=method)
    try:
        with _OPENER.open(request, timeout=30) as reply:
            return _response(reply)
    except urllib.error.HTTPError as error:
        return _response(error)


def _response(reply: Any) -> Response:
    headers = {name.lower(): value for name, value in reply.headers.items()}
    return Response(reply.status, headers, reply.read())


class Visitor:
    """Somebody with a session, at whichever server."""

    def __init__(self, guide: Guide) -> None:
        begun = ask(guide, "POST", "/chat/session", {})
        assert begun.status == 201, begun
        self.greeting = begun.json["greeting"]
        self.token = {"Authorization": f"Bearer {begun.json['token']}"}

    def send(self, guide: Guide, id_: str = "", **said: str) -> Response:
        """A message with the client's id; `said` is its text or payload."""
        body = {"id": id_ or uuid.uuid4().hex, **said}
        return ask(guide, "POST", "/chat/messages", body, **self.token)

    def say(self, guide: Guide, text: str, id_: str = "") -> dict[str, Any]:
        """Type; the reply."""
        sent = self.send(guide, id_, text=text)
        assert sent.status == 200, sent
        return dict(sent.json["reply"])

    def history(self, guide: Guide) -> list[dict[str, Any]]:
        """The conversation so far."""
        return list(ask(guide, "GET", "/chat/history", **self.token).json["messages"])


class WebPatient:
    """See `Patient`. Reads the blocks, as the widget does."""

    def __init__(self, running: Running) -> None:
        self._guide = running.guide
        self._visitor = Visitor(running.guide)
        self._tokens: dict[str, str] = {}

    def say(self, text: str) -> Shown:
        """Type."""
        return self._shown(self._visitor.send(self._guide, text=text))

    def press(self, title: str) -> Shown:
        """Send the token of a button; where it has none, its title."""
        token = self._tokens[title]
        said = {"payload": token} if token else {"text": title}
        return self._shown(self._visitor.send(self._guide, **said))

    def _shown(self, response: Response) -> Shown:
        assert response.status == 200, response
        reply = response.json["reply"]
        read = words("\n".join(_lines(block) for block in reply["blocks"]))
        assert read == words(reply["text"])
        titles = [button["title"] for button in reply["buttons"]]
        self._tokens = {button["title"]: button["payload"] for button in reply["buttons"]}
        if reply["feedback"]:
            self._tokens |= dict(zip(JUDGEMENTS, reply["feedback"], strict=True))
        spans = [span for block in reply["blocks"] for item in block["items"] for span in item]
        return Shown(
            read,
            once(span.get("href", "") for span in spans),
            tuple(titles),
            bool(reply["feedback"]),
            reply["kind"],
            tuple(reply["answers"]),
            reply["version"],
        )


def _lines(block: dict[str, Any]) -> str:
    """The items of a block, one a line."""
    texts = ["".join(_span(span) for span in item) for item in block["items"]]
    marks = [_MARKS.get(block["kind"], f"{number}. ") for number in range(1, len(texts) + 1)]
    return "\n".join(mark + text for mark, text in zip(marks, texts, strict=True))


def _span(span: dict[str, Any]) -> str:
    return linked(span["text"], span["href"]) if "href" in span else str(span["text"])
