"""Turns records of the registry's API into studies, and tells which ones belong on the list.

On the list: studies of CAR T cells in lupus that recruit, with the sites that recruit. Not on it:
CAR-NK cells, long-term follow-up of people who were already treated, and observation only. Any
module of a record may be missing.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from guide.trials.places import Point

RECRUITING = "RECRUITING"
TITLE_LENGTH = 160  # characters; three studies and the frame must stay under 3,500
FACILITY_LENGTH = 90
_NCT = re.compile(r"NCT\d{8}")
_PHONE = re.compile(r"\+?[\d(][\d ()./-]{5,24}")
_EMAIL = re.compile(r"[\w.+-]{1,60}@[\w-]{1,60}(?:\.[\w-]{1,30})+", re.ASCII)
_CAR_T = re.compile(
    r"\bU?CAR[\s-]{0,2}T(?:[\s-]?cells?)?\b|\bCARTs?\d*\b|\bCAR\d+|chimeric\s+(?:antigen|autoantibody)"
    r"\s+receptors?|\w+autoleucel|\w+cabtagene",
    re.IGNORECASE,
)
_T_CELLS = re.compile(r"\bT[\s-]?cells?\b|\bU?CAR[\s-]{0,2}T\b|\bCART\d*\b|leucel", re.IGNORECASE)
_NK = re.compile(r"\bNK\b|natural\s+killer|\bi?CAR[\s-]?NK|\bNKX", re.IGNORECASE)
_LUPUS = re.compile(r"lupus|\bSLE\b", re.IGNORECASE)
_FOLLOW_UP = re.compile(
    r"long[\s-]*term\s+(?:safety\s+)?(?:follow|safety|extension|observation)|\bLTFU\b|\brollover\b"
    r"|(?:previously|already)\s+(?:been\s+)?treated\s+with|previously\s+received",
    re.IGNORECASE,
)
_BRACKETS = str.maketrans("[]<>", "()()")
_YEARS = re.compile(r"(\d+)\s*Years?", re.IGNORECASE)

Locate = Callable[[str, str, str], Point | None]


@dataclass(frozen=True)
class Contact:
    """How to reach a study; at least one of the two is given."""

    phone: str = ""
    email: str = ""


@dataclass(frozen=True)
class Site:
    """A recruiting site. Its point is its city's, or None where nobody knows it."""

    facility: str
    city: str
    state: str
    country: str
    point: Point | None
    contact: Contact | None


@dataclass(frozen=True)
class Study:
    """A recruiting CAR T study in lupus, with its recruiting sites only."""

    nct: str
    title: str
    phase: str  # "PHASE1_PHASE2": the API's names joined; "none" without
    updated: date | None
    least_age: str  # as the registry gives it: "18 Years"
    most_age: str
    children_only: bool
    contact: Contact | None
    sites: tuple[Site, ...]


def read_studies(
    records: Iterable[dict[str, Any]], products: Sequence[str], locate: Locate
) -> tuple[Study, ...]:
    """The studies among `records` that belong on the list, each once.

    Args:
        records: elements of the API's `studies`.
        products: names of CAR T products, for records that never spell out "CAR T".
        locate: the point of (city, state, country), for sites without one.
    """
    studies: dict[str, Study] = {}
    for record in records:
        protocol = _mapping(record, "protocolSection")
        nct = _text(_mapping(protocol, "identificationModule").get("nctId"))
        if _NCT.fullmatch(nct) and is_wanted(protocol, products):
            studies[nct] = _study(nct, protocol, locate)
    return tuple(studies.values())


def is_wanted(protocol: dict[str, Any], products: Sequence[str]) -> bool:
    """Whether a study recruits people with lupus in order to give them CAR T cells."""
    design = _mapping(protocol, "designModule")
    if _mapping(protocol, "statusModule").get("overallStatus") != RECRUITING:
        return False
    if design.get("studyType", "INTERVENTIONAL") != "INTERVENTIONAL":
        return False
    names = _titles(protocol)
    if any(_FOLLOW_UP.search(name) for name in names):
        return False
    about = _descriptions(protocol)
    return _is_car_t(names + _interventions(protocol), about, products) and any(
        _LUPUS.search(text) for text in names + _conditions(protocol) + about
    )


def _is_car_t(names: Sequence[str], about: Sequence[str], products: Sequence[str]) -> bool:
    """Names decide first: the description of a CAR-NK study may well mention CAR T cells."""
    joined = " | ".join(names)
    if _NK.search(joined):
        return bool(_T_CELLS.search(_NK.sub("", joined)))
    if _CAR_T.search(joined) or any(name.lower() in joined.lower() for name in products):
        return True
    described = " | ".join(about)
    return bool(_CAR_T.search(described)) and not _NK.search(described)


