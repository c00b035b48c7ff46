"""A local stand-in of Telegram's Bot API 10.1: its limits, its errors with real HTTP codes, and
updates posted to the webhook with the secret header. https://core.telegram.org/bots/api

    with BotApi() as api:
        api.state.webhook      what setWebhook was told
        status = api.write(7, "hello")     somebody writes; the webhook's HTTP status
        api.messages(7)        what the bot sent to chat 7

Unlike the real one, it refuses parameters that it does not know. It calls webhooks without TLS
(as a Bot API server of one's own does) unless `public` is set.
"""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

import httpx

from tests.standins.telegram_methods import Json, Methods, Sent
from tests.standins.telegram_rules import BadRequestError, RefusedError

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"


class BotApi(Methods):
    """The running stand-in."""

    def __init__(self, public: bool = False, port: int = 0) -> None:
        super().__init__(public)
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        self._server.daemon_threads = True
        self._server.block_on_close = False

    @property
    def url(self) -> str:
        """For TELEGRAM_API_URL."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> BotApi:
        serve = self._server.serve_forever
        threading.Thread(target=serve, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    # What people do. Each gives an update; `deliver` posts it.

    def text(self, chat: int, text: str, **more: Any) -> Json:
        """Somebody types in a private chat."""
        entities = []
        if text.startswith("/"):
            length = len(text.split(maxsplit=1)[0])
            entities = [{"type": "bot_command", "offset": 0, "length": length}]
        return self.message(chat, text=text, entities=entities, **more)

    def message(self, chat: int, kind: str = "private", **content: Any) -> Json:
        """An update with a message of any content."""
        self.known.add(chat)
        person = {"id": 4242 if chat < 0 else chat, "is_bot": False, "first_name": "Ann"}
        place: Json = {"id": chat, "type": kind}
        place |= {"first_name": "Ann"} if kind == "private" else {"title": "Lupus friends"}
        about = {"message_id": self.number(), "date": int(time.time()), "chat": place}
        return self.update(message={**about, "from": person, **content})

    def press(self, message: Sent, title: str, accessible: bool = True) -> Json:
        """Somebody presses a button of a message that the bot sent."""
        shown = [button for row in message.buttons for button in row if button["text"] == title]
        assert shown, f"no button {title!r} among {message.titles}"
        query = str(self.number())
        self.queries.add(query)
        old = {"message_id": message.id, "date": 0, "chat": message.raw["chat"]}
        person = {"id": message.chat, "is_bot": False, "first_name": "Ann"}
        return self.update(
            callback_query={
                "id": query, "from": person, "chat_instance": "1",
                "message": dict(message.raw) if accessible else old,
                "data": shown[0]["callback_data"],
            }
        )  # fmt: skip

    def update(self, **content: Any) -> Json:
        """An update of any kind."""
        return {"update_id": self.number(), **content}

    def headers(self) -> dict[str, str]:
        """What Telegram sends along with an update."""
        secret = self.state.webhook.get("secret_token")
        return {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}

    def deliver(self, update: Json, timeout: float = 30) -> int:
        """Post an update to the webhook; its HTTP status. Other kinds than asked for are not."""
        allowed = self.state.webhook.get("allowed_updates") or []
        kind = next(name for name in update if name != "update_id")
        assert not allowed or kind in allowed, f"{kind} was not asked for"
        reply = httpx.post(self.webhook, json=update, headers=self.headers(), timeout=timeout)
        if not 200 <= reply.status_code < 300:
            self.last_error = f"Wrong response from the webhook: {reply.status_code}"
        return reply.status_code

    def write(self, chat: int, text: str) -> int:
        """Type and deliver."""
        return self.deliver(self.text(chat, text))

    def messages(self, chat: int) -> list[Sent]:
        """What the bot sent to a chat, oldest first."""
        with self._lock:
            return [message for message in self.sent if message.chat == chat]

    def called(self, method: str) -> list[Json]:
        """The parameters of the calls of a method."""
        with self._lock:
            return [parameters for name, parameters in self.calls if name == method]


def _handler(api: BotApi) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """/bot<token>/<method>; parameters as a form, values that are no text as JSON."""

        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length).decode()
            if len(body.encode()) < length:
                return  # the client went away
            parameters = {name: _value(name, value) for name, value in parse_qsl(body, True)}
            try:
                if not self.path.startswith(f"/bot{TOKEN}/"):
                    raise RefusedError(401, "Unauthorized")
                result = api.answer(self.path.rsplit("/", 1)[1], parameters)
                self._send(200, {"ok": True, "result": result})
            except RefusedError as error:
                self._send(error.code, error.body)

        def _send(self, status: int, body: Json) -> None:
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing: the tests read `calls`."""

    return Handler


def _value(name: str, value: str) -> Any:
    """Objects and arrays come as JSON; everything else is left as text."""
    if name in {"text", "description", "short_description", "url", "secret_token"}:
        return value
    try:
        return json.loads(value) if value[:1] in "[{" else value
    except ValueError:
        raise BadRequestError(f"can't parse {name} JSON object") from None
