"""Which records become studies, and what of them."""

from __future__ import annotations

from typing import Any

import pytest

from actions.registry.studies import Contact, Study, read_studies
from tests.standins.samples import BERLIN, BOSTON, Record, site, study

PRODUCTS = ["ABC-101"]


def read(*records: Record) -> tuple[Study, ...]:
    return read_studies(records, PRODUCTS, lambda city, state, country: None)


def named(*names: str) -> Record:
    return {"interventions": [{"type": "BIOLOGICAL", "name": name} for name in names]}


PLAIN = {"briefSummary": "In people with lupus."}


@pytest.mark.parametrize(
    ("title", "interventions", "wanted"),
    [
        # CAR T, in the ways it is written
        ("CAR-T in SLE", ["Infusion"], True),
        ("CART Cells for Lupus", ["Infusion"], True),
        ("Lupus Study", ["Universal UCAR T-cell"], True),
        ("Lupus Study", ["examplecabtagene autoleucel"], True),
        ("Lupus Study", ["Chimeric Antigen Receptor T Cells"], True),
        ("Lupus Study", ["ABC-101"], True),
        ("CAR-T and NK Profiles: CAR T Cells in Lupus", ["CD19 CAR-T"], True),
        # nearly
        ("CAR-NK Cells in Lupus", ["CAR NK cells"], False),
        ("Natural Killer Cells in Lupus", ["NKX999"], False),
        ("A Tablet in Lupus", ["Tablet"], False),
        ("Cartilage in Lupus", ["Cartridge"], False),
        ("Long-Term Follow-up of Lupus After CAR T", ["CAR T"], False),
        ("Long Term Safety in Participants Previously Treated With CAR-T in Lupus", [], False),
    ],
)
def test_what_is_a_car_t_study(title: str, interventions: list[str], wanted: bool) -> None:
    record = study(
        1, title, [], armsInterventionsModule=named(*interventions), descriptionModule=PLAIN
    )
    assert bool(read(record)) is wanted


def test_lupus_must_be_named_somewhere() -> None:
    other: dict[str, Any] = {
        "conditionsModule": {"conditions": ["Myasthenia Gravis"]},
        "descriptionModule": {"briefSummary": "In people with myasthenia."},
    }
    assert read(study(1, "CAR T Cells", [], **other)) == ()
    other["descriptionModule"] = {"briefSummary": "A basket: SLE, myositis."}
    assert len(read(study(1, "CAR T Cells", [], **other))) == 1


def test_only_recruiting_sites_and_those_without_a_status() -> None:
    statuses = ["RECRUITING", None, "WITHDRAWN", "NOT_YET_RECRUITING", "COMPLETED"]
    (one,) = read(study(1, "CAR T", [site(BOSTON, str(s), status=s) for s in statuses]))
    assert [place.facility for place in one.sites] == ["RECRUITING", "None"]


@pytest.mark.parametrize(
    ("ages", "children"),
    [
        ({"stdAges": ["CHILD"]}, True),
        ({"maximumAge": "17 Years"}, True),
        ({"maximumAge": "30 Years", "stdAges": ["CHILD", "ADULT"]}, False),
        ({"maximumAge": "18 Years"}, False),
        ({}, False),
    ],
)
def test_children_only(ages: Record, children: bool) -> None:
    (one,) = read(study(1, "CAR T", [], eligibilityModule=ages))
    assert one.children_only is children


def test_hardly_a_module_is_enough() -> None:
    protocol = {
        "identificationModule": {"nctId": "NCT00000001", "briefTitle": "CAR T in Lupus"},
        "statusModule": {"overallStatus": "RECRUITING"},
    }
    (one,) = read({"protocolSection": protocol})
    assert (one.phase, one.updated, one.contact, one.sites) == ("none", None, None, ())


@pytest.mark.parametrize(
    "record",
    [{}, {"protocolSection": None}, {"protocolSection": {"identificationModule": {"nctId": "x"}}}],
)
def test_broken_records_are_left_out(record: Record) -> None:
    assert read(record, study(1, "CAR T", [])) == read(study(1, "CAR T", []))


def test_a_study_counts_once() -> None:
    assert len(read(study(1, "CAR T", []), study(1, "CAR T", []))) == 1


@pytest.mark.parametrize(
    ("contact", "expected"),
    [
        ({"phone": "+49 30 1234567", "email": ""}, Contact("+49 30 1234567", "")),
        ({"phone": "555-010-0100", "phoneExt": "9"}, Contact("555-010-0100 ext. 9", "")),
        ({"email": "a.b@c.example.org"}, Contact("", "a.b@c.example.org")),
        ({"name": "Dr. Who"}, None),
        ({"phone": "see website", "email": "none"}, None),
    ],
)
def test_contacts(contact: Record, expected: Contact | None) -> None:
    (one,) = read(study(1, "CAR T", [site(BERLIN, contacts=[contact])]))
    assert one.sites[0].contact == expected


def test_partial_dates_are_not_made_up() -> None:
    status = {"overallStatus": "RECRUITING", "lastUpdatePostDateStruct": {"date": "2026-05"}}
    (one,) = read(study(1, "CAR T", [], statusModule=status))
    assert one.updated is None
