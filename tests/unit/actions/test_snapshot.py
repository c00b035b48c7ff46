"""The whole way with the registry's real data of 22 August 2026, where they are at hand."""

from __future__ import annotations

import pytest

from actions.registry.matching import select
from actions.registry.studies import Study, read_studies
from guide.content.trials import TrialContent
from guide.trials.mentions import find_place
from guide.trials.places import Gazetteer
from tests.standins.registry import search
from tests.standins.samples import SNAPSHOT, snapshot_studies

pytestmark = pytest.mark.skipif(
    not (SNAPSHOT / "trials-2026-08-22.csv").exists(), reason="the snapshot is not at hand"
)


@pytest.fixture(scope="module")
def studies(content: TrialContent, gazetteer: Gazetteer) -> tuple[Study, ...]:
    """Through the query, too: a study that it does not find is lost, whatever we do here."""
    query = {
        "query.term": content.search,
        "filter.overallStatus": "RECRUITING",
        "pageSize": "1000",
    }
    found = search(snapshot_studies(), query)["studies"]
    return read_studies(found, content.products, gazetteer.locate)


@pytest.mark.parametrize(
    ("city", "least"), [("Boston", 4), ("Chicago", 5), ("Houston", 2), ("Berlin", 2), ("London", 2)]
)
def test_some_near(
    studies: tuple[Study, ...],
    content: TrialContent,
    gazetteer: Gazetteer,
    city: str,
    least: int,
) -> None:
    (place,) = find_place(city, gazetteer).places
    found = select(studies, place, content.radius_miles, gazetteer)
    assert found.kind == "near"
    assert len(found.matches) >= least


@pytest.mark.parametrize(("city", "miles"), [("Boise", 296), ("Anchorage", 1435)])
def test_none_near(
    studies: tuple[Study, ...],
    content: TrialContent,
    gazetteer: Gazetteer,
    city: str,
    miles: float,
) -> None:
    (place,) = find_place(city, gazetteer).places
    found = select(studies, place, content.radius_miles, gazetteer)
    assert found.kind == "far"
    assert found.matches[0].miles == pytest.approx(miles, abs=1.5)


def test_recall_and_precision(studies: tuple[Study, ...]) -> None:
    found = {study.nct for study in studies}
    named = {"NCT06121297", "NCT06308978", "NCT06581198", "NCT06897930", "NCT07085104"}
    assert named <= found
    natural_killers = {"NCT06010472", "NCT06557265", "NCT06434363", "NCT07490041"}
    follow_up = {"NCT07403188"}
    assert not found & (natural_killers | follow_up)
    assert len(found) >= 75
