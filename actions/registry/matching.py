"""Chooses and orders studies for a place. Pure functions; distances are in miles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from actions.registry.studies import Site, Study
from guide.trials.places import Gazetteer, Place, fold, miles_between


@dataclass(frozen=True)
class Match:
    """A study, with its nearest (or first) wanted site and how many wanted sites it has."""

    study: Study
    site: Site | None
    sites: int
    miles: float | None = None


@dataclass(frozen=True)
class Selection:
    """What to show: near the place, far from it (none near), in its region, or anywhere."""

    kind: Literal["near", "far", "region", "anywhere"]
    matches: tuple[Match, ...]


def select(
    studies: Sequence[Study], place: Place | None, radius_miles: float, gazetteer: Gazetteer
) -> Selection:
    """The studies to show for a place, in the order to show them."""
    if place is None:
        return Selection("anywhere", _anywhere(studies))
    if place.kind != "city" or place.point is None:
        return Selection("region", _in_region(studies, place, gazetteer))
    by_distance = _by_distance(studies, place.point, radius_miles)
    near = tuple(match for match in by_distance if (match.miles or 0.0) <= radius_miles)
    return Selection("near", near) if near else Selection("far", by_distance)


def countries(studies: Iterable[Study]) -> list[str]:
    """The countries with recruiting sites, those with most studies first."""
    count = Counter(
        country
        for study in studies
        for country in {site.country for site in study.sites}
        if country
    )
    return sorted(count, key=lambda country: (-count[country], country))


def _by_distance(
    studies: Iterable[Study], point: tuple[float, float], radius_miles: float
) -> tuple[Match, ...]:
    matches = []
    for study in studies:
        away = [(miles_between(point, site.point), site) for site in study.sites if site.point]
        if away:
            miles, site = min(away, key=lambda pair: pair[0])
            near = sum(distance <= radius_miles for distance, _ in away)
            matches.append(Match(study, site, max(near, 1), miles))
    return tuple(sorted(matches, key=lambda match: (match.miles, match.study.nct)))


def _in_region(studies: Iterable[Study], place: Place, gazetteer: Gazetteer) -> tuple[Match, ...]:
    matches = []
    for study in studies:
        inside = [site for site in study.sites if _lies_in(site, place, gazetteer)]
        if inside:
            matches.append(Match(study, inside[0], len(inside)))
    return _most_sites_first(matches)


def _lies_in(site: Site, place: Place, gazetteer: Gazetteer) -> bool:
    same_country = gazetteer.country_code(site.country) == place.country_code
    return same_country and (not place.state or fold(site.state) == fold(place.state))


def _anywhere(studies: Iterable[Study]) -> tuple[Match, ...]:
    return _most_sites_first([Match(study, None, len(study.sites)) for study in studies])


def _most_sites_first(matches: Iterable[Match]) -> tuple[Match, ...]:
    """A study with many sites is the likeliest to be within anyone's reach."""
    return tuple(sorted(matches, key=lambda match: (-match.sites, match.study.nct)))
