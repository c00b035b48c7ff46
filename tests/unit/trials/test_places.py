"""The gazetteer, and finding a place in what patients write."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guide.trials.mentions import find_place, only_place
from guide.trials.places import Gazetteer, fold, miles_between

ONE_PLACE = {
    # cities, with and without help
    "are there any studies near Boise Idaho I could join": "Boise, Idaho",
    "boston": "Boston, Massachusetts",
    "Boston, MA": "Boston, Massachusetts",
    "boston car t trials": "Boston, Massachusetts",
    "Trials near Springfield, Missouri": "Springfield, Missouri",
    "springfield in missouri": "Springfield, Missouri",
    "any in sandpoint": "Sandpoint, Idaho",
    "Trials near me in Coeur d'Alene": "Coeur d'Alene, Idaho",
    "St. Louis, MO": "St. Louis, Missouri",
    "saint louis missouri": "St. Louis, Missouri",
    "Winston-Salem": "Winston-Salem, North Carolina",
    "I live in Idaho near Boise": "Boise, Idaho",
    "boston or chicago": "Boston, Massachusetts",
    "kansas city ks": "Kansas City, Kansas",
    "Kansas City": "Kansas City, Missouri",
    "Vancouver, BC": "Vancouver, Canada",
    "london ontario": "London, Canada",
    "São Paulo": "São Paulo, Brazil",
    "sao paulo": "São Paulo, Brazil",
    "Cologne": "Köln, Germany",
    "Paris": "Paris, France",
    "nyc": "New York, New York",
    "New York": "New York, New York",
    "Washington, D.C.": "Washington, District of Columbia",
    # ordinary words with evidence
    "Mobile, AL": "Mobile, Alabama",
    "trials in mobile": "Mobile, Alabama",
    "near Nice": "Nice, France",
    "Hope, Arkansas": "Hope, Arkansas",
    "columbus in": "Columbus, Indiana",
    # states and countries
    "Massachusetts": "Massachusetts",
    "trials in MA": "Massachusetts",
    "tx": "Texas",
    "washington state": "Washington state",
    "new york state": "New York state",
    "Georgia": "Georgia",
    "Germany": "Germany",
    "in the US": "United States",
    "anything in the uk?": "United Kingdom",
    # ZIP codes
    "02139": "Cambridge, Massachusetts",
    "i'm at 83701-1234": "Boise, Idaho",
    "10115 Berlin": "Berlin, Germany",
}
NO_PLACE = [
    "",
    "near me",
    "are there trials near my home",
    "any trials in nice weather",
    "I was reading about car t",
    "in reading about car t",
    "can i join us",
    "it is in march",
    "in March",
    "in general",
    "what are my options or hope",
    "lupus",
    "car t cell trials",
    "Of",
    "male patients in remission",
    "is it available in english",
    "in the near future",
    "how much is 50000 dollars",
    "it costs $50000",
    "NCT06121297",
    "trial of 10000 people",
    "me or you",
    "hi",
    "ok",
    "my phone is mobile",
]
UNKNOWN = ["near Zzyzxville", "trials in Foobarton", "99999"]
SEVERAL = {
    "Springfield": ["Springfield, Missouri", "Springfield, Massachusetts"],
    "Portland": ["Portland, Oregon", "Portland, Maine"],
    "Washington": ["Washington, District of Columbia", "Washington state"],
    "near Cambridge": ["Cambridge, Massachusetts", "Cambridge, United Kingdom"],
}


@pytest.mark.parametrize(("text", "label"), ONE_PLACE.items())
def test_one_place(gazetteer: Gazetteer, text: str, label: str) -> None:
    assert [place.label for place in find_place(text, gazetteer).places] == [label]


@pytest.mark.parametrize("text", NO_PLACE)
def test_no_place(gazetteer: Gazetteer, text: str) -> None:
    mention = find_place(text, gazetteer)
    assert [place.label for place in mention.places] == []
    assert not mention.unknown


@pytest.mark.parametrize("text", UNKNOWN)
def test_a_place_we_do_not_know(gazetteer: Gazetteer, text: str) -> None:
    mention = find_place(text, gazetteer)
    assert mention.places == ()
    assert mention.unknown


@pytest.mark.parametrize(("text", "first"), SEVERAL.items())
def test_several_places(gazetteer: Gazetteer, text: str, first: list[str]) -> None:
    labels = [place.label for place in find_place(text, gazetteer).places]
    assert labels[: len(first)] == first
    assert len(labels) <= 4


def test_every_label_finds_its_own_place_again(gazetteer: Gazetteer) -> None:
    """Buttons and "Show more trials" depend on it."""
    lost = [
        place.label
        for places in gazetteer.places.values()
        for place in places
        if place.kind != "city" or place.population
        if [found.label for found in find_place(f"Trials near {place.label}", gazetteer).places]
        != [place.label]
    ]
    assert lost == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.text(max_size=200))
def test_any_text_is_survived(gazetteer: Gazetteer, text: str) -> None:
    assert len(find_place(text, gazetteer).places) <= 4


def test_fold() -> None:
    assert fold("  Saint-Étienne ") == "st etienne"
    assert fold("Łódź") == "lodz"
    assert fold("Coeur d’Alene") == "coeur dalene"


def test_distance_of_known_cities(gazetteer: Gazetteer) -> None:
    boise = gazetteer.locate("Boise", "Idaho", "United States")
    salt_lake = gazetteer.locate("Salt Lake City", "Utah", "United States")
    assert boise
    assert salt_lake
    assert miles_between(boise, salt_lake) == pytest.approx(296, abs=1)
    assert miles_between(boise, boise) == 0


@pytest.mark.parametrize(
    ("written", "code"),
    [("Turkey (Türkiye)", "TR"), ("South Korea", "KR"), ("Czechia", "CZ"), ("Narnia", None)],
)
def test_countries_as_the_registry_writes_them(
    gazetteer: Gazetteer, written: str, code: str | None
) -> None:
    assert gazetteer.country_code(written) == code


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("Boston", ["Boston, Massachusetts"]),
        ("ohio", ["Ohio"]),
        ("MA", ["Massachusetts"]),
        ("02115", ["Boston, Massachusetts"]),
        ("my zip code is 02115-1234", ["Boston, Massachusetts"]),
        ("Boston, MA 02115", ["Boston, Massachusetts"]),
        ("10115 Berlin", ["Berlin, Germany"]),
        ("I'm in Denver, please", ["Denver, Colorado"]),
        ("The Hague", ["The Hague, Netherlands"]),
        ("in The Hague", ["The Hague, Netherlands"]),
        ("and Chicago?", ["Chicago, Illinois"]),
        # Too small to be seen in a sentence, but not where nothing else is said.
        ("i live in sandpoint", ["Sandpoint, Idaho"]),
        ("sandpoint", ["Sandpoint, Idaho"]),
        ("in normal", ["Normal, Illinois"]),
        # A ZIP code that nobody has is a place all the same, an unknown one.
        ("00000", []),
    ],
)
def test_a_message_that_is_only_a_place(gazetteer: Gazetteer, text: str, labels: list[str]) -> None:
    mention = only_place(text, gazetteer)
    assert mention is not None
    assert [place.label for place in mention.places] == labels
    assert mention.unknown == (not labels)


@pytest.mark.parametrize(
    "text",
    [
        "", "?", "please", "near me", "in the hospital", "how about cost", "hope", "lupus", "ok",
        "trials in Boston", "Boston or Chicago", "does Texas pay for it", "about 12345 dollars",
        "is it approved in Canada", "my zip code",
        "is it normal", "what is normal", "it means", "and burns",
    ],
)  # fmt: skip
def test_a_message_that_says_more_or_names_no_place(gazetteer: Gazetteer, text: str) -> None:
    assert only_place(text, gazetteer) is None
