"""Reads and checks data/trials.yml, which holds every word the trial finder says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Any

from guide.content.problems import ContentError, Problem, missing, must_be, unknown
from guide.content.yaml_text import read_yaml

FILE = "trials.yml"

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
        "which_place_option": "number place",
        "outage": "",
        "stale": "date",
        "more": "first last count",
        "more_one": "number count",
        "more_last": "count",
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
        "sources": "date link",
        "sources_undated": "link",
        "button_near": "place",
    }.items()
}
PHASES = (
    "EARLY_PHASE1", "PHASE1", "PHASE1_PHASE2", "PHASE2", "PHASE2_PHASE3", "PHASE3", "PHASE4",
    "none",
)  # fmt: skip
LINKS = {"study": frozenset({"nct"}), "search": frozenset[str]()}
PATTERNS = {"date": frozenset({"month", "day", "year"}), "query": frozenset({"products"})}
SETTINGS = ("radius_miles", "studies_per_reply", "page_size")
LISTS = ("products", "more_phrases", "months")
SECTIONS = ("settings", *LISTS, "links", "countries", "phases", "texts", *PATTERNS)
MONTHS_A_YEAR = 12


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
    countries: Mapping[str, str]
    phases: Mapping[str, str]
    texts: Mapping[str, str]

    @property
    def search(self) -> str:
        """The query with the names of all products."""
        names = " OR ".join(f'"{name}"' for name in self.products)
        return self.query.format(products=names)


def load_trials(folder: Path) -> TrialContent:
    """Reads the file of a data folder.

    Raises:
        ContentError: with all faults, each naming the file and the key.
    """
    data, problems = _read(folder)
    if problems:
        raise ContentError(problems)
    values: dict[str, Any] = {**data, **data["settings"]}
    del values["settings"]
    return TrialContent(**{**values, **{key: tuple(data[key]) for key in LISTS}})


def trial_problems(folder: Path) -> list[Problem]:
    """Every fault of the file, to be told with those of the other content."""
    return _read(folder)[1]


def _read(folder: Path) -> tuple[Any, list[Problem]]:
    data, problems = read_yaml(folder / FILE, FILE, allow_numbers=True)
    return data, problems or list(_problems(data))


def _problems(data: Any) -> Iterator[Problem]:
    wrong = list(_key_problems("", data, SECTIONS))
    if wrong:
        yield from wrong
        return
    yield from _key_problems("settings", data["settings"], SETTINGS)
    for key, value in _items(data["settings"]):
        if not isinstance(value, int) or value < 1:
            yield must_be(
                FILE, f"settings.{key}", "trials.E004", "a whole number of 1 or more", value
            )
    for key in LISTS:
        yield from _list_problems(key, data[key])
    none = frozenset[str]()
    names = {key: none for key, _ in _items(data["countries"])}  # whichever an editor likes
    for section, allowed in (
        ("countries", names), ("phases", dict.fromkeys(PHASES, none)), ("links", LINKS),
        ("texts", TEXTS),
    ):  # fmt: skip
        yield from _key_problems(section, data[section], allowed)
        yield from _text_problems(section, data[section], allowed)
    yield from _text_problems("", {key: data[key] for key in PATTERNS}, PATTERNS)


def _key_problems(section: str, found: Any, expected: Iterable[str]) -> Iterator[Problem]:
    """Keys that have to be there, and keys that nobody reads."""
    if not isinstance(found, dict):
        yield must_be(FILE, section, "trials.E001", "a mapping", found)
        return
    known = tuple(expected)
    for key in known:
        if key not in found:
            yield missing(FILE, _key(section, key), "trials.E002")
    for key in found:
        if key not in known:
            yield unknown(FILE, _key(section, key), "trials.E003", "key", key)


def _list_problems(key: str, value: Any) -> Iterator[Problem]:
    if not isinstance(value, list) or not value:
        yield must_be(FILE, key, "trials.E005", "a list of texts", value)
        return
    for number, item in enumerate(value, 1):
        if not isinstance(item, str):
            yield must_be(FILE, f"{key}[{number}]", "trials.E006", "text", item)
    if key == "months" and len(value) != MONTHS_A_YEAR:
        yield must_be(FILE, key, "trials.E007", f"a list of {MONTHS_A_YEAR}", len(value))


def _text_problems(
    section: str, found: Any, allowed: Mapping[str, frozenset[str]]
) -> Iterator[Problem]:
    """Texts that are none, and {names} that nobody fills in."""
    for key, text in _items(found):
        if not isinstance(text, str) or not text.strip():
            yield must_be(FILE, _key(section, key), "trials.E006", "text", text)
            continue
        try:
            used = {field for _, field, _, _ in Formatter().parse(text) if field is not None}
        except ValueError:
            yield Problem(FILE, _key(section, key), "trials.E008", "has braces that do not match")
            continue
        for name in sorted(used - allowed.get(key, frozenset())):
            yield Problem(FILE, _key(section, key), "trials.E009", f"cannot use {{{name}}}")


def _key(section: str, key: str) -> str:
    return f"{section}.{key}" if section else key


def _items(section: Any) -> list[tuple[str, Any]]:
    return list(section.items()) if isinstance(section, dict) else []