def _titles(protocol: dict[str, Any]) -> list[str]:
    module = _mapping(protocol, "identificationModule")
    return [_text(module.get(key)) for key in ("briefTitle", "officialTitle")]


def _interventions(protocol: dict[str, Any]) -> list[str]:
    found = []
    for one in _list(_mapping(protocol, "armsInterventionsModule"), "interventions"):
        found += [_text(one.get("name")), *map(_text, one.get("otherNames") or ())]
    return found


def _conditions(protocol: dict[str, Any]) -> list[str]:
    module = _mapping(protocol, "conditionsModule")
    return [_text(one) for key in ("conditions", "keywords") for one in module.get(key) or ()]


def _descriptions(protocol: dict[str, Any]) -> list[str]:
    arms = _mapping(protocol, "armsInterventionsModule")
    described = [*_list(arms, "interventions"), *_list(arms, "armGroups")]
    summary = _mapping(protocol, "descriptionModule").get("briefSummary")
    return [_text(summary), *(_text(one.get("description")) for one in described)]


def _study(nct: str, protocol: dict[str, Any], locate: Locate) -> Study:
    identification = _mapping(protocol, "identificationModule")
    eligibility = _mapping(protocol, "eligibilityModule")
    places = _mapping(protocol, "contactsLocationsModule")
    phases = _mapping(protocol, "designModule").get("phases") or []
    known = [str(phase) for phase in phases if phase != "NA"]
    updated = _mapping(_mapping(protocol, "statusModule"), "lastUpdatePostDateStruct").get("date")
    title = identification.get("briefTitle") or identification.get("officialTitle") or nct
    return Study(
        nct=nct,
        title=_short(_text(title), TITLE_LENGTH),
        phase="_".join(known) or "none",
        updated=_date(updated),
        least_age=_text(eligibility.get("minimumAge")),
        most_age=_text(eligibility.get("maximumAge")),
        children_only=_children_only(eligibility),
        contact=_contact(_list(places, "centralContacts")),
        sites=tuple(
            _site(site, locate)
            for site in _list(places, "locations")
            if site.get("status") in (RECRUITING, None, "")
        ),
    )


def _site(site: dict[str, Any], locate: Locate) -> Site:
    city, state, country = (_text(site.get(key)) for key in ("city", "state", "country"))
    geo = _mapping(site, "geoPoint")
    lat, lon = geo.get("lat"), geo.get("lon")
    if isinstance(lat, (int, float)) and isinstance(lon, (int, float)):
        point: Point | None = (float(lat), float(lon))
    else:
        point = locate(city, state, country)
    return Site(
        facility=_short(_text(site.get("facility")), FACILITY_LENGTH),
        city=city,
        state=state,
        country=country,
        point=point,
        contact=_contact(_list(site, "contacts")),
    )


def _contact(contacts: Iterable[dict[str, Any]]) -> Contact | None:
    """The first contact with a phone number or an e-mail address of a plausible form."""
    for one in contacts:
        phone, email = str(one.get("phone") or ""), str(one.get("email") or "")
        extension = str(one.get("phoneExt") or "")
        phone = phone.strip() if _PHONE.fullmatch(phone.strip()) else ""
        if phone and extension.isdigit():
            phone = f"{phone} ext. {extension}"
        email = email.strip() if _EMAIL.fullmatch(email.strip()) else ""
        if phone or email:
            return Contact(phone, email)
    return None


def _children_only(eligibility: dict[str, Any]) -> bool:
    years = _YEARS.fullmatch(_text(eligibility.get("maximumAge")))
    return eligibility.get("stdAges") == ["CHILD"] or bool(years and int(years[1]) < 18)


def _date(value: object) -> date | None:
    """A full date; the registry also has partial ones ("2026-03"), which say too little."""
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def _text(value: object) -> str:
    """Registry text without what Markdown would act on, in one line."""
    text = re.sub(r"\\(.)", r"\1", html.unescape(value)) if isinstance(value, str) else ""
    text = text.translate(_BRACKETS)
    return " ".join(re.sub(r"[*_`#|~\\]+", " ", text).split())


def _short(text: str, length: int) -> str:
    if len(text) <= length:
        return text
    return text[: length - 1].rsplit(" ", 1)[0].rstrip(" ,;:-(") + "…"


def _mapping(parent: dict[str, Any], key: str) -> dict[str, Any]:
    value = parent.get(key)
    return value if isinstance(value, dict) else {}


def _list(parent: dict[str, Any], key: str) -> list[dict[str, Any]]:
    value = parent.get(key)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
