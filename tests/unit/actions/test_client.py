"""Each way in which the registry can fail has its own name."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest

from actions.registry import client as registry_client
from actions.registry.client import RateLimited, RegistryClient, RegistryError
from tests.standins.registry import Registry

QUERY = '("CAR T" OR "CAR-T") AND lupus'


def make(registry: Registry) -> RegistryClient:
    return RegistryClient(registry.url, read_s=0.3, budget_s=1.0)


@pytest.mark.parametrize(
    ("mode", "outcome"),
    [
        ("forbidden", "forbidden"),
        ("rate_limited", "rate_limited"),
        ("server_error", "server_error"),
        ("hang", "timed_out"),
        ("slow", "timed_out"),
        ("drip", "timed_out"),
        ("html", "not_json"),
        ("truncated", "malformed"),
        ("wrong_shape", "malformed"),
        ("endless", "malformed"),
    ],
)
def test_outcomes(registry: Registry, mode: str, outcome: str) -> None:
    registry.mode = mode
    with pytest.raises(RegistryError) as failure:
        make(registry).fetch(QUERY, 200)
    assert failure.value.outcome == outcome


def test_what_unpacks_without_end_is_read_to_the_limit_only(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.mode = "packed"
    monkeypatch.setattr(registry_client, "MAX_BYTES", 1_000_000)
    with pytest.raises(registry_client.Malformed, match="too long"):
        RegistryClient(registry.url).fetch(QUERY, 200)


def test_no_connection() -> None:
    with Registry() as registry:
        url = registry.url
    with pytest.raises(registry_client.Unreachable):
        RegistryClient(url).fetch(QUERY, 200)


def test_a_query_the_registry_cannot_read(registry: Registry) -> None:
    with pytest.raises(registry_client.BadRequest):
        make(registry).fetch('("CAR T" AND lupus', 200)


@pytest.mark.parametrize("page_size", [1, 2, 200])
def test_every_page_once(registry: Registry, page_size: int) -> None:
    fetched = make(registry).fetch(QUERY, page_size)
    ids = [one["protocolSection"]["identificationModule"]["nctId"] for one in fetched.records]
    assert len(ids) == len(set(ids)) == 8  # all samples but the completed one
    assert fetched.data_date == date(2026, 8, 21)


def test_retry_after_may_be_seconds_or_a_date(registry: Registry) -> None:
    registry.mode = "rate_limited"
    later = format_datetime(datetime.now(timezone.utc) + timedelta(seconds=90), usegmt=True)
    for header, low, high in (("120", 120, 120), (later, 80, 90), ("soon", 0, 0), ("", 0, 0)):
        registry.retry_after = header
        with pytest.raises(RateLimited) as failure:
            make(registry).fetch(QUERY, 200)
        assert low <= failure.value.retry_after_s <= high


def test_a_slow_registry_is_given_up_within_the_budget(registry: Registry) -> None:
    registry.mode = "drip"
    started = time.monotonic()
    with pytest.raises(RegistryError):
        make(registry).fetch(QUERY, 200)
    assert time.monotonic() - started < 3


def test_only_allowed_parameters_are_sent(registry: Registry) -> None:
    make(registry).fetch(QUERY, 200)
    (_, first), (version, none) = registry.requests
    assert set(first) == {"query.term", "filter.overallStatus", "fields", "pageSize"}
    assert first["filter.overallStatus"] == "RECRUITING"
    assert version.endswith("/version")
    assert none == {}
