"""What staff taught is checked like the other content: nlu/reviewed.yml, held_out/reviewed.yml."""

from __future__ import annotations

import pytest

from guide.content import load
from guide.content.reader import trained_files
from tests.unit.content.small_content import TODAY, SmallContent, Told

REVIEWED, HELD_OUT = "nlu/reviewed.yml", "held_out/reviewed.yml"
OTHERS = """\
version: "3.1"
nlu:
  - intent: oos_drugs
    examples: |
      - which pill is best
"""


def examples(intent: str, *texts: str) -> str:
    lines = "".join(f"      - {text}\n" for text in texts)
    return f'version: "3.1"\nnlu:\n  - intent: {intent}\n    examples: |\n{lines}'


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('version: "3.1"\nnlu: []\n', []),
        (examples("cost", "dear or not"), []),
        (examples("oos_drugs", "my pills"), []),
        # nobody's intent, and those that staff do not teach
        (examples("costs", "dear or not"), [("nlu.E012", REVIEWED, "costs")]),
        (examples("oos_drug", "my pills"), [("nlu.E012", REVIEWED, "oos_drug")]),
        (examples("greet", "hello you"), [("nlu.E012", REVIEWED, "greet")]),
        (examples("emergency", "it hurts"), [("nlu.E012", REVIEWED, "emergency")]),
        # what stands elsewhere
        (examples("cost", "What is the price?"), [("nlu.E011", REVIEWED, "What is the price?")]),
        (examples("fever", "so dear", "so dear!"), [("nlu.E011", REVIEWED, "so dear!")]),
        (examples("fever", "how many dollars"), [("nlu.E010", REVIEWED, "how many dollars")]),
        ("", [("nlu.E001", REVIEWED, "nlu")]),
    ],
)
def test_reviewed_sentences(small: SmallContent, text: str, told: list[Told]) -> None:
    small.write("nlu/out_of_scope/oos_drugs.yml", OTHERS)
    small.write(REVIEWED, text)
    assert small.told() == told


def test_reviewed_sentences_are_trained_on(small: SmallContent) -> None:
    before = load(small.folder, TODAY)
    small.write(REVIEWED, examples("cost", "dear or not"))
    after = load(small.folder, TODAY)
    assert after.examples["cost"] == (*before.examples["cost"], "dear or not")
    assert after.version != before.version


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[]\n", []),
        ("- text: so dear\n  accept: [cost, fever]\n", []),
        ("- text: my pills\n  accept: [oos_drugs]\n", []),
        ("- text: so dear\n  accept: [costs]\n", [("held_out.E010", HELD_OUT, "so dear")]),
        ("- text: How many dollars?\n  accept: [cost]\n",
         [("held_out.E011", HELD_OUT, "How many dollars?")]),
        ("- text: how much is it\n  accept: [cost]\n",
         [("held_out.E011", HELD_OUT, "how much is it")]),
        ("- text: dear\n  accept: [cost]\n- text: Dear!\n  accept: [cost]\n",
         [("held_out.E012", HELD_OUT, "Dear!")]),
        ("- text: dear\n", [("held_out.E002", HELD_OUT, "[1]")]),
        ("- text: dear\n  accept: cost\n", [("held_out.E002", HELD_OUT, "[1]")]),
        ("- text: dear\n  accept: []\n", [("held_out.E002", HELD_OUT, "[1]")]),
        ("- text: dear\n  accept: [cost]\n  by: ann\n", [("held_out.E002", HELD_OUT, "[1]")]),
        ("- text: 911\n  accept: [cost]\n",
         [("yaml.E004", HELD_OUT, "line 1")]),
        ("text: dear\n", [("held_out.E001", HELD_OUT, "")]),
        ("a: [\n", [("yaml.E001", HELD_OUT, "line 2")]),
    ],
)  # fmt: skip
def test_held_out_sentences(small: SmallContent, text: str, told: list[Told]) -> None:
    small.write("nlu/out_of_scope/oos_drugs.yml", OTHERS)
    small.write(HELD_OUT, text)
    assert small.told() == told


def test_held_out_sentences_are_not_trained_on(small: SmallContent) -> None:
    before, files = load(small.folder, TODAY), trained_files(small.folder)
    small.write(HELD_OUT, "- text: so dear\n  accept: [cost]\n")
    after = load(small.folder, TODAY)
    assert (after.examples, after.version) == (before.examples, before.version)
    assert trained_files(small.folder) == files
