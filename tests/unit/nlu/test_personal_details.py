"""Personal details in the parse data."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.engine.storage.resource import Resource
from rasa.nlu.constants import SPACY_DOCS
from rasa.nlu.utils.spacy_utils import SpacyModel
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from guide.nlu.personal_details import PersonalDetails
from tests.unit.nlu.pipeline import Pipeline, context, storage_in

SAID = "my name is Sarah, call 212-555-0143"
FOUND = [{"start": 11, "end": 16, "kind": "NAME"}, {"start": 23, "end": 35, "kind": "PHONE"}]


@pytest.fixture
def component(tmp_path: Path) -> PersonalDetails:
    place = (storage_in(tmp_path / "model"), Resource("personal"), context())
    return PersonalDetails.create({}, *place)


def test_on_the_pipelines_document(
    component: PersonalDetails, spacy_model: SpacyModel, tmp_path: Path
) -> None:
    messages = Pipeline(spacy_model, tmp_path / "pipeline").split(SAID)
    assert messages[0].get(SPACY_DOCS[TEXT]) is not None
    data = component.process(messages)[0].as_dict(only_output_properties=True)
    assert data["personal"] == FOUND


@pytest.mark.parametrize(
    ("text", "found"), [(SAID, FOUND), ("what is CAR T", []), ("", []), (None, [])]
)
def test_without_a_document(
    component: PersonalDetails, text: str | None, found: list[dict[str, object]]
) -> None:
    (message,) = component.process([Message({TEXT: text})])
    assert message.as_dict(only_output_properties=True)["personal"] == found


def test_the_rest_of_the_message_stays(component: PersonalDetails) -> None:
    message = Message({TEXT: SAID})
    message.set(INTENT, {"name": "cost", "confidence": 0.9}, add_to_output=True)
    (result,) = component.process([message])
    assert (result.get(TEXT), result.get(INTENT)["name"]) == (SAID, "cost")
