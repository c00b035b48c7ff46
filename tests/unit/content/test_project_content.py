"""The project's own content: without a fault, large enough, and apart from the held-out sets.

Held-out sentences (tests/questions) never appear in a message of a test: only their file and
number. They are never handed to a test as an argument either, as pytest prints arguments.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from guide.content import DATA, Content, examine
from guide.content.examples import near_copies, read_examples, words_of
from guide.content.yaml_text import read_yaml

HELD_OUT = Path(__file__).parents[2] / "questions"
# What personal.yml measures, the removal of personal details, learns from no message.
HELD_OUT_FILES = sorted(path for path in HELD_OUT.glob("*.yml") if path.name != "personal.yml")
UNRELATED = {"oos_not_health", "oos_other_language"}
URGENT = {"emergency", "crisis", "urgent"}


def count(content: Content, intents: set[str]) -> int:
    return sum(len(content.examples.get(intent, ())) for intent in intents)


def refused(content: Content) -> set[str]:
    return {intent for intent in content.examples if intent.startswith("oos_")}


def taught(content: Content) -> dict[str, str]:
    """Every message that training sees, by intent and number; titles are taught too."""
    messages = {
        f"{intent} {number}": message
        for intent, listed in content.examples.items()
        for number, message in enumerate(listed, 1)
    }
    return messages | {f"{id_} title": answer.title for id_, answer in content.answers.items()}


def held_out() -> Iterator[tuple[str, str]]:
    """(file and number, sentence); a turn of a dialogue only where it has more than 3 words."""
    for path in HELD_OUT_FILES:
        entries, problems = read_yaml(path, path.name)
        assert not problems, [(problem.file, problem.key, problem.id) for problem in problems]
        for number, entry in enumerate(entries, 1):
            if "text" in entry:
                yield f"{path.name} {number}", entry["text"]
            for turn_number, turn in enumerate(entry.get("turns", ()), 1):
                if len(words_of(turn["patient"])) > 3:
                    yield f"{path.name} {number}.{turn_number}", turn["patient"]


def test_the_content_has_no_fault() -> None:
    faults = [str(problem) for problem in examine()[1] if problem.level == "error"]
    assert not faults, "\n".join(faults)


def test_there_are_enough_answers(project: Content) -> None:
    assert len(project.answers) >= 45


def test_each_answer_has_enough_questions(project: Content) -> None:
    few = {id_: count(project, {id_}) for id_ in project.answers if count(project, {id_}) < 120}
    assert not few


def test_there_is_enough_to_refuse(project: Content) -> None:
    assert refused(project) >= UNRELATED
    assert count(project, refused(project) - UNRELATED) >= 2000, "near-misses"
    assert count(project, UNRELATED) >= 500


def test_there_is_enough_that_is_urgent(project: Content) -> None:
    assert all(count(project, {intent}) >= 100 for intent in URGENT)
    assert count(project, URGENT) >= 600


def test_there_are_enough_look_alikes_and_none_is_urgent() -> None:
    found, problems = read_examples(DATA / "nlu" / "look_alikes.yml", "nlu/look_alikes.yml")
    assert not problems
    assert sum(map(len, found.values())) >= 600
    assert not URGENT & set(found)


def test_every_example_belongs_to_a_known_intent(project: Content) -> None:
    domain = yaml.safe_load((DATA.parent / "domain.yml").read_text(encoding="utf-8"))
    known = {i if isinstance(i, str) else next(iter(i)) for i in domain["intents"]}
    assert not known & set(project.answers), "an answer and a request of the same name"
    assert set(project.examples) <= known | set(project.answers)


def test_every_fact_is_stated_by_an_answer(project: Content) -> None:
    stated = {fact for answer in project.answers.values() for fact in answer.facts}
    assert set(project.article.facts) == stated


def test_a_fact_that_is_no_longer_stated_is_told(project: Content, tmp_path: Path) -> None:
    """On a copy: takes facts from the only answer that states them, one answer after another."""
    stated_by = Counter(fact for answer in project.answers.values() for fact in answer.facts)
    ignored = shutil.ignore_patterns("places", "nlu", "safety")
    copy = shutil.copytree(DATA, tmp_path / "data", ignore=ignored)
    only = {
        fact: id_
        for id_, answer in project.answers.items()
        for fact in answer.facts
        if stated_by[fact] == 1
    }
    assert len(only) > 20
    for fact, id_ in list(only.items())[:20]:
        path = copy / "faq" / f"{id_}.yml"
        raw = read_yaml(path, path.name)[0]
        raw["facts"].remove(fact)
        path.write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf-8")
    told = {p.key.split(".")[-1] for p in examine(copy)[1] if p.id == "fact.E010"}
    assert told == set(list(only)[:20])


def test_hardly_any_message_is_nearly_another(project: Content) -> None:
    messages = taught(project)
    pairs = near_copies(messages, limit=0.8)
    most = 0.005 * len(messages)
    for across in (False, True):
        found = [
            f"{likeness:.2f}  {a}: {messages[a]}  |  {b}: {messages[b]}"
            for a, b, likeness in pairs
            if (a.split()[0] != b.split()[0]) is across
        ]
        assert len(found) <= most, "\n".join(["across intents" if across else "within", *found])


def test_nearly_the_same_is_found_in_the_projects_messages(project: Content) -> None:
    """The test above can fail: a copy with a word more is found among all messages."""
    messages = taught(project)
    long = {key: text for key, text in messages.items() if len(words_of(text)) > 15}
    copies = {key: f"Well, {text}" for key, text in list(long.items())[:50]}
    found = {(a, b) for a, b, _ in near_copies(copies, messages, 0.8)}
    assert len(copies) == 50
    assert {(key, key) for key in copies} <= found


def test_no_held_out_sentence_is_taught(project: Content) -> None:
    messages = taught(project)
    sentences = dict(held_out())
    files = {key.split()[0] for key in sentences}
    assert files == {path.name for path in HELD_OUT_FILES}
    found = [
        f"{a} is nearly {b} ({likeness:.2f})"
        for a, b, likeness in near_copies(sentences, messages, 0.7)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("intent", sorted(URGENT))
def test_no_urgent_message_is_taught_as_a_question(project: Content, intent: str) -> None:
    """The same sentence with and without its punctuation must not teach two things."""
    urgent = {words_of(message) for message in project.examples[intent]}
    for id_ in project.answers:
        assert not urgent & {words_of(message) for message in project.examples[id_]}, id_
