"""Fixtures of the trial finder: content, gazetteer, a stand-in registry and a patient."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.registry.cache import StudyCache
from actions.registry.client import RegistryClient
from actions.registry.finder import TrialFinder
from actions.registry.studies import read_studies
from actions.shared import held
from actions.trials import ActionFindTrials
from guide.content import DATA
from guide.content.trials import TrialContent, load_trials
from guide.trials.places import Gazetteer
from tests.standins.registry import Registry


@pytest.fixture(scope="session")
def content() -> TrialContent:
    return load_trials(DATA)


@pytest.fixture
def registry() -> Iterator[Registry]:
    with Registry() as running:
        yield running


MakeCache = Callable[..., StudyCache]


@pytest.fixture
def make_cache(
    registry: Registry, content: TrialContent, gazetteer: Gazetteer, tmp_path: Path
) -> MakeCache:
    """Builds a cache over the stand-in, with a file that survives "restarts" within a test."""

    def make(
        ttl_hours: float = 6, wait_s: float = 1.0, page_size: int = 2, **more: Any
    ) -> StudyCache:
        client = RegistryClient(registry.url, "nurse@example.org", read_s=0.6, budget_s=2.0)
        return StudyCache(
            fetch=lambda: client.fetch(content.search, page_size),
            read=lambda records: read_studies(records, content.products, gazetteer.locate),
            file=tmp_path / "var" / "trials-cache.json",
            ttl=timedelta(hours=ttl_hours),
            wait_s=wait_s,
            **more,
        )

    return make


@dataclass
class Patient:
    """Types messages to the action and keeps the conversation as Rasa would.

    It began with a greeting, which carried the notice.
    """

    action: ActionFindTrials
    events: list[dict[str, Any]] = field(
        default_factory=lambda: [{"event": "bot", "metadata": {"kind": "small_talk"}}]
    )

    async def say(self, text: str) -> dict[str, Any]:
        dispatcher = CollectingDispatcher()
        latest = {"text": text, "intent": {"name": "find_trials"}, "entities": []}
        tracker = Tracker("web:1", {}, latest, list(self.events), False, None, {}, None)
        returned = await self.action.run(dispatcher, tracker, {})
        assert [(event["name"], event["value"]) for event in returned] == [("service_ok", True)]
        (message,) = dispatcher.messages
        stored = {"utter_action": "action_find_trials", "metadata": message["metadata"]}
        self.events += [
            {"event": "user", "text": text},
            {"event": "bot", "text": message["text"], "metadata": stored},
        ]
        return dict(message)

    def ask(self, text: str) -> dict[str, Any]:
        return asyncio.run(self.say(text))


@pytest.fixture
def make_patient(
    make_cache: MakeCache, content: TrialContent, gazetteer: Gazetteer
) -> Callable[..., Patient]:
    def make(**settings: Any) -> Patient:
        finder = TrialFinder(content, held()[1], gazetteer, make_cache(**settings))
        return Patient(ActionFindTrials(finder))

    return make
