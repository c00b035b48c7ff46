"""Reads and checks data/trials.yml, which holds every word the trial finder says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Any

import yaml

# The texts that must be there, and the names that each may use in braces.
TEXTS: Mapping[str, frozenset[str]] = {
    key: frozenset(names.split())
    for key, names in {
        "near": "radius place count",
        "none_near": "radius place miles nearest",
        "in_region": "place count",
        "none_in_region": "place count countries",
        "anywhere": "count countries",
        "none_at_all": "",
        "unknown_place": "",
        "which_place": "",
        "outage": "",
        "stale": "date",
        "more": "first last count",
        "no_more": "",
        "more_countries": "countries count",
        "study_title": "number title",
        "study_phase": "phase",
        "study_ages": "ages",
        "study_children": "",
        "study_site": "site",
        "study_site_miles": "site distance",
        "study_more_sites": "count",
        "study_everywhere": "count countries",
        "study_contact": "contact",
        "study_updated": "date",
        "study_link": "nct link",
        "distance": "miles",
        "distance_short": "",
        "ages_between": "least most",
        "ages_from": "least",
        "ages_to": "most",
        "search": "link",
        "search_place": "place link",
        "caution": "",
        "source": "date",
        "source_undated": "",
        "button_near": "place",
    }.items()
}
PHASES = [
    "EARLY_PHASE1",
    "PHASE1",
    "PHASE1_PHASE2",
    "PHASE2",
    "PHASE2_PHASE3",
    "PHASE3",
    "PHASE4",
    "none",
]
LINKS = {"study": frozenset({"nct"}), "search": frozenset[str]()}
PATTERNS = {"date": frozenset({"month", "day", "year"}), "query": frozenset({"products"})}
SETTINGS = ("radius_miles", "studies_per_reply", "page_size")
SECTIONS = [
    "settings",
    "query",
    "products",
    "links",
    "more_phrases",
    "months",
    "date",
    "phases",
    "texts",
]


class ContentError(ValueError):
    """data/trials.yml cannot be used; the message lists every fault with its key."""


@dataclass(frozen=True)
class TrialContent:
    """The checked content of data/trials.yml."""

    radius_miles: int
    studies_per_reply: int
    page_size: int
    query: str
    products: tuple[str, ...]
    links: Mapping[str, str]
    more_phrases: tuple[str, ...]
    months: tuple[str, ...]
    date: str
    phases: Mapping[str, str]
    texts: Mapping[str, str]

    @property
    def search(self) -> str:
        """The query with the names of all products."""
        names = " OR ".join(f'"{name}"' for name in self.products)
        return self.query.format(products=names)


def load_content(path: Path) -> TrialContent:
    """Reads the file once and refuses it when anything is missing, unknown or of another form.

    Raises:
        ContentError: with all faults, each naming the file and the key.
        OSError: the file cannot be read.
    """
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise ContentError(f"{path.name}: not YAML: {error}") from error
    problems = [f"{path.name}: {problem}" for problem in _problems(data)]
    if problems:
        raise ContentError("\n".join(problems))
    return TrialContent(
        **data["settings"],
        query=data["query"],
        products=tuple(data["products"]),
        links=data["links"],
        more_phrases=tuple(data["more_phrases"]),
        months=tuple(data["months"]),
        date=data["date"],
        phases=data["phases"],
        texts=data["texts"],
    )


def _problems(data: Any) -> Iterator[str]:
    wrong = list(_key_problems("", data, SECTIONS))
    if wrong:
        yield from wrong
        return
    yield from _key_problems("settings.", data["settings"], SETTINGS)
    for key, value in _items(data["settings"]):
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            yield f"settings.{key}: must be a whole number of 1 or more"
    for key in ("products", "more_phrases", "months"):
        if not _is_texts(data[key]):
            yield f"{key}: must be a list of texts"
    if isinstance(data["months"], list) and len(data["months"]) != 12:
        yield "months: must be twelve"
    yield from _key_problems("phases.", data["phases"], PHASES)
    yield from _text_problems("phases.", data["phases"], dict.fromkeys(PHASES, frozenset()))
    yield from _key_problems("links.", data["links"], LINKS)
    yield from _text_problems("links.", data["links"], LINKS)
    yield from _key_problems("texts.", data["texts"], TEXTS)
    yield from _text_problems("texts.", data["texts"], TEXTS)
    yield from _text_problems("", {key: data[key] for key in PATTERNS}, PATTERNS)


def _key_problems(prefix: str, section: Any, expected: Any) -> Iterator[str]:
    if not isinstance(section, dict):
        yield f"{prefix.rstrip('.') or 'the file'}: must be a mapping"
        return
    for key in expected:
        if key not in section:
            yield f"{prefix}{key}: is missing"
    for key in section:
        if key not in expected:
            yield f"{prefix}{key}: is unknown"


def _text_problems(
    prefix: str, section: Any, allowed: Mapping[str, frozenset[str]]
) -> Iterator[str]:
    for key, text in _items(section):
        if not isinstance(text, str) or not text.strip():
            yield f"{prefix}{key}: must be a text"
            continue
        try:
            used = {field for _, field, _, _ in Formatter().parse(text) if field is not None}
        except ValueError:
            yield f"{prefix}{key}: braces do not match"
            continue
        for name in sorted(used - allowed.get(key, frozenset())):
            yield f"{prefix}{key}: cannot use {{{name}}}"


def _items(section: Any) -> list[tuple[str, Any]]:
    return list(section.items()) if isinstance(section, dict) else []


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, str) for one in value)
