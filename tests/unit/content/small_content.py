"""A small content folder without a fault, for tests that break it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from guide.content import DATA, examine

TODAY = date(2026, 1, 15)
FILES = {
    "article.yml": """\
title: Lupus and New Cells
publisher: Example House
author: A. Writer
contact: https://example.org
as_of: 2025-06
sections:
  basics:
    F1: The therapy changes T cells in a lab.
    F2: It costs $375,000, as the Herald reported in 2024.
  risks:
    F3:
      text: Fever was mild in the trials.
      note: Bound to its date.
      dated: true
""",
    "references.yml": """\
smith-2024:
  citation: "Smith A (2024). New cells."
  link: ""
""",
    "terms.yml": """\
T cells:
  - kind of immune cell
CAR T cells: []
""",
    "faq/cells.yml": """\
title: What are the new cells?
answer: |
  They are made from T cells, a kind of immune cell. The work is done in a lab.
facts: [F1]
references: [smith-2024]
related: [cost, fever]
review_due: 2027-05-22
questions:
  - what are they
  - tell me of the cells
""",
    "faq/cost.yml": """\
title: How much is it?
answer: |
  It costs $375,000, as the Herald reported in 2024.
more: |
  That is all we know.
facts: [F2]
references: []
related: [cells]
as_of: 2024-11
review_due: 2027-05-22
reviewed_by: ""
reviewed_on: ""
questions:
  - what is the price
  - how many dollars
  - price of it please
""",
    "faq/fever.yml": """\
title: Does it give a fever?
answer: |
  As of {as_of}, the fever was mild in the trials. Please ask your care team.
facts: [F3]
review_due: 2027-05-22
questions:
  - will i get hot
  - is there a fever
  - how hot does one get
""",
    "nlu/faq/cells.yml": """\
version: "3.1"
nlu:
  - intent: cells
    examples: |
      - explain these cells
      - new cells meaning
      - who grows them
""",
    "nlu/small_talk.yml": """\
version: "3.1"
nlu:
  - intent: greet
    examples: |
      - hello there
      - good morning
""",
}

Told = tuple[str, str, str]  # id, file, key


@dataclass(frozen=True)
class SmallContent:
    """A folder to break: each edit must find what it replaces."""

    folder: Path

    def write(self, file: str, text: str | bytes) -> None:
        path = self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())

    def edit(self, file: str, old: str, new: str) -> None:
        text = (self.folder / file).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{file} holds {old!r} {text.count(old)} times"
        self.write(file, text.replace(old, new))

    def told(self) -> list[Told]:
        """Every fault and warning."""
        return [(p.id, p.file, p.key) for p in examine(self.folder, TODAY)[1]]


def make_small_content(folder: Path) -> SmallContent:
    small = SmallContent(folder)
    for file, text in FILES.items():
        small.write(file, text)
    small.write("trials.yml", (DATA / "trials.yml").read_bytes())
    return small
