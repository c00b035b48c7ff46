"""What Rasa is kept from doing."""

from __future__ import annotations

import inspect

import pytest
import rasa.core.actions.action
import rasa.utils.endpoints
from rasa.core.actions.action import RemoteAction
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from guide import workarounds


@pytest.fixture(autouse=True)
def undone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both are changes of the whole process."""
    for module in (rasa.core.actions.action, rasa.utils.endpoints):
        monkeypatch.setattr(module, "DEFAULT_REQUEST_TIMEOUT", 300)
    monkeypatch.setattr(ClientResponseError, "__str__", ClientResponseError.__str__)


def test_rasa_waits_seconds_and_not_minutes_for_an_action() -> None:
    workarounds.shorten_action_timeout()
    for module, user in (
        (rasa.core.actions.action, RemoteAction.run),
        (rasa.utils.endpoints, EndpointConfig.request),
    ):
        assert module.DEFAULT_REQUEST_TIMEOUT == workarounds.ACTION_TIMEOUT_SECONDS < 10
        # Rasa still takes it from there.
        assert "DEFAULT_REQUEST_TIMEOUT" in inspect.getsource(user)


def test_a_failed_action_does_not_repeat_the_conversation() -> None:
    error = ClientResponseError(500, "Internal Server Error", b'{"text": "I am Jane"}')
    workarounds.keep_conversations_out_of_errors()
    assert str(error) == "500, Internal Server Error"
    assert "Jane" not in f"{error}"
