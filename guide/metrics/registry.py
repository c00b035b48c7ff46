"""What the action server had of the registry of trials. Counted in actions.registry.cache."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

from guide.metrics.labels import SECONDS, begin, label

# How a call ended: those of the client's errors, and two that are not the registry's.
OUTCOMES = (
    "ok", "forbidden", "rate_limited", "bad_request", "server_error", "timed_out", "unreachable",
    "not_json", "malformed", "unexpected",
)  # fmt: skip
LISTS = ("fresh", "old", "none")

_CALLS = Counter("guide_registry_calls", "Fetches of the whole list, by outcome", ["outcome"])
_SECONDS = Histogram(
    "guide_registry_seconds", "Seconds of one fetch of the whole list", buckets=SECONDS
)
_LISTS = Counter("guide_registry_lists", "Lists that patients were answered from", ["state"])
_FETCHED = Gauge(
    "guide_registry_list_timestamp_seconds", "When the list was fetched; 0 while there is none"
)
begin(_CALLS, OUTCOMES)
begin(_LISTS, LISTS)


def called(outcome: str, seconds: float) -> None:
    """The registry was asked; `outcome` is one of `OUTCOMES`."""
    _CALLS.labels(label(outcome, OUTCOMES)).inc()
    _SECONDS.observe(seconds)


def listed(state: str) -> None:
    """A patient got what there is; `state` is one of `LISTS`."""
    _LISTS.labels(label(state, LISTS)).inc()


def fetched(when: float) -> None:
    """The list in use was fetched then (seconds since 1970)."""
    _FETCHED.set(when)
