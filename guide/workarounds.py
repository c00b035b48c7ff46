"""Upstream behaviour of Rasa 3.6.21 that hurts patients, worked round in this one place.

Imported by the channels, which the chat server loads before it takes its first message.
"""

from __future__ import annotations

import logging

import rasa.core.actions.action
import rasa.utils.endpoints

# The action server's own deadline for a registry call is shorter; a patient waits no longer.
ACTION_TIMEOUT_SECONDS = 4.5


def shorten_action_timeout() -> None:
    """Rasa waits 300 s for an action and holds the conversation meanwhile.

    endpoints.yml cannot set it: the value is a module constant that two modules copied.
    """
    rasa.core.actions.action.DEFAULT_REQUEST_TIMEOUT = ACTION_TIMEOUT_SECONDS
    rasa.utils.endpoints.DEFAULT_REQUEST_TIMEOUT = ACTION_TIMEOUT_SECONDS


def keep_conversations_out_of_errors() -> None:
    """rasa_sdk answers a failed action with the request it got, and Rasa logs that answer."""

    def told(error: rasa.utils.endpoints.ClientResponseError) -> str:
        return f"{error.status}, {error.message}"

    rasa.utils.endpoints.ClientResponseError.__str__ = told


def allow_silence() -> None:
    """A reply class may say nothing (`None`); Rasa logs that as an error at each working request.

    data/rules.yml ends every request in utter_service_down, which speaks only when it has to.
    """

    def told(record: logging.LogRecord) -> bool:
        return "for response 'utter_service_down'" not in record.getMessage()

    logging.getLogger(rasa.core.actions.action.__name__).addFilter(told)
