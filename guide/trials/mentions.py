"""Finds the place a patient names in a free sentence.

Many places share their name with an ordinary word ("Nice", "Mobile", "Of"), so a name counts only
with evidence: a state or country after it, nothing else in the message, a word such as "near"
before it, or a size that makes any other meaning unlikely.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import pairwise

from guide.trials.places import (
    UNITED_STATES,
    Gazetteer,
    Place,
    fold,
    miles_between,
    without_accents,
)

MAX_CANDIDATES = 4
_LONGEST_NAME = 8  # words
_LONGEST_REGION = 5
_BARE_CITY_FROM = 100_000  # people; a smaller one needs evidence
_OVERWHELMING = 10  # times as many people as the next namesake: not worth a question
_SAME_AREA_MILES = 30.0  # Kansas City, Missouri and Kansas City, Kansas
_CITY_LIKE_STATE_FROM = 500_000  # people; "Washington" may well be the city
_CITY_BEFORE_STATE_FROM = 5_000_000  # people; "New York" is the city
_AMERICAN_WEIGHT = 3  # most patients who write to the guide are in the United States

_TOKEN = re.compile(r"[^\W_]+(?:[.'’‘`-][^\W_]+)*|,")
_ZIP = re.compile(
    r"(?<![\d$#.,-])(\d{5})(?:-\d{4})?(?![\d.,]*\d)(?!\s*(?:dollars|people|patients))"
)


class Evidence(IntEnum):
    """How sure it is that a place is meant."""

    NONE = 0
    BARE = 1
    PREPOSITION = 2
    ALONE = 3
    REGION = 4


@dataclass(frozen=True)
class Mention:
    """No places: none was named, or (`unknown`) none that we know. Several: ask which."""

    places: tuple[Place, ...] = ()
    unknown: bool = False


@dataclass(frozen=True)
class _Word:
    text: str
    raw: str
    after_comma: bool


@dataclass(frozen=True)
class _Hit:
    places: tuple[Place, ...]
    evidence: Evidence
    start: int
    end: int


def find_place(text: str, gazetteer: Gazetteer) -> Mention:
    """The place that a message names, its candidates, or the fact that it is unknown.

    Args:
        text: what the patient wrote; never logged, never sent on.
        gazetteer: the places we know.
    """
    words = _words(text)
    best = max(_hits(words, gazetteer), key=_rank, default=None)
    found = _settled(best, _ZIP.search(text), gazetteer)
    return found or Mention(unknown=_names_something(words, gazetteer))


def only_place(text: str, gazetteer: Gazetteer) -> Mention | None:
    """The place of a message that names one and says nothing else ("02115", "in Ohio please").

    None: the message says more than that, or names no place that we know.
    """
    code = _ZIP.search(text)
    words = _words(text.replace(code[0], " ") if code else text)
    whole = _longest(words, 0, gazetteer) if words and not code else None
    if whole and whole.end == len(words):
        return Mention(candidates(whole.places))
    around = [gazetteer.is_word(word.text, "near", "inside", "filler", "around") for word in words]
    first = next((n for n, extra in enumerate(around) if not extra), len(words))
    last = len(words) - next((n for n, extra in enumerate(around[::-1]) if not extra), 0)
    named = find_place(text, gazetteer)  # "in normal" is a place, "is it normal" is none
    if first == len(words):
        return named if code else None
    hit = _longest(words[first:last], 0, gazetteer)
    return named if named.places and hit and hit.end == last - first else None


def _settled(hit: _Hit | None, code: re.Match[str] | None, gazetteer: Gazetteer) -> Mention | None:
    """What a place's name and a ZIP code come to; None without either."""
    if code and (not hit or _is_american(hit)):
        place = gazetteer.by_zip(code[1])
        if place or not hit:
            return Mention((place,) if place else (), unknown=place is None)
    return Mention(candidates(hit.places)) if hit else None


def _words(text: str) -> list[_Word]:
    words: list[_Word] = []
    comma = False
    for raw in _TOKEN.findall(without_accents(text)):
        if raw == ",":
            comma = True
            continue
        for part in fold(raw).split():
            words.append(_Word(part, raw, comma))
            comma = False
    return words


def _hits(words: Sequence[_Word], gazetteer: Gazetteer) -> list[_Hit]:
    hits = []
    start = 0
    while start < len(words):
        hit = _longest(words, start, gazetteer)
        if hit:
            hits.append(hit)
        start = hit.end if hit else start + 1
    return hits


def _longest(words: Sequence[_Word], start: int, gazetteer: Gazetteer) -> _Hit | None:
    for end in range(min(len(words), start + _LONGEST_NAME), start, -1):
        if any(word.after_comma for word in words[start + 1 : end]):
            continue
        places = gazetteer.places.get(" ".join(word.text for word in words[start:end]))
        hit = _weigh(words, start, end, places, gazetteer) if places else None
        if hit:
            return hit
    return None


def _weigh(
    words: Sequence[_Word], start: int, end: int, places: Sequence[Place], gazetteer: Gazetteer
) -> _Hit | None:
    """The hit that this phrase makes, if there is evidence enough for it."""
    inside, after = _in_named_region(words, end, places, gazetteer)
    if inside:
        return _Hit(tuple(inside), Evidence.REGION, start, after)
    if end < len(words) and words[end].text == "state":
        states = tuple(place for place in places if place.kind == "state")
        if states:
            return _Hit(states, Evidence.REGION, start, end + 1)
    hit = _Hit(tuple(places), _evidence(words, start, end, gazetteer), start, end)
    wanted = tuple(place for place in places if _believable(place, words, hit, gazetteer))
    return replace(hit, places=wanted) if wanted else None


