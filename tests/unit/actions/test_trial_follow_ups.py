"""What a patient reads when going on from a reply about trials: the next page, a listed place."""

from __future__ import annotations

import pytest

from tests.standins.registry import Registry
from tests.standins.samples import BOSTON, site, study
from tests.unit.actions.test_trials import MakePatient, titles


def test_show_more_goes_on_where_the_last_reply_ended(make_patient: MakePatient) -> None:
    patient = make_patient()
    patient.ask("near Boston")
    second = patient.ask("show more trials!")
    assert titles(second) == ["BAY"]
    assert "One more study, the last one of 4" in second["text"]
    assert second["buttons"] == []
    assert second["metadata"]["place"] == "Boston, Massachusetts"
    third = patient.ask("Show more trials")
    assert titles(third) == []
    assert "all the studies" in third["text"]


def test_show_more_without_a_list_before_starts_one(make_patient: MakePatient) -> None:
    assert "are recruiting now" in make_patient().ask("Show more trials")["text"]


def test_an_ambiguous_place_is_asked_back_biggest_first(make_patient: MakePatient) -> None:
    patient = make_patient()
    message = patient.ask("Springfield")
    assert "Which one do you mean?" in message["text"]
    payloads = [button["payload"] for button in message["buttons"]]
    assert payloads[:2] == [
        "Trials near Springfield, Missouri",
        "Trials near Springfield, Massachusetts",
    ]
    assert len(payloads) <= 4
    assert patient.ask(payloads[1])["metadata"]["place"] == "Springfield, Massachusetts"


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("2", "Springfield, Massachusetts"),
        ("the second one", "Springfield, Massachusetts"),
        ("number 3 please", "Springfield, Illinois"),
        ("Springfield, Illinois", "Springfield, Illinois"),
        ("illinois", "Springfield, Illinois"),
        ("the one in IL", "Springfield, Illinois"),
        # Not among the four largest, which were listed.
        ("Ohio", "Springfield, Ohio"),
        # No Springfield there, or another place altogether.
        ("Utah", "Utah"),
        ("Boston", "Boston, Massachusetts"),
        ("actually show me 2 trials near Boston", "Boston, Massachusetts"),
    ],
)
def test_one_of_the_listed_places_is_picked(
    make_patient: MakePatient, said: str, place: str
) -> None:
    patient = make_patient()
    listed = patient.ask("Springfield")
    assert "\n2. Springfield, Massachusetts\n" in listed["text"]
    message = patient.ask(said)
    assert message["metadata"]["place"] == place
    assert f"in {place}" in message["text"] or f"of {place}" in message["text"]


@pytest.mark.parametrize("said", ["7", "the fifth", "both"])
def test_a_pick_that_is_none_is_asked_again(make_patient: MakePatient, said: str) -> None:
    patient = make_patient()
    listed = patient.ask("Springfield")
    assert patient.ask(said)["text"] == listed["text"]


def test_a_number_picks_from_the_last_reply_only(make_patient: MakePatient) -> None:
    patient = make_patient()
    patient.ask("Springfield")
    patient.ask("Boston")
    assert patient.ask("any trials? 2")["metadata"]["place"] is None


def test_the_next_page_says_how_many_there_are(
    make_patient: MakePatient, registry: Registry
) -> None:
    registry.studies = [
        study(90000000 + n, f"S{n} CAR T lupus", [site(BOSTON)]) for n in range(1, 8)
    ]
    patient = make_patient()
    patient.ask("near Boston")
    assert "More studies (4 to 6 of 7)" in patient.ask("more")["text"]
    assert "One more study, the last one of 7" in patient.ask("show more")["text"]
    assert "all the studies" in patient.ask("next")["text"]
