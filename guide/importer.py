"""Content -> what `rasa train` reads: intents, responses and one rule an answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import rasa.shared.utils.io
from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from guide.content import DATA, Content, load


class GuideImporter(TrainingDataImporter):
    """Reads the data folder, domain.yml and data/rules.yml.

    Raises:
        ContentError: the content has faults. Nothing is trained then.
    """

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | str | None = None,
    ) -> None:
        self._config_file = config_file
        self._domain_path = domain_path
        paths = (
            [training_data_paths] if isinstance(training_data_paths, str) else training_data_paths
        )
        self._folder = Path(paths[0]) if paths else DATA
        self._content: Content | None = None

    @property
    def content(self) -> Content:
        """Read once: Rasa asks for domain, rules and examples in turn."""
        if self._content is None:
            self._content = load(self._folder)
        return self._content

    def get_config(self) -> dict[str, Any]:
        """config.yml; its `importers` key brought us here."""
        if not self._config_file:
            return {}
        return dict(rasa.shared.utils.io.read_model_configuration(self._config_file))

    def get_config_file_for_auto_config(self) -> str | None:
        """Rasa may complete this file; ours is complete."""
        return self._config_file

    def get_domain(self) -> Domain:
        """domain.yml and, for each answer, its intent and response."""
        own = Domain.load(self._domain_path) if self._domain_path else Domain.empty()
        answers = self.content.answers.values()
        curated = Domain.from_dict(
            {
                "intents": [answer.id for answer in answers],
                "responses": {f"utter_{a.id}": [{"text": a.answer}] for a in answers},
                "slots": {
                    # Lets an action tell that it holds other content than the model.
                    "content_version": {
                        "type": "any",
                        "initial_value": self.content.version,
                        "mappings": [{"type": "custom"}],
                    }
                },
            }
        )
        return own.merge(curated)

    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:
        """data/rules.yml and, for each answer, the rule that gives it."""
        domain = self.get_domain()
        reader = YAMLStoryReader(domain, str(self._folder / "rules.yml"))
        steps = reader.read_from_file(self._folder / "rules.yml")
        rules = [
            {"rule": f"answer {id_}", "steps": [{"intent": id_}, {"action": f"utter_{id_}"}]}
            for id_ in self.content.answers
        ]
        reader = YAMLStoryReader(domain, str(self._folder / "faq"))
        steps += reader.read_from_parsed_yaml({"rules": rules})
        return StoryGraph(steps)

    def get_conversation_tests(self) -> StoryGraph:
        """None: `make evaluate` runs dialogues through the real agent."""
        return StoryGraph([])

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """Every example message with its intent."""
        return TrainingData(
            training_examples=[
                Message(data={TEXT: text, INTENT: intent})
                for intent, texts in self._examples().items()
                for text in texts
            ]
        )

    def _examples(self) -> dict[str, tuple[str, ...]]:
        """Examples by intent; an answer's title is one of its questions, as it is a button."""
        content = self.content
        return {
            intent: (content.answers[intent].title, *texts) if intent in content.answers else texts
            for intent, texts in content.examples.items()
        }
