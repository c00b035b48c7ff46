"""Invented studies in the shape of ClinicalTrials.gov's API v2. No real study, site or person."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Record = dict[str, Any]
SNAPSHOT = Path(__file__).resolve().parents[3] / "shared" / "data"

# The enumeration of overall statuses.
STATUSES = [
    "ACTIVE_NOT_RECRUITING",
    "COMPLETED",
    "ENROLLING_BY_INVITATION",
    "NOT_YET_RECRUITING",
    "RECRUITING",
    "SUSPENDED",
    "TERMINATED",
    "WITHDRAWN",
    "AVAILABLE",
    "NO_LONGER_AVAILABLE",
    "TEMPORARILY_NOT_AVAILABLE",
    "APPROVED_FOR_MARKETING",
    "WITHHELD",
    "UNKNOWN",
]

# City points as the registry gives them (GeoNames).
BOSTON = {"city": "Boston", "state": "Massachusetts", "lat": 42.35843, "lon": -71.05977}
PROVIDENCE = {"city": "Providence", "state": "Rhode Island", "lat": 41.82399, "lon": -71.41283}
SALT_LAKE = {"city": "Salt Lake City", "state": "Utah", "lat": 40.76078, "lon": -111.89105}
BERLIN = {"city": "Berlin", "country": "Germany", "lat": 52.52437, "lon": 13.41053}
LONDON = {"city": "London", "country": "United Kingdom", "lat": 51.50853, "lon": -0.12574}


def site(
    where: dict[str, Any],
    facility: str = "Example Hospital",
    status: str | None = "RECRUITING",
    contacts: list[Record] | None = None,
) -> Record:
    """One element of `locations`; optional parts are left out as the registry does."""
    record: Record = {
        "facility": facility,
        "status": status,
        "city": where["city"],
        "state": where.get("state"),
        "country": where.get("country", "United States"),
        "contacts": contacts,
    }
    if "lat" in where:
        record["geoPoint"] = {"lat": where["lat"], "lon": where["lon"]}
    return {key: value for key, value in record.items() if value is not None}


def study(number: int, title: str, sites: list[Record], **changes: Any) -> Record:
    """One complete record; `changes` replace whole modules by name, None removes one."""
    protocol: dict[str, Any] = {
        "identificationModule": {"nctId": f"NCT{number:08d}", "briefTitle": title},
        "statusModule": {
            "overallStatus": "RECRUITING",
            "lastUpdatePostDateStruct": {"date": "2026-05-14", "type": "ACTUAL"},
        },
        "descriptionModule": {"briefSummary": "An invented study in people with lupus."},
        "conditionsModule": {"conditions": ["Systemic Lupus Erythematosus"]},
        "designModule": {"studyType": "INTERVENTIONAL", "phases": ["PHASE1", "PHASE2"]},
        "armsInterventionsModule": {
            "interventions": [{"type": "BIOLOGICAL", "name": "Example CAR T cells"}]
        },
        "eligibilityModule": {
            "minimumAge": "18 Years",
            "maximumAge": "65 Years",
            "stdAges": ["ADULT", "OLDER_ADULT"],
        },
        "contactsLocationsModule": {
            "centralContacts": [
                {
                    "name": "Study Desk",
                    "role": "CONTACT",
                    "phone": "555-010-0199",
                    "email": "desk@example.org",
                }
            ],
            "locations": sites,
        },
    }
    protocol.update(changes)
    present = {name: module for name, module in protocol.items() if module is not None}
    return {"protocolSection": present, "hasResults": False}


def sample_studies() -> list[Record]:
    """A small registry: some studies that belong on the list, and each kind that does not."""
    child = {"minimumAge": "5 Years", "maximumAge": "17 Years", "stdAges": ["CHILD"]}
    desk = [{"name": "Site Desk", "role": "CONTACT", "phone": "555-010-0100", "phoneExt": "7"}]
    harbor = [
        site(BOSTON, "Harbor Hospital", contacts=desk),
        site(BERLIN, "Klinik am Beispiel", status=None),
        site(LONDON, "Closed Hospital", status="WITHDRAWN"),
    ]
    young = site(BOSTON)
    no_point = site({"city": "Worcester", "state": "Massachusetts"}, "Hill Hospital")
    return [
        study(90000001, "HARBOR: CAR T Cells in Lupus", harbor),
        study(90000002, "BAY: CAR T Cells in Lupus Nephritis", [site(PROVIDENCE)]),
        study(90000003, "LAKE: CAR T Cells in Lupus", [site(SALT_LAKE, "Lake Hospital")]),
        study(90000004, "YOUNG: CAR T in Childhood Lupus", [young], eligibilityModule=child),
        study(90000008, "SPARE: CAR T Cells in Lupus", [], contactsLocationsModule=None),
        study(
            90000009,
            "HILL: CAR T Cells in Lupus",
            [no_point],
            eligibilityModule=None,
            designModule=None,
        ),
        *_left_out(),
    ]


def _left_out() -> list[Record]:
    """CAR-NK cells, follow-up only, and a study that is over."""
    nk = {"interventions": [{"type": "BIOLOGICAL", "name": "CAR-NK cells"}]}
    unlike = {"briefSummary": "These cells differ from CAR T cells."}
    follow_up = {"studyType": "OBSERVATIONAL"}
    closed = {"overallStatus": "COMPLETED"}
    here = [site(BOSTON)]
    return [
        study(
            90000005,
            "CAR-NK Cells in Lupus",
            here,
            armsInterventionsModule=nk,
            descriptionModule=unlike,
        ),
        study(90000006, "Long-term Follow-up After CAR T", here, designModule=follow_up),
        study(90000007, "CAR T Cells in Lupus, Closed", here, statusModule=closed),
    ]


def snapshot_studies() -> list[Record]:
    """The real registry's data of one day, where they lie beside the project."""
    sites: dict[str, list[Record]] = defaultdict(list)
    for row in _rows("sites-2026-08-22.csv"):
        where: dict[str, Any] = {"city": row["City"], "country": row["Country"]}
        if row["State"]:
            where["state"] = row["State"]
        if row["Latitude"]:
            where |= {"lat": float(row["Latitude"]), "lon": float(row["Longitude"])}
        sites[row["NCTId"]].append(site(where, row["Facility"], row["SiteStatus"] or None))
    return [_snapshot_study(row, sites) for row in _rows("trials-2026-08-22.csv")]


def _snapshot_study(row: dict[str, str], sites: dict[str, list[Record]]) -> Record:
    phases = [phase for phase in row["Phase"].split("|") if phase not in ("", "Unknown")]
    ages = {"minimumAge": row["MinAge"], "maximumAge": row["MaxAge"]}
    return study(
        int(row["NCTId"].removeprefix("NCT")),
        row["BriefTitle"],
        sites[row["NCTId"]],
        statusModule={
            "overallStatus": row["OverallStatus"],
            "lastUpdatePostDateStruct": {"date": row["LastUpdatePostDate"], "type": "ACTUAL"},
        },
        descriptionModule={"briefSummary": row["BriefSummary"]},
        conditionsModule={"conditions": row["Conditions"].split("|")},
        designModule={"phases": phases} if phases else None,
        armsInterventionsModule={
            "interventions": [{"name": name} for name in row["Interventions"].split("|")]
        },
        eligibilityModule={key: value for key, value in ages.items() if value},
        contactsLocationsModule={"locations": sites[row["NCTId"]]},
    )


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (SNAPSHOT / name).open(encoding="utf-8", newline="") as handle:
        yield from csv.DictReader(handle)
