"""What Rasa is kept from doing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import dask
import pytest
import rasa.core.actions.action
import rasa.utils.endpoints
from rasa.core.actions.action import RemoteAction
from rasa.core.channels.channel import CollectingOutputChannel
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from guide import workarounds


@pytest.fixture(autouse=True)
def undone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both are changes of the whole process."""
    for module in (rasa.core.actions.action, rasa.utils.endpoints):
        monkeypatch.setattr(module, "DEFAULT_REQUEST_TIMEOUT", 300)
    monkeypatch.setattr(ClientResponseError, "__str__", ClientResponseError.__str__)


class Asked(EndpointConfig):
    """An action server that only notes how long it would be waited for."""

    timeout: float = 0

    async def request(self, *args: Any, timeout: float = 0, **kwargs: Any) -> dict[str, Any]:
        self.timeout = timeout
        return {"events": [], "responses": []}


def test_rasa_waits_seconds_and_not_minutes_for_an_action() -> None:
    workarounds.shorten_action_timeout()
    server = Asked("http://127.0.0.1")

    async def turn() -> float | None:
        tracker = DialogueStateTracker.from_events("rest:1", [])
        action = RemoteAction("action_sources", server)
        await action.run(CollectingOutputChannel(), None, tracker, Domain.empty())
        async with EndpointConfig("http://127.0.0.1").session() as session:
            return session.timeout.total

    assert asyncio.run(turn()) == workarounds.ACTION_TIMEOUT_SECONDS
    assert server.timeout == workarounds.ACTION_TIMEOUT_SECONDS
    assert workarounds.ACTION_TIMEOUT_SECONDS < 10


def test_a_failed_action_does_not_repeat_the_conversation() -> None:
    error = ClientResponseError(500, "Internal Server Error", b'{"text": "I am Jane"}')
    workarounds.keep_conversations_out_of_errors()
    assert str(error) == "500, Internal Server Error"
    assert "Jane" not in f"{error}"


def test_only_what_may_say_nothing_is_not_told(caplog: pytest.LogCaptureFixture) -> None:
    workarounds.allow_silence()
    log = logging.getLogger(rasa.core.actions.action.__name__)
    for name in ("utter_service_down", "utter_cost"):
        log.error("Couldn't create message for response '%s'.", name)
    assert [record.args for record in caplog.records] == [("utter_cost",)]


def test_a_graph_is_run_as_dask_runs_it() -> None:
    """Each node once, arguments by name, inputs as they are, unknown names as themselves."""
    calls: list[str] = []

    def node(name: str) -> Callable[..., tuple[str, object]]:
        def run(*arguments: object) -> tuple[str, object]:
            calls.append(name)
            return name, arguments

        return run

    graph = {
        "__message__": ("__message__", ["hello"]),
        "words": (node("words"), "__message__"),
        "meaning": (node("meaning"), "words"),
        "spelling": (node("spelling"), "words", "__tracker__"),
        "both": (node("both"), "meaning", "spelling"),
        "unused": (node("unused"),),
    }
    ours = workarounds.run_graph(graph, ["both", "words"])
    assert calls == ["words", "meaning", "spelling", "both"]
    assert ours == list(dask.get(graph, ["both", "words"]))


def test_a_failing_node_fails_the_graph_with_its_own_error() -> None:
    def broken() -> None:
        raise KeyError("slot")

    with pytest.raises(KeyError, match="slot"):
        workarounds.run_graph({"a": (broken,)}, ["a"])