def _in_named_region(
    words: Sequence[_Word], end: int, places: Sequence[Place], gazetteer: Gazetteer
) -> tuple[list[Place], int]:
    """The cities that lie in the state or country named next, and the end of its name."""
    begin = end + 1 if end + 1 < len(words) and words[end].text == "in" else end
    for stop in range(min(len(words), begin + _LONGEST_REGION), begin, -1):
        region = " ".join(word.text for word in words[begin:stop])
        inside = gazetteer.in_region(places, region)
        if stop == begin + 1 and not _is_region_word(words, begin, gazetteer):
            # "columbus in" at the very end is Indiana, but no village is meant by "is boston in".
            last = begin == len(words) - 1 and begin == end
            inside = [place for place in inside if last and place.population]
        if inside:
            return inside, stop
    return [], end


def _is_region_word(words: Sequence[_Word], begin: int, gazetteer: Gazetteer) -> bool:
    """Whether a short word such as "or", "in", "me" stands for a state here."""
    word = words[begin]
    if len(word.text) > 2 or not gazetteer.is_word(word.text, "only_with_region"):
        return True
    return word.after_comma or word.raw.replace(".", "").isupper()


def _evidence(words: Sequence[_Word], start: int, end: int, gazetteer: Gazetteer) -> Evidence:
    if start == 0 and end == len(words):
        return Evidence.ALONE
    before = start - 1
    while before >= 0 and gazetteer.is_word(words[before].text, "filler"):
        before -= 1
    if before >= 0 and gazetteer.is_word(words[before].text, "near", "inside"):
        return Evidence.PREPOSITION
    return Evidence.BARE


def _believable(place: Place, words: Sequence[_Word], hit: _Hit, gazetteer: Gazetteer) -> bool:
    """Whether the evidence of `hit` is enough for this place."""
    word = words[hit.start]
    name = word.text if hit.end == hit.start + 1 else ""
    supported = hit.evidence > Evidence.BARE
    ordinary = gazetteer.is_word(name, "only_with_region")
    if len(name) in (1, 2):
        return supported and (not ordinary or word.raw.replace(".", "").isupper())
    if place.kind != "city":
        return supported or not (ordinary or gazetteer.is_word(name, "careful"))
    if ordinary:
        return False
    if gazetteer.is_word(name, "careful"):
        return supported and _meant_as_name(words, hit, gazetteer)
    if supported:
        return place.population > 0 or _town_is_meant(words, hit, gazetteer)
    return len(name) != 3 and place.population >= _BARE_CITY_FROM


def _meant_as_name(words: Sequence[_Word], hit: _Hit, gazetteer: Gazetteer) -> bool:
    """Tells "in Mobile" and "near mobile" from "in nice weather"."""
    strong = hit.start > 0 and gazetteer.is_word(words[hit.start - 1].text, "near")
    return strong or hit.end == len(words) or words[hit.start].raw[:1].isupper()


def _town_is_meant(words: Sequence[_Word], hit: _Hit, gazetteer: Gazetteer) -> bool:
    """Small towns bear people's names: "near evans" and "in evans" count, "for evans" does not."""
    before = words[hit.start - 1].text if hit.start else ""
    return hit.evidence is Evidence.ALONE or gazetteer.is_word(before, "near") or before == "in"


def _rank(hit: _Hit) -> tuple[int, int]:
    """The best evidence wins, then the most precise kind of place, then the first one."""
    return hit.evidence, any(place.kind == "city" for place in hit.places)


def _is_american(hit: _Hit) -> bool:
    """Whether a five-digit number beside this place is a ZIP code and not, say, a German one."""
    return any(place.country_code in ("US", "PR") for place in hit.places)


def candidates(places: Sequence[Place]) -> tuple[Place, ...]:
    """The places worth asking about, biggest first; one when the others are far-fetched."""
    wide = [place for place in places if place.kind != "city"]
    cities = sorted(
        (place for place in places if place.kind == "city"),
        key=lambda place: (-_weight(place), place.label),
    )
    if wide:
        # "Georgia" is a state before it is a country; both before a small town of that name.
        chosen = min(wide, key=lambda place: place.kind != "state")
        rivals = [city for city in cities if city.population >= _CITY_LIKE_STATE_FROM]
        if chosen.kind == "country" or not rivals:
            return (chosen,)
        sure = rivals[0].population >= _CITY_BEFORE_STATE_FROM
        return (rivals[0],) if sure else (rivals[0], chosen)
    return _worth_asking(cities)


def _worth_asking(cities: Sequence[Place]) -> tuple[Place, ...]:
    first, *rest = cities
    least = _weight(first) / _OVERWHELMING
    rivals = [
        city
        for city in rest
        if _weight(city) >= least
        and city.point
        and first.point
        and miles_between(first.point, city.point) > _SAME_AREA_MILES
    ]
    return (first, *rivals)[:MAX_CANDIDATES]


def _weight(city: Place) -> int:
    return city.population * (_AMERICAN_WEIGHT if city.country_code == UNITED_STATES else 1)


def _names_something(words: Sequence[_Word], gazetteer: Gazetteer) -> bool:
    """Whether the message names a place that we do not know ("near Zzyzx")."""
    for before, word in pairwise(words):
        if gazetteer.is_word(word.text, "not_a_place", "only_with_region"):
            continue
        if before.text == "near":
            return True
        if before.text in ("in", "around") and word.raw[:1].isupper() and len(word.raw) > 3:
            return True
    return False
