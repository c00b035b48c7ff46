"""The stand-in of the Bot API: as the official description has it, as strict as the real one."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from guide.settings import ROOT
from tests.standins.telegram import TOKEN, BotApi
from tests.standins.telegram_methods import BOT
from tests.standins.telegram_rules import METHODS, UPDATES, units

DESCRIPTION = ROOT.parent / "shared" / "data" / "telegram-bot-api-10.1.min.json"


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    """The official API as JSON, which is not part of the project."""
    if not DESCRIPTION.exists():
        pytest.skip("no description of the Bot API in ../shared/data")
    described: dict[str, Any] = json.loads(DESCRIPTION.read_text(encoding="utf-8"))
    return described


@pytest.mark.parametrize("name", METHODS)
def test_methods_are_telegrams(description: dict[str, Any], name: str) -> None:
    fields = {one["name"]: one for one in description["methods"][name].get("fields", [])}
    required, optional = METHODS[name]
    assert {one for one, field in fields.items() if field["required"]} == set(required)
    assert set(optional) <= set(fields)


def test_kinds_of_updates_are_telegrams(description: dict[str, Any]) -> None:
    fields = {one["name"] for one in description["types"]["Update"]["fields"]}
    assert fields - {"update_id"} == UPDATES


def test_updates_and_messages_have_telegrams_fields(description: dict[str, Any]) -> None:
    def check(kind: str, value: dict[str, Any]) -> None:
        fields = {one["name"]: one for one in description["types"][kind]["fields"]}
        assert set(value) <= set(fields), kind
        assert {name for name, one in fields.items() if one["required"]} <= set(value), kind

    with BotApi() as api:
        update = api.text(7, "/start")
        result = call(api, "sendMessage", chat_id=7, text="a", reply_markup=keyboard("x"))[1]
        press = api.press(api.messages(7)[0], "A")
        old = api.press(api.messages(7)[0], "A", accessible=False)
        info = call(api, "getWebhookInfo")[1]["result"]
    check("Update", update)
    check("Message", update["message"])
    check("MessageEntity", update["message"]["entities"][0])
    check("Chat", update["message"]["chat"])
    check("User", update["message"]["from"])
    check("User", BOT)
    check("Message", result["result"])
    check("CallbackQuery", press["callback_query"])
    check("InaccessibleMessage", old["callback_query"]["message"])
    check("WebhookInfo", info)


@pytest.fixture
def api() -> Any:
    with BotApi() as running:
        running.known.add(7)
        yield running


def call(api: BotApi, method: str, token: str = TOKEN, **given: Any) -> tuple[int, Any]:
    """(status, body) of a call; values as a bot sends them."""
    form = {k: v if isinstance(v, str) else json.dumps(v) for k, v in given.items()}
    reply = httpx.post(f"{api.url}/bot{token}/{method}", data=form)
    return reply.status_code, reply.json()


def keyboard(data: str) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "A", "callback_data": data}]]}


HTML = {"chat_id": 7, "parse_mode": "HTML"}


@pytest.mark.parametrize(
    ("method", "given", "code", "told"),
    [
        ("sendMessage", {"chat_id": 7, "text": ""}, 400, "message text is empty"),
        ("sendMessage", {**HTML, "text": "<b> </b>"}, 400, "message text is empty"),
        ("sendMessage", {"chat_id": 7, "text": "x" * 4097}, 400, "message is too long"),
        ("sendMessage", {"chat_id": 7, "text": "\U0001f9ec" * 2049}, 400, "message is too long"),
        ("sendMessage", {"chat_id": 8, "text": "a"}, 400, "chat not found"),
        ("sendMessage", {"chat_id": 9, "text": "a"}, 403, "Forbidden: bot was blocked by the user"),
        ("sendMessage", {**HTML, "text": "<p>a</p>"}, 400, 'Unsupported start tag "p"'),
        ("sendMessage", {**HTML, "text": "a < b"}, 400, "can't parse entities"),
        ("sendMessage", {**HTML, "text": "<b>a"}, 400, "can't parse entities"),
        ("sendMessage", {**HTML, "text": "<b><i>a</b></i>"}, 400, "can't parse entities"),
        ("sendMessage", {**HTML, "text": "a&nbsp;b"}, 400, "can't parse entities"),
        ("sendMessage", {"chat_id": 7, "text": "a", "reply_markup": keyboard("")}, 400,
         "BUTTON_DATA_INVALID"),
        ("sendMessage", {"chat_id": 7, "text": "a", "reply_markup": keyboard("é" * 33)}, 400,
         "BUTTON_DATA_INVALID"),
        ("editMessageText", {"chat_id": 7, "message_id": 1, "text": "a"}, 400,
         "message to edit not found"),
        ("answerCallbackQuery", {"callback_query_id": "1"}, 400, "query is too old"),
        ("setWebhook", {"url": "https://a.example", "secret_token": "a b"}, 400, "unallowed"),
        ("setMyCommands", {"commands": [{"command": "Help", "description": "a"}]}, 400,
         "BOT_COMMAND_INVALID"),
        ("setMyDescription", {"description": "x" * 513}, 400, "too long"),
        ("sendMessages", {}, 404, "Not Found"),
    ],
)  # fmt: skip
def test_what_telegram_refuses(
    api: BotApi, method: str, given: dict[str, Any], code: int, told: str
) -> None:
    api.known.add(9)
    api.blocked.add(9)
    status, body = call(api, method, **given)
    assert status == code
    assert (body["ok"], body["error_code"]) == (False, code)
    assert told in body["description"]


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"text": "x" * 4096}, "x" * 4096),
        ({"text": "<b>" * 200 + "x" * 4096 + "</b>" * 200, "parse_mode": "HTML"}, "x" * 4096),
        ({"text": "a &lt;b&gt; &amp; <a href=\"https://a.example/?a=1&amp;b=2\">c</a>",
          "parse_mode": "HTML"}, "a <b> & c"),
        ({"text": "a", "reply_markup": keyboard("x" * 64)}, "a"),
    ],
)  # fmt: skip
def test_what_telegram_takes(api: BotApi, given: dict[str, Any], text: str) -> None:
    status, body = call(api, "sendMessage", chat_id=7, **given)
    assert status == 200, body
    assert body["result"]["text"] == text
    assert units(text) <= 4096


def test_a_token_of_nobody_and_a_flood(api: BotApi) -> None:
    assert call(api, "getMe", token="1:AA")[0] == 401
    api.flooded["getMe"] = [3]
    status, body = call(api, "getMe")
    assert (status, body["parameters"]) == (429, {"retry_after": 3})
    assert call(api, "getMe")[0] == 200


@pytest.mark.parametrize("url", ["http://a.example", "https://a.example:5005", "a.example"])
def test_telegrams_own_server_wants_tls_and_its_ports(url: str) -> None:
    with BotApi(public=True) as api:
        status, body = call(api, "setWebhook", url=url)
        assert (status, "bad webhook" in body["description"]) == (400, True)
        assert call(api, "setWebhook", url="https://a.example:8443/x")[0] == 200
