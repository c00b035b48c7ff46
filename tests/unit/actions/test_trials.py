"""What a patient reads when asking for trials, against a stand-in of the registry."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Callable
from typing import Any

import pytest

from actions.shared import held
from tests.standins.registry import Registry
from tests.standins.samples import BOSTON, site, study
from tests.unit.actions.conftest import Patient

MakePatient = Callable[..., Patient]
SOURCE = "Source: ClinicalTrials.gov (U.S. National Library of Medicine), data of August 21, 2026"
FAILURES = (
    "forbidden",
    "rate_limited",
    "server_error",
    "hang",
    "html",
    "truncated",
    "wrong_shape",
    "endless",
)


def titles(message: dict[str, Any]) -> list[str]:
    return re.findall(r"^\*\*\d+\. (\w+)", message["text"], re.MULTILINE)


def test_near_a_city_the_nearest_come_first_with_all_a_patient_needs(
    make_patient: MakePatient,
) -> None:
    message = make_patient().ask("are there any studies near Boston, MA I could join")
    text = message["text"]
    assert titles(message) == ["HARBOR", "YOUNG", "HILL"]
    assert "within 100 miles of Boston, Massachusetts: 4" in text
    assert "Phase 1/2" in text
    assert "Harbor Hospital, Boston, Massachusetts, less than 10 miles away" in text
    assert "Hill Hospital, Worcester, Massachusetts, about 40 miles away" in text
    assert "Contact: 555-010-0100 ext. 7" in text
    assert "Contact: 555-010-0199, desk@example.org" in text
    assert "Last updated: May 14, 2026" in text
    assert "(https://clinicaltrials.gov/study/NCT90000001)" in text
    assert message["buttons"] == [{"title": "Show more trials", "payload": "Show more trials"}]


def test_every_reply_says_what_it_must(make_patient: MakePatient) -> None:
    patient = make_patient()
    for question in (
        "near Boston",
        "any trials?",
        "Springfield",
        "near Zzyzx",
        "in Idaho",
        "Boise",
    ):
        message = patient.ask(question)
        assert "does not mean that you qualify" in message["text"]
        assert "rheumatologist" in message["text"]
        assert "https://clinicaltrials.gov/search?cond=Lupus&term=CAR-T" in message["text"]
        assert message["text"].splitlines()[-1].startswith("Source: ClinicalTrials.gov (U.S.")
        assert message["metadata"]["kind"] == "trials"
        assert message["metadata"]["answers"] == []
        assert len(message["text"]) < 3500
        for button in message["buttons"]:
            assert len(button["title"]) <= 60
            assert button["title"] == button["payload"]


def test_sites_that_do_not_recruit_and_other_kinds_of_study_stay_out(
    make_patient: MakePatient,
) -> None:
    patient = make_patient()
    everything = patient.ask("near Boston")["text"] + patient.ask("Show more trials")["text"]
    assert "CAR-NK" not in everything
    assert "Follow-up" not in everything
    assert "Closed" not in everything
    assert "no recruiting" in patient.ask("near London")["text"]
    assert "Klinik am Beispiel, Berlin, Germany" in patient.ask("Berlin")["text"]


def test_a_study_for_children_says_so(make_patient: MakePatient) -> None:
    text = make_patient().ask("near Boston")["text"]
    before, after = text.split("YOUNG")
    young, rest = after.split("HILL")
    assert "For children and teenagers only" in young
    assert "For children" not in before + rest


def test_none_near_names_the_nearest(make_patient: MakePatient) -> None:
    message = make_patient().ask("Is there anything near Boise Idaho?")
    assert "no recruiting CAR T study for lupus within 100 miles of Boise, Idaho" in message["text"]
    assert "about 300 miles away in Salt Lake City, Utah" in message["text"]
    assert titles(message)[0] == "LAKE"


def test_no_place_tells_how_many_and_where_and_asks_for_nothing(make_patient: MakePatient) -> None:
    message = make_patient().ask("how do i find a trial near me")
    assert "6 CAR T studies for lupus are recruiting now" in message["text"]
    assert "in the United States, Germany" in message["text"]
    assert "Name a city or a U.S. ZIP code" in message["text"]
    assert len(titles(message)) == 3
    metadata = {"kind": "trials", "answers": [], "place": None, "offset": 3, "places": []}
    dated = {"data_date": "2026-08-21", "version": held()[0].version}
    assert message["metadata"] == {**metadata, **dated}


def test_a_first_reply_ends_with_the_notice(make_patient: MakePatient) -> None:
    patient = make_patient()
    patient.events.clear()
    source, notice = patient.ask("any trials?")["text"].splitlines()[-3::2]
    assert source.startswith("Source: ClinicalTrials.gov")
    assert notice == held()[1].say("notice")
    assert notice not in patient.ask("any trials?")["text"]


def test_a_zip_code_is_kept_as_its_city_only(make_patient: MakePatient) -> None:
    message = make_patient().ask("i live in 02139")
    assert message["metadata"]["place"] == "Cambridge, Massachusetts"
    assert "02139" not in str(message)


def test_a_state_or_country_lists_its_sites(make_patient: MakePatient) -> None:
    patient = make_patient()
    state = patient.ask("trials in Massachusetts")
    assert titles(state) == ["HARBOR", "YOUNG", "HILL"]
    assert "miles away" not in state["text"]
    assert "&country=United%20States&state=Massachusetts)" in state["text"]
    assert titles(patient.ask("in Germany")) == ["HARBOR"]
    assert "no recruiting CAR T study for lupus in Idaho" in patient.ask("Idaho")["text"]


def test_a_country_is_named_as_a_sentence_names_it(make_patient: MakePatient) -> None:
    patient = make_patient()
    assert "lupus in the United States: 5" in patient.ask("trials in the US")["text"]
    assert "lupus in the United Kingdom right now" in patient.ask("trials in the UK")["text"]
    assert "in Germany: 1" in patient.ask("trials in Germany")["text"]
    # After a comma it has no article.
    assert "Berlin, Germany" in patient.ask("Berlin")["text"]
    assert "of London, United Kingdom right now" in patient.ask("London UK")["text"]


def test_an_unknown_place_is_admitted_and_not_echoed(make_patient: MakePatient) -> None:
    message = make_patient().ask("any trials near Zzyzxville?")
    assert "could not find that place" in message["text"]
    assert "Zzyzx" not in message["text"]
    assert len(titles(message)) == 3


def test_none_at_all(make_patient: MakePatient, registry: Registry) -> None:
    registry.studies = []
    message = make_patient().ask("near Boston")
    assert "lists no CAR T study for lupus" in message["text"]
    assert titles(message) == []
    assert message["text"].endswith(SOURCE)


def test_the_search_link_holds_the_place(make_patient: MakePatient) -> None:
    text = make_patient().ask("Boston MA")["text"]
    assert (
        "(https://clinicaltrials.gov/search?cond=Lupus&term=CAR-T&aggFilters=status:rec"
        "&locStr=Boston,%20Massachusetts&country=United%20States&state=Massachusetts"
        "&city=Boston&distance=100)" in text
    )


def test_missing_modules_shorten_the_entry_only(
    make_patient: MakePatient, registry: Registry
) -> None:
    registry.mode = "bare"
    message = make_patient().ask("any studies?")
    assert len(titles(message)) == 3
    assert "Phase not given" in message["text"]
    assert "None" not in message["text"]


@pytest.mark.parametrize("mode", ["ok", "empty_page", "slow"])
def test_many_pages_are_followed(make_patient: MakePatient, registry: Registry, mode: str) -> None:
    registry.mode, registry.delay_s = mode, 0.05
    assert "6 CAR T studies" in make_patient(page_size=1).ask("any studies?")["text"]


@pytest.mark.parametrize("mode", FAILURES)
def test_outage_without_a_list(make_patient: MakePatient, registry: Registry, mode: str) -> None:
    registry.mode = mode
    started = time.monotonic()
    message = make_patient().ask("near Boston")
    assert time.monotonic() - started < 4
    assert "cannot reach ClinicalTrials.gov right now" in message["text"]
    assert "&city=Boston" in message["text"]
    assert message["text"].splitlines()[-1].startswith("Source: ClinicalTrials.gov")


@pytest.mark.parametrize("mode", FAILURES)
def test_outage_with_an_old_list(make_patient: MakePatient, registry: Registry, mode: str) -> None:
    patient = make_patient(ttl_hours=0)

    async def conversation() -> tuple[dict[str, Any], dict[str, Any]]:
        await patient.say("near Boston")
        registry.mode = mode
        at_once = await patient.say("near Boston")
        await asyncio.sleep(1.5 if mode == "hang" else 0.4)
        return at_once, await patient.say("near Boston")

    at_once, later = asyncio.run(conversation())
    assert len(titles(at_once)) == len(titles(later)) == 3
    assert "the last list I have, from August 21, 2026" in later["text"]
    assert later["text"].endswith(SOURCE)


def test_a_restart_in_an_outage_still_has_the_list(
    make_patient: MakePatient, registry: Registry
) -> None:
    make_patient().ask("near Boston")
    registry.mode = "server_error"
    restarted = make_patient(ttl_hours=0)
    assert len(titles(restarted.ask("near Boston"))) == 3


def test_no_place_and_no_word_of_a_patient_reaches_the_registry_or_the_log(
    make_patient: MakePatient, registry: Registry, caplog: pytest.LogCaptureFixture
) -> None:
    async def conversation() -> None:
        patient = make_patient(ttl_hours=0)
        await patient.say("I am Jane and live in Boise, Idaho 83701")
        registry.mode = "server_error"
        await patient.say("I am Jane and live in Boise, Idaho 83701")
        await asyncio.sleep(0.3)

    with caplog.at_level(logging.DEBUG):
        asyncio.run(conversation())
    sent = str(registry.requests)
    ours = "\n".join(r.getMessage() for r in caplog.records if r.name.startswith("actions"))
    for secret in ("Boise", "Idaho", "83701", "Jane"):
        assert secret not in sent
        assert secret not in caplog.text
    assert "filter.geo" not in sent
    assert "studies=6" in ours
    assert "outcome=server_error" in ours
    assert all("nurse@example.org" in agent for agent in registry.agents)
    assert all(agent.startswith("CAR-T-Guide/") for agent in registry.agents)


def test_what_the_registry_sends_cannot_act_as_markup(
    make_patient: MakePatient, registry: Registry
) -> None:
    title = r"CAR T **bold** \[x\](https://evil.example) <b> `code` Lupus &amp; More"
    desk = [{"phone": "call [me](x)", "email": "a@b.org](https://evil.example)"}]
    registry.studies = [
        study(90000001, title, [site(BOSTON, "A_b [Site](y)", contacts=desk)]),
    ]
    text = make_patient().ask("near Boston")["text"]
    assert "](https://evil.example" not in text
    assert "](y)" not in text
    assert "<b>" not in text
    assert "Lupus & More" in text
    assert "a@b.org" not in text


def test_the_longest_reply_stays_under_the_limit(
    make_patient: MakePatient, registry: Registry
) -> None:
    desk = [{"phone": "+1 (555) 010-0100", "phoneExt": "12345", "email": f"{'x' * 60}@example.org"}]
    registry.studies = [
        study(
            90000000 + n, "CAR T lupus " * 60, [site(BOSTON, "Hospital " * 40, contacts=desk)] * 9
        )
        for n in range(1, 9)
    ]
    message = make_patient().ask("near Boston")
    assert len(titles(message)) == 3
    assert len(message["text"]) < 3500
