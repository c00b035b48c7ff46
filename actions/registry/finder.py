"""Answers one request for trials: which place, which studies, which words."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from threading import Lock

from actions.registry.cache import StudyCache
from actions.registry.client import DEFAULT_URL, RegistryClient
from actions.registry.matching import select
from actions.registry.request import place_meant
from actions.registry.studies import read_studies
from actions.registry.wording import Reply, Wording
from actions.shared import held
from guide.content import DATA
from guide.content.trials import TrialContent, load_trials
from guide.content.wording import Wording as ChoiceWording
from guide.trials.follow_up import LastTrials, asks_for_more
from guide.trials.mentions import Mention, find_place
from guide.trials.places import Gazetteer

PROJECT = Path(__file__).resolve().parents[2]
CACHE_FILE = "trials-cache.json"
DEFAULT_TTL_HOURS = 6.0
_BUILDING = Lock()  # reading the gazetteer takes half a second: in a thread, and once


class TrialFinder:
    """Everything the action needs, put together once."""

    def __init__(
        self, content: TrialContent, choosing: ChoiceWording, gazetteer: Gazetteer,
        cache: StudyCache,
    ) -> None:  # fmt: skip
        """`choosing` knows the words that pick from a list."""
        self._content = content
        self._choosing = choosing
        self._gazetteer = gazetteer
        self._cache = cache
        self._wording = Wording(content)

    async def answer(self, text: str, last: LastTrials | None) -> Reply:
        """The reply to a message about trials.

        Args:
            text: what the patient wrote; it stays here.
            last: where the last reply about trials left off, if there was one.
        """
        if last and asks_for_more(text, last, self._content.more_phrases):
            return await self._list(find_place(last.place, self._gazetteer), last.offset)
        choices = last.choices if last else ()
        mention = place_meant(text, choices, self._gazetteer, self._choosing)
        if len(mention.places) > 1:
            return self._wording.which_place(mention.places)
        return await self._list(mention, 0)

    async def _list(self, mention: Mention, offset: int) -> Reply:
        place = mention.places[0] if mention.places else None
        listing = await self._cache.listing()
        if listing.studies is None or listing.data_date is None:
            return self._wording.outage(place, offset)
        return self._wording.studies(
            select(listing.studies, place, self._content.radius_miles, self._gazetteer),
            all_studies=listing.studies,
            place=place,
            offset=offset,
            data_date=listing.data_date,
            failing=listing.failing,
            unknown_place=mention.unknown,
        )


def build_finder(environment: Mapping[str, str]) -> TrialFinder:
    """A finder over data/ with the settings of the environment.

    Settings: CTGOV_API_URL, CTGOV_TTL_HOURS (hours), GUIDE_CONTACT (an address that the registry
    may write to), GUIDE_VAR (a folder for the last list; relative to the project).

    Raises:
        ContentError: the content has faults.
        ValueError: CTGOV_TTL_HOURS is not a number.
    """
    content = load_trials(DATA)
    gazetteer = Gazetteer.load(DATA / "places")
    client = RegistryClient(
        environment.get("CTGOV_API_URL") or DEFAULT_URL, environment.get("GUIDE_CONTACT", "")
    )
    hours = float(environment.get("CTGOV_TTL_HOURS") or DEFAULT_TTL_HOURS)
    cache = StudyCache(
        fetch=lambda: client.fetch(content.search, content.page_size),
        read=lambda records: read_studies(records, content.products, gazetteer.locate),
        file=PROJECT / (environment.get("GUIDE_VAR") or "var") / CACHE_FILE,
        ttl=timedelta(hours=hours),
    )
    return TrialFinder(content, held()[1], gazetteer, cache)


def shared_finder() -> TrialFinder:
    """The one finder of this process, so that all patients share one list; call it in a thread."""
    with _BUILDING:
        return _build_once()


@lru_cache(maxsize=1)
def _build_once() -> TrialFinder:
    return build_finder(os.environ)
