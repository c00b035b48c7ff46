"""Nothing that was acknowledged is lost, nothing is answered twice, everybody gets words."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.breaking import small_disk
from tests.faults.course import COURSE, LONG, Passed, run
from tests.faults.kept import house
from tests.load.check import FAULTS

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def passed(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Passed]:
    """One server after all faults; the counts are printed."""
    folder = tmp_path_factory.mktemp("faults")
    with small_disk(folder / "disk") as disk, house(folder, disk) as guide:
        result = asyncio.run(run(guide, **(LONG if os.environ.get("GUIDE_LOAD") == "long" else {})))
    print(result.table())
    yield result


@pytest.mark.parametrize("fault", FAULTS)
def test_no_message_is(passed: Passed, fault: str) -> None:
    assert not passed.report.faults.get(fault), passed.table()


def test_each_fault_was_felt_and_is_over(passed: Passed) -> None:
    """Else this course would show nothing."""
    assert len(passed.recovery) >= len(COURSE)
    counts = passed.report.counts
    assert counts["told by the widget that the guide is away"]["web"] > 0
    assert sum(counts["with an apology"].values()) > 0
    assert sum(counts["with a reply, and not kept"].values()) > 0
