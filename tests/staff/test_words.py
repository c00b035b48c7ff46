"""Words for the short names in the database."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.template import Context, Template

from guide.content import ContentError
from guide.content.wording import load_responses
from staff.records.words import FILE, load_words, words


def test_every_kind_of_reply_and_refusal_of_the_domain_has_words() -> None:
    responses = load_responses()
    kinds = {v["metadata"]["kind"] for variations in responses.values() for v in variations}
    refusals = {name.removeprefix("utter_") for name in responses if name.startswith("utter_oos_")}
    assert kinds <= set(words()["kinds"])
    assert refusals == set(words()["out_of_scope"])


@pytest.mark.parametrize(
    ("was", "becomes", "fault"),
    [
        ("  web: Web\n", "", "channels.web: is missing (words.E003)"),
        ("  web: Web\n", "  web: ''\n", "channels.web: must be text with words, found ''"),
        ("  web: Web\n", "  web: [Web]\n", "channels.web: must be text with words"),
        ("states:", "stages:", "states: is missing (words.E003)"),
        ("states:", "stages:", "stages: names the unknown list 'stages' (words.E002)"),
        ("  chosen:", "  no:", "(yaml.E004)"),
    ],
)  # fmt: skip
def test_a_fault_is_told_by_its_key(tmp_path: Path, was: str, becomes: str, fault: str) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert was in text
    (tmp_path / "words.yml").write_text(text.replace(was, becomes, 1), encoding="utf-8")
    with pytest.raises(ContentError) as told:
        load_words(tmp_path / "words.yml")
    assert fault in str(told.value)


def test_a_list_in_place_of_the_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "words.yml").write_text("- kinds\n", encoding="utf-8")
    with pytest.raises(ContentError, match="must be a mapping"):
        load_words(tmp_path / "words.yml")


@pytest.mark.parametrize(
    ("name", "group", "shown"),
    [
        ("fallback", "kinds", "Refused"),
        (0, "feedback", "Not helpful"),
        ("hologram", "kinds", "hologram"),
        ("<b>" + "x" * 900, "channels", "&lt;b&gt;" + "x" * 57),
        (None, "kinds", "None"),
    ],
)
def test_a_template_shows_words_or_the_name_itself(name: object, group: str, shown: str) -> None:
    template = Template(f'{{{{ name|words:"{group}" }}}}')
    assert template.render(Context({"name": name})) == shown
