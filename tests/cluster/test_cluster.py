"""Two chat servers behind nginx: nothing acknowledged is lost, nothing is answered twice."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator

import pytest

from guide.cluster.front import found
from guide.cluster.postgres import programs
from guide.settings import SettingError
from tests.cluster.course import Passed, run
from tests.cluster.house import House, house
from tests.load.check import FAULTS

pytestmark = pytest.mark.server
LONG = os.environ.get("GUIDE_LOAD") == "long"


@pytest.fixture(scope="module")
def running() -> Iterator[House]:
    """The cluster; without its programs tests are left out, in CI that is a failure."""
    try:
        lacking = "" if programs() else "PostgreSQL: tools/postgres.sh"
        found("nginx"), found("redis-server")
    except SettingError as error:
        lacking = str(error)
    if lacking:
        left_out = pytest.fail if os.environ.get("CI") else pytest.skip
        left_out(lacking)
    with house() as started:
        yield started


@pytest.fixture(scope="module")
def passed(running: House) -> Passed:
    """After the whole course; the counts are printed."""
    patients, per_second, rounds = (900, 10.0, 5) if LONG else (200, 5.0, 1)
    result = asyncio.run(run(running, patients, per_second, rounds))
    print(result.table())
    return result


@pytest.mark.parametrize("fault", FAULTS)
def test_no_message_is(passed: Passed, fault: str) -> None:
    assert not passed.report.faults.get(fault), passed.table()


def test_a_rollout_fails_no_request(passed: Passed) -> None:
    """A slow machine may keep Slack waiting longer than it does, which then asks again."""
    assert passed.rollout.keys() - {"late"} == {"200"}, passed.table()
