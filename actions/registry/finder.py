"""Answers one request for trials: which place, which studies, which words."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

from actions.registry.cache import StudyCache
from actions.registry.client import DEFAULT_URL, RegistryClient
from actions.registry.matching import select
from actions.registry.studies import read_studies
from actions.registry.wording import Reply, Wording
from guide.content import DATA
from guide.content.trials import TrialContent, load_trials
from guide.trials.mentions import Mention, find_place
from guide.trials.places import Gazetteer, fold

PROJECT = Path(__file__).resolve().parents[2]
CACHE_FILE = "trials-cache.json"
DEFAULT_TTL_HOURS = 6.0
_BUILDING = Lock()  # reading the gazetteer takes half a second: in a thread, and once


@dataclass(frozen=True)
class LastReply:
    """Where the last reply about trials left off."""

    place: str | None
    offset: int


class TrialFinder:
    """Everything the action needs, put together once."""

    def __init__(self, content: TrialContent, gazetteer: Gazetteer, cache: StudyCache) -> None:
        self._content = content
        self._gazetteer = gazetteer
        self._cache = cache
        self._wording = Wording(content)
        self._more = frozenset(fold(phrase) for phrase in content.more_phrases)

    async def answer(self, text: str, last: LastReply | None) -> Reply:
        """The reply to a message about trials.

        Args:
            text: what the patient wrote; it stays here.
            last: where the last reply about trials left off, if there was one.
        """
        more = last if fold(text) in self._more else None
        mention = find_place(more.place or "" if more else text, self._gazetteer)
        if len(mention.places) > 1:
            return self._wording.which_place(mention.places)
        return await self._list(mention, more.offset if more else 0)

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


def last_reply(events: Iterable[Mapping[str, Any]]) -> LastReply | None:
    """The last reply about trials among a tracker's events, if it still has its metadata."""
    for event in reversed(list(events)):
        if event.get("event") != "bot":
            continue
        metadata = event.get("metadata") or {}
        # Rasa keeps what an action sends as `metadata` one level down.
        sent = metadata.get("metadata") or metadata
        if sent.get("kind") == "trials":
            place, offset = sent.get("place"), sent.get("offset")
            return LastReply(
                place if isinstance(place, str) else None,
                offset if isinstance(offset, int) and offset > 0 else 0,
            )
    return None


def build_finder(environment: Mapping[str, str]) -> TrialFinder:
    """A finder over data/ with the settings of the environment.

    Settings: CTGOV_API_URL, CTGOV_TTL_HOURS (hours), GUIDE_CONTACT (an address that the registry
    may write to), GUIDE_VAR (a folder for the last list; relative to the project).

    Raises:
        ContentError: data/trials.yml cannot be used.
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
    return TrialFinder(content, gazetteer, cache)


def shared_finder() -> TrialFinder:
    """The one finder of this process, so that all patients share one list; call it in a thread."""
    with _BUILDING:
        return _build_once()


@lru_cache(maxsize=1)
def _build_once() -> TrialFinder:
    return build_finder(os.environ)
