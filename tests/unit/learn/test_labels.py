"""What reviewers approved becomes sentences to train on and to measure by; nothing else does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from guide.content import examine
from guide.content.held_out import read_held_out
from guide.learn.labels import Label, approved, write_draft
from guide.learn.places import draft, files_of
from guide.store.database import engine_of
from tests.unit.content.small_content import SmallContent
from tests.unit.learn.labelled import add

REVIEWED, HELD_OUT = "nlu/reviewed.yml", "held_out/reviewed.yml"


@pytest.fixture
def engine(tmp_path: Path) -> sa.engine.Engine:
    return engine_of(f"sqlite:///{tmp_path}/labels.db")


@pytest.mark.parametrize(
    ("change", "taken"),
    [
        ({}, True),
        ({"verdict": "out_of_scope", "target": "oos_medicines"}, True),
        ({"approved_by": ""}, False),
        ({"sentence": ""}, False),
        ({"sentence": " \n"}, False),
        ({"target": ""}, False),
        ({"verdict": "new_answer"}, False),
        ({"verdict": "ignore"}, False),
    ],
)
def test_only_approved_sentences_are_taken(
    engine: sa.engine.Engine, change: dict[str, object], taken: bool
) -> None:
    add(engine, [change])
    assert len(approved(engine, str)) == taken


def test_a_sentence_is_cleaned_once_more_and_is_one_line(engine: sa.engine.Engine) -> None:
    add(engine, [{"sentence": "what will \x07it cost\n  Bob Smith\u2028 in all", "held_out": True}])
    cleaned = approved(engine, lambda text: text.replace("Bob Smith", "<NAME>"))
    assert cleaned == [Label("what will it cost <NAME> in all", "cost", True)]


def test_before_the_first_conversation_there_are_none(engine: sa.engine.Engine) -> None:
    assert approved(engine, str) == []


Drafted = Callable[..., tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]]


@pytest.fixture
def drafted(live: SmallContent) -> Drafted:
    """Labels -> what the draft holds of them: (intent -> examples, held-out text -> accepted)."""

    def make(*labels: Label) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
        write_draft(live.folder, draft(), labels)
        copy = SmallContent(live.folder.parent / "merged")
        for folder in (live.folder, draft()):
            for name in files_of(folder):
                copy.write(name, (folder / name).read_bytes())
        held_out, problems = read_held_out(copy.folder / HELD_OUT)
        assert not problems
        content, problems = examine(copy.folder)
        assert not [problem for problem in problems if problem.level == "error"]
        return dict(content.reviewed), {one.text: one.accept for one in held_out}

    return make


def test_sentences_go_where_their_labels_say(drafted: Drafted) -> None:
    assert drafted(
        Label("will I be poor", "cost", held_out=False),
        Label("- is it: hot? 'yes' \"no\" #1", "fever", held_out=False),
        Label("911", "fever", held_out=False),
        Label("is it: dear? \"no\" \\ 'yes'", "cost", held_out=True),
    ) == (
        {"cost": ("will I be poor",), "fever": ("- is it: hot? 'yes' \"no\" #1", "911")},
        {"is it: dear? \"no\" \\ 'yes'": ("cost",)},
    )


def test_what_is_live_stays_and_each_sentence_stands_once(
    drafted: Drafted, live: SmallContent
) -> None:
    live.write(REVIEWED, 'version: "3.1"\nnlu:\n  - intent: cost\n    examples: |\n      - dear?\n')
    live.write(HELD_OUT, "- text: so hot\n  accept: [fever, cost]\n- text: red\n  accept: [cost]\n")
    examples, held_out = drafted(
        Label("Dear?", "cost", held_out=True),  # trained on already: it would measure nothing
        Label("So hot!", "fever", held_out=False),  # held out already: it stays unseen
        Label("red", "fever", held_out=False),  # the newest label says what it means
        Label("pricey", "fever", held_out=False),
        Label("pricey", "cost", held_out=True),
    )
    assert examples == {"cost": ("Dear?", "pricey")}
    assert held_out == {"so hot": ("fever", "cost"), "red": ("fever",)}


def test_what_the_guide_knows_already_is_left_out(drafted: Drafted) -> None:
    assert drafted(
        Label("How many dollars?", "cost", held_out=False),
        Label("how much is it", "cost", held_out=True),  # a title
    ) == ({}, {})
    assert files_of(draft()) == []


def test_the_order_of_labels_does_not_change_the_files(live: SmallContent) -> None:
    labels = [Label(text, intent, held_out) for text in ("b", "a", "c")
              for intent, held_out in (("cost", False),)]  # fmt: skip
    labels += [Label("z", "fever", True), Label("y", "fever", True), Label("x", "cells", False)]
    seen = set()
    for order in (labels, labels[::-1]):
        assert write_draft(live.folder, draft(), order) == (4, 2)
        seen.add(tuple((draft() / name).read_bytes() for name in (REVIEWED, HELD_OUT)))
    assert len(seen) == 1


def test_a_draft_of_labels_that_are_gone_goes_too(live: SmallContent) -> None:
    write_draft(live.folder, draft(), [Label("dear", "cost", False)])
    assert files_of(draft()) == [REVIEWED]
    assert write_draft(live.folder, draft(), []) == (0, 0)
    assert files_of(draft()) == []


def test_no_conversation_is_named_in_the_draft(
    engine: sa.engine.Engine, live: SmallContent
) -> None:
    add(engine, [{}, {"sentence": "y", "held_out": True}])
    write_draft(live.folder, draft(), approved(engine, str))
    text = "".join((draft() / name).read_text() for name in files_of(draft()))
    assert "cost" in text
    assert not [word for word in ("secret-id", "ann", "bob", "web:") if word in text]
