"""Words that are no names: the project's own terms, places, and English."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import spacy.util
from spacy.lang.en.stop_words import STOP_WORDS
from spacy.lookups import Lookups

from guide.privacy.lexicon import fold
from guide.privacy.reading import MODEL

_PEOPLE = 100_000  # a city so large is known by its name alone
# A smaller one is known to patients, unless people are called as it is.
_PEOPLE_AT_HOME, _HOME = 10_000, "US"
# "Müller F," of a citation: a family name and initials.
_AUTHOR = re.compile(r"\b([^\W\d_][\w'\u2019-]{2,}) [A-Z]{1,3}(?=[,. (])")


def project_terms(data: Path) -> Iterator[str]:
    """Terms of the field and the names of those whom answers cite or who wrote them, folded."""
    for line in _lines(data / "terms.yml"):
        if match := re.match(r"([^\s#-][^:#]*):", line):
            yield fold(match[1])
    for line in _lines(data / "references.yml"):
        if "citation:" in line:
            yield from (fold(name) for name in _AUTHOR.findall(line))
    for line in _lines(data / "article.yml"):
        if match := re.match(r"(?:title|publisher|author): *([^#]+?) *(?:#|$)", line):
            whole = fold(match[1])
            name = whole.split(",")[0]  # without "MS"
            yield from (whole, name, name.split()[-1])


def given_names(folder: Path) -> frozenset[str]:
    """First names: U.S. Census."""
    return frozenset(_lines(folder / "given_names.txt"))


def family_names(folder: Path) -> frozenset[str]:
    """Family names: U.S. Census."""
    return frozenset(_lines(folder / "family_names.txt"))


def field_words(folder: Path) -> frozenset[str]:
    """Words that stand often in the project's example questions, slips among them."""
    return frozenset(_lines(folder / "field_words.txt"))


def places(data: Path) -> frozenset[str]:
    """Names of large cities, of states and of countries, folded; of the U.S. smaller ones too."""
    people = given_names(data / "privacy") | family_names(data / "privacy")
    found: set[str] = set()
    for file, column in (("regions.tsv", 2), ("countries.tsv", 1)):
        for line in _lines(data / "places" / file):
            found.add(fold(line.split("\t")[column]))
    path = data / "places" / "cities.tsv.gz"
    if path.exists():
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                shown, _, country, _, _, number, *_ = line.rstrip("\n").split("\t")
                name, inhabitants = fold(shown), int(number or 0)
                if inhabitants < _PEOPLE_AT_HOME:
                    break  # largest first
                if inhabitants >= _PEOPLE or (country == _HOME and name not in people):
                    found |= {name, name.replace("saint ", "st "), name.replace("saint ", "st. ")}
    return frozenset(found)


@cache
def ordinary_words() -> frozenset[str]:
    """English words: those that spaCy's lemmatizer knows (WordNet's) and its stop words."""
    (folder,) = spacy.util.get_package_path(MODEL).rglob("lemmatizer/lookups")
    lookups = Lookups().from_disk(folder)
    # Irregular forms ("began") stand in the second.
    tables = [*lookups.get_table("lemma_index").values(), *lookups.get_table("lemma_exc").values()]
    words = {word for table in tables for word in table}
    return frozenset(words | STOP_WORDS)


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []
