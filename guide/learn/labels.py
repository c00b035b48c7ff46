"""Labels of staff -> sentences to train on and sentences to measure by, as a draft.

Only sentences and intents leave the tables, never whose they were.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
import yaml

from guide.content import examine
from guide.content.examples import words_of
from guide.content.held_out import FILE as HELD_OUT
from guide.content.held_out import read_held_out
from guide.content.reader import REVIEWED
from guide.learn.places import read, write
from guide.store.tables import LABELS

TAUGHT = ("answer", "out_of_scope")  # the other verdicts name no intent
Key = tuple[str, ...]


@dataclass(frozen=True)
class Label:
    """A sentence that a reviewer approved, and what it should be understood as."""

    sentence: str
    intent: str
    held_out: bool


@dataclass(frozen=True)
class Taught:
    """Sentences by what makes two of them the same; each has its text and its intents."""

    examples: Mapping[Key, tuple[str, str]]
    held_out: Mapping[Key, tuple[str, tuple[str, ...]]]


def approved(engine: sa.engine.Engine, clean: Callable[[str], str]) -> list[Label]:
    """The approved labels, oldest first; none where the tables are not made yet.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database is away.
    """
    if not sa.inspect(engine).has_table(LABELS.name):
        return []
    chosen = (
        sa.select(LABELS.c.sentence, LABELS.c.target, LABELS.c.held_out)
        .where(LABELS.c.approved_by != "", LABELS.c.sentence != "", LABELS.c.target != "")
        .where(LABELS.c.verdict.in_(TAUGHT))
        .order_by(LABELS.c.time, LABELS.c.turn)
    )
    with engine.connect() as connection:
        rows = connection.execute(chosen).all()
    labels = [Label(_line(clean(row.sentence)), row.target, bool(row.held_out)) for row in rows]
    return [label for label in labels if label.sentence]


def _line(text: str) -> str:
    """One line that YAML can hold."""
    return " ".join(yaml.reader.Reader.NON_PRINTABLE.sub(" ", text).split())


def merged(live: Taught, known: Mapping[Key, str], labels: Iterable[Label]) -> Taught:
    """What is live and what the labels add.

    A sentence stays where it is, for what was trained on measures nothing; its newest label says
    what it means. One that is an example of the same intent anyway is left out.
    """
    examples, held_out = dict(live.examples), dict(live.held_out)
    for label in labels:
        key = _key(label.sentence)
        if known.get(key) == label.intent:
            continue
        if key in examples or not (key in held_out or label.held_out):
            examples[key] = (label.sentence, label.intent)
        elif key not in held_out or label.intent not in held_out[key][1]:
            held_out[key] = (label.sentence, (label.intent,))
    return Taught(examples, held_out)


def _key(text: str) -> Key:
    return words_of(text) or (text,)


def write_draft(data: Path, draft: Path, labels: Iterable[Label]) -> tuple[int, int]:
    """Put the merged files into the draft, where they differ from the live ones.

    Returns:
        How many sentences are new: to train on, held out.
    """
    content, _ = examine(data)
    live = Taught(
        {_key(text): (text, intent) for intent, all_ in content.reviewed.items() for text in all_},
        {_key(one.text): (one.text, one.accept) for one in read_held_out(data / HELD_OUT)[0]},
    )
    known = {
        _key(text): intent
        for intent, texts in content.examples.items()
        for text in texts
        if _key(text) not in live.examples
    } | {_key(answer.title): answer.id for answer in content.answers.values()}
    taught = merged(live, known, labels)
    for name, changed, text in (
        (REVIEWED, taught.examples != live.examples, _as_examples(taught)),
        (HELD_OUT, taught.held_out != live.held_out, _as_questions(taught)),
    ):
        new = text.encode() if changed else None
        if read(draft / name) != new:
            write(draft / name, new)
    return len(taught.examples) - len(live.examples), len(taught.held_out) - len(live.held_out)


def _as_examples(taught: Taught) -> str:
    """Stock Rasa examples, in one order whatever came first."""
    by_intent: dict[str, list[str]] = {}
    for text, intent in sorted(taught.examples.values()):
        by_intent.setdefault(intent, []).append(text)
    lines = ["# Sentences that staff taught.", 'version: "3.1"', "nlu:"]
    for intent in sorted(by_intent):
        lines += [f"  - intent: {_scalar(intent)}", "    examples: |"]
        lines += [f"      - {text}" for text in by_intent[intent]]
    return "\n".join([*lines, ""])


def _as_questions(taught: Taught) -> str:
    lines = ["# Sentences of staff that are never trained on: the guide is measured by them."]
    for text, accept in sorted(taught.held_out.values()):
        lines.append(f"- text: {_scalar(text, quoted=True)}")
        lines.append(f"  accept: [{', '.join(map(_scalar, accept))}]")
    return "\n".join([*lines, ""])


def _scalar(text: str, quoted: bool = False) -> str:
    return text if text.isidentifier() and not quoted else json.dumps(text, ensure_ascii=False)
