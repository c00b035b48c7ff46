"""Reads and checks the data folder. Imports nothing of Rasa, so that staff tools can use it."""

from __future__ import annotations

import logging
import os
from dataclasses import replace
from datetime import date
from pathlib import Path

from guide.content.checks import check
from guide.content.held_out import held_out_problems
from guide.content.model import (
    Answer,
    Article,
    Content,
    Fact,
    Reference,
    month_words,
    unknown_answers,
)
from guide.content.problems import ContentError, Problem
from guide.content.reader import Reader, trained_files, version_of
from guide.content.trials import trial_problems

__all__ = [
    "DATA", "Answer", "Article", "Content", "ContentError", "Fact", "Problem", "Reference",
    "examine", "load", "month_words", "unknown_answers",
]  # fmt: skip

# As guide.settings.data_folder has it, which may not be imported here.
DATA = Path(__file__).parents[2] / (os.environ.get("GUIDE_DATA") or "data")

logger = logging.getLogger(__name__)


def examine(folder: Path = DATA, today: date | None = None) -> tuple[Content, list[Problem]]:
    """Read a data folder and tell every fault and warning; never raises for content."""
    reader = Reader(folder)
    article = reader.article()
    answers = reader.answers(article.as_of)
    examples = reader.examples()
    for id_, answer in answers.items():
        examples[id_] = answer.questions + examples.get(id_, ())
    content = Content(
        article=article,
        references=reader.references(),
        answers=answers,
        examples=examples,
        terms=reader.terms(),
        version=version_of(folder, trained_files(folder)),
        by_title={answer.title: id_ for id_, answer in answers.items()},
        reviewed=reader.reviewed(),
    )
    problems = [
        *reader.problems, *trial_problems(folder), *held_out_problems(folder, content),
        *check(content, today or date.today()),
    ]  # fmt: skip
    return content, sorted(problems)


def load(folder: Path = DATA, today: date | None = None) -> Content:
    """The content of a data folder, texts with their as-of month filled in.

    Raises:
        ContentError: with all faults together, each naming file and key.
    """
    content, problems = examine(folder, today)
    errors = [problem for problem in problems if problem.level == "error"]
    if errors:
        raise ContentError(errors)
    for problem in problems:
        logger.warning("%s", problem)
    return replace(
        content,
        answers={id_: _with_month(answer) for id_, answer in content.answers.items()},
    )


def _with_month(answer: Answer) -> Answer:
    month = month_words(answer.as_of)
    return replace(
        answer,
        answer=answer.answer.replace("{as_of}", month),
        more=answer.more.replace("{as_of}", month),
    )
