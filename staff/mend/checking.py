"""What an edited answer would do to the content: the whole is read as the next Try would."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.utils.timezone import localdate

from guide import content
from guide.content import Answer, Content, ContentError, Problem, examine, month_words
from guide.content.checks import MAX_GRADE, MAX_WORDS
from guide.content.plain_words import grade, word_count
from guide.content.reader import ANSWER_LISTS, ANSWER_TEXTS
from guide.content.wording import load_wording
from guide.learn.places import draft
from staff.mend.drafts import changed_answers, draft_path, name_of, other_files
from staff.records.files import Stamps, stamps

FIELDS = (*ANSWER_TEXTS, *ANSWER_LISTS)


@dataclass(frozen=True)
class Reading:
    """How much there is to read in a text, and for which school year."""

    words: int
    grade: float
    max_words: int = MAX_WORDS
    max_grade: float = MAX_GRADE


@dataclass(frozen=True)
class Checked:
    """An answer as it would be, and every problem that it has or makes."""

    answer: Answer
    problems: tuple[Problem, ...]  # of its own file
    elsewhere: tuple[Problem, ...]  # that other files would have because of it
    reading: dict[str, Reading]
    source_line: str
    examples: int

    @property
    def errors(self) -> list[Problem]:
        """What keeps it from being saved."""
        return [one for one in (*self.problems, *self.elsewhere) if one.level == "error"]

    def by_field(self) -> dict[str, list[Problem]]:
        """Field -> its problems; "" for those of no field."""
        found: dict[str, list[Problem]] = {}
        for problem in self.problems:
            found.setdefault(field_of(problem), []).append(problem)
        return found


def field_of(problem: Problem) -> str:
    """The field of the form that a problem of the answer's own file is about."""
    if problem.id.startswith("nlu."):  # its key is the message
        return "questions"
    key = problem.key.split("[")[0].split(".")[0]
    return key if key in FIELDS else ""


def check(answer: str, text: str) -> Checked:
    """Read live content and draft with this text in the answer's place.

    Args:
        answer: its id.
        text: the YAML of its file.
    """
    state = State(content.DATA, stamps(content.DATA), stamps(draft()), localdate())
    return _checked(state, answer, text)


@dataclass(frozen=True)
class State:
    """What a check depends on besides the text: a result holds while this is the same."""

    data: Path
    live: Stamps
    drafted: Stamps
    today: date


@lru_cache(maxsize=32)
def _checked(state: State, answer: str, text: str) -> Checked:
    file, before = name_of(answer), _before(state)
    with tempfile.TemporaryDirectory() as made:
        folder = _merged(Path(made))
        path = folder / file
        path.unlink(missing_ok=True)
        path.write_text(text, encoding="utf-8")
        found, problems = examine(folder, state.today)
        source_line = _source_line(folder, found, answer)
    one = found.answers[answer]
    return Checked(
        one,
        tuple(problem for problem in problems if problem.file == file),
        tuple(problem for problem in problems if problem.file != file and problem not in before),
        _reading(found, one),
        source_line,
        len(found.examples.get(answer, ())),
    )


@lru_cache(maxsize=2)
def _before(state: State) -> frozenset[Problem]:
    """The problems that are there without the edit."""
    with tempfile.TemporaryDirectory() as made:
        return frozenset(examine(_merged(Path(made)), state.today)[1])


def _reading(found: Content, one: Answer) -> dict[str, Reading]:
    return {
        key: Reading(word_count(text), grade(text, found.terms))
        for key, text in (("answer", one.answer), ("more", one.more))
        if text
    }


def _merged(made: Path) -> Path:
    """Live content under the draft, by links: nothing is copied, and nothing live is written."""
    folder = made / "data"
    shutil.copytree(content.DATA.resolve(), folder, copy_function=_link)
    (folder / "faq").mkdir(exist_ok=True)
    changed = [(name_of(one), draft_path(one)) for one in changed_answers()]
    for name, source in (*changed, *((name, draft() / name) for name in other_files())):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        _link(str(source.resolve()), str(target))
    return folder


def _link(source: str, target: str) -> None:
    Path(target).symlink_to(source)


def _source_line(folder: Path, found: Content, answer: str) -> str:
    """What stands under the answer; "" where data/wording.yml has faults."""
    try:
        wording = load_wording(folder, found.article)
    except ContentError:
        return ""
    return wording.say("source_line", month=month_words(found.answers[answer].as_of))
