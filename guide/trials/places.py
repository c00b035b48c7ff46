"""Looks up cities, U.S. ZIP codes, states and countries in the gazetteer of data/places/.

Everything happens in memory: a patient's place never leaves the server. Points are those of
GeoNames, which are also the ones ClinicalTrials.gov gives for a site (its city's point, not the
hospital's), so every distance is city to city and is worth no more than "about".
"""

from __future__ import annotations

import gzip
import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import yaml

EARTH_RADIUS_MILES = 3958.8  # mean radius, IUGG
UNITED_STATES = "US"
# Letters that Unicode does not decompose into a base letter and an accent.
_LETTERS = str.maketrans(
    {
        "ß": "ss",
        "ø": "o",
        "ł": "l",
        "æ": "ae",
        "đ": "d",
        "ı": "i",
        "œ": "oe",
        "Ø": "O",
        "Ł": "L",
        "Æ": "AE",
        "Đ": "D",
    }
)
_SHORT_FORMS = {"saint": "st", "fort": "ft", "mount": "mt"}
# States whose bare name people also use for a city.
_ALSO_CITIES = ("New York", "Washington")
_CITY_STATE = "DC"

Point = tuple[float, float]  # latitude, longitude in degrees


@dataclass(frozen=True)
class Place:
    """A city, a U.S. state or a country; only a city has a point."""

    kind: Literal["city", "state", "country"]
    country_code: str
    country: str
    state: str = ""
    city: str = ""
    point: Point | None = None
    population: int = 0  # 0 for a town known from its ZIP codes only (under 15,000 people)

    @property
    def label(self) -> str:
        """What a patient reads, and what finds the same place again."""
        if self.kind == "city":
            return f"{self.city}, {self.state or self.country}"
        if self.kind == "state":
            return f"{self.state} state" if self.state in _ALSO_CITIES else self.state
        return self.country


@dataclass(frozen=True)
class Region:
    """What may follow a city: a state, or a country or a part of one."""

    country_code: str
    state: str = ""


def fold(name: str) -> str:
    """A name for comparing: lower case, no accents or punctuation, "saint" as "st"."""
    text = without_accents(name).lower()
    words = re.sub(r"[^\w]+", " ", re.sub(r"[.'’‘`]", "", text)).split()
    return " ".join(_SHORT_FORMS.get(word, word) for word in words)


def without_accents(text: str) -> str:
    """The text in base letters; capitals and punctuation stay."""
    if text.isascii():
        return text
    text = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return "".join(char for char in text if not unicodedata.combining(char))


def miles_between(one: Point, other: Point) -> float:
    """Great-circle distance in miles (haversine formula)."""
    lat_1, lon_1, lat_2, lon_2 = map(math.radians, (*one, *other))
    half = (
        math.sin((lat_2 - lat_1) / 2) ** 2
        + math.cos(lat_1) * math.cos(lat_2) * math.sin((lon_2 - lon_1) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_MILES * math.asin(math.sqrt(min(1.0, half)))


class Gazetteer:
    """All places by folded name, ZIP codes, and the words that need care."""

    def __init__(self) -> None:
        self.places: dict[str, list[Place]] = defaultdict(list)
        self.regions: dict[str, list[Region]] = defaultdict(list)
        self._words: dict[str, frozenset[str]] = {}
        self._zips: dict[str, Place] = {}
        self._countries: dict[str, str] = {}  # code -> name
        self._states: dict[str, str] = {}  # code -> name

    @classmethod
    def load(cls, folder: Path) -> Gazetteer:
        """Reads the tables that tools/build_places.py wrote, and words.yml.

        Raises:
            OSError: a table is missing or cannot be read.
        """
        gazetteer = cls()
        gazetteer._add_countries(_rows(folder / "countries.tsv"))
        gazetteer._add_regions(_rows(folder / "regions.tsv"))
        cities = gazetteer._add_cities(_rows(folder / "cities.tsv.gz"))
        gazetteer._zips = {code: cities[int(line)] for code, line in _rows(folder / "zips.tsv.gz")}
        words = yaml.safe_load((folder / "words.yml").read_text(encoding="utf-8"))
        gazetteer._words = {kind: frozenset(text.split()) for kind, text in words.items()}
        return gazetteer

    def by_zip(self, code: str) -> Place | None:
        """The city of a five-digit U.S. ZIP code."""
        return self._zips.get(code)

    def is_word(self, word: str, *kinds: str) -> bool:
        """Whether words.yml lists the folded word under one of these keys."""
        return any(word in self._words[kind] for kind in kinds)

    def country_code(self, name: str) -> str | None:
        """The code of a country however the registry spells it."""
        for place in self.places.get(fold(name), ()):
            if place.kind == "country":
                return place.country_code
        return None

    def locate(self, city: str, state: str, country: str) -> Point | None:
        """The point of a site whose record names a city but gives no point."""
        code = self.country_code(country)
        matches = [
            place
            for place in self.places.get(fold(city), ())
            if place.kind == "city" and place.country_code == code
        ]
        if code == UNITED_STATES:
            matches = [place for place in matches if fold(place.state) == fold(state)]
        return max(matches, key=lambda place: place.population).point if matches else None

    def in_region(self, places: Iterable[Place], region: str) -> list[Place]:
        """The cities among `places` that lie in the region of that folded name or code."""
        regions = self.regions.get(region, ())
        return [
            place
            for place in places
            if place.kind == "city"
            and any(
                place.country_code == one.country_code and one.state in ("", place.state)
                for one in regions
            )
        ]

    def _add_countries(self, rows: Iterable[list[str]]) -> None:
        for code, name, aliases in rows:
            self._countries[code] = name
            place = Place("country", code, name)
            for alias in _names(name, aliases):
                self.places[alias].append(place)
                self.regions[alias].append(Region(code))

    def _add_regions(self, rows: Iterable[list[str]]) -> None:
        for country, code, name, aliases in rows:
            for alias in _names(name, aliases, code):
                self.regions[alias].append(Region(country, name if code else ""))
            if code:
                self._states[code] = name
            if code and code != _CITY_STATE:
                place = Place("state", country, self._countries[country], name)
                for alias in _names(name, code):
                    self.places[alias].append(place)

    def _add_cities(self, rows: Iterable[list[str]]) -> list[Place]:
        cities = []
        for name, state, country, lat, lon, population, aliases in rows:
            place = Place(
                kind="city",
                country_code=country,
                country=self._countries[country],
                state=self._states.get(state, ""),
                city=name,
                point=(float(lat), float(lon)),
                population=int(population),
            )
            cities.append(place)
            for alias in _names(name, aliases):
                self.places[alias].append(place)
        return cities


def _names(name: str, aliases: str, code: str = "") -> set[str]:
    return {fold(alias) for alias in (name, code, *aliases.split("|")) if alias}


def _rows(path: Path) -> Iterator[list[str]]:
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")
    return (line.split("\t") for line in text.splitlines())
