"""Upstream behaviour of Rasa 3.6.21 that hurts patients or costs, worked round in this one place.

Imported by the channels, which the chat server loads before it takes its first message.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import rasa.core.actions.action
import rasa.engine.runner.dask
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


def run_graphs_directly() -> None:
    """Rasa hands its graph of a dozen steps to dask, which orders and queues them anew at each
    message: 0.6 ms for every one of the three runs of a turn, more than most steps take."""
    rasa.engine.runner.dask.dask = SimpleNamespace(get=run_graph)


def run_graph(graph: Mapping[str, Any], targets: Sequence[str]) -> list[Any]:
    """The results of these nodes, as `dask.get` gives them.

    Args:
        graph: name -> (function, names of its arguments...) or a value. A name that the graph
            does not hold stands for itself.
        targets: names.
    """
    results: dict[str, Any] = {}

    def result(name: str) -> Any:
        if name not in graph:
            return name
        if name not in results:
            task = graph[name]
            called = isinstance(task, tuple) and task and callable(task[0])
            results[name] = task[0](*map(result, task[1:])) if called else task
        return results[name]

    return [result(name) for name in targets]
