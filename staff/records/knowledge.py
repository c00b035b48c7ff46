"""What labels may point at: the answers and kinds of refusal of the content, drafts included."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from guide.content.examples import words_of
from guide.content.reader import Reader
from guide.learn.places import draft
from guide.settings import data_folder
from staff.records.files import Stamps, stamps
from staff.records.words import choices


@dataclass(frozen=True)
class Known:
    """`titles` maps an answer to its title, in the order of titles; `refusals` a kind of refusal
    to its words; `sentences` an intent to what it is taught with, what staff taught left out."""

    titles: Mapping[str, str]
    refusals: Mapping[str, str]
    sentences: Mapping[str, tuple[str, ...]]

    def target(self, verdict: str, typed: str) -> str:
        """The id that a member of staff means by an id or a title; "" where there is none."""
        if verdict == "out_of_scope":
            return typed if typed in self.refusals else ""
        if verdict != "answer":
            return ""
        if typed in self.titles:
            return typed
        words = words_of(typed)
        return next((id_ for id_, title in self.titles.items() if words_of(title) == words), "")

    @property
    def names(self) -> dict[str, str]:
        """What a label may point at, in words."""
        return {**self.titles, **self.refusals}

    def name(self, target: str) -> str:
        """In words; the id itself where it is no longer known."""
        return self.names.get(target, target)


def known() -> Known:
    """Read anew when a file changed. Faulty files are left to those whose task is to tell them."""
    folders = (data_folder(), draft())
    return _read(folders, tuple(map(stamps, folders)))


@lru_cache(maxsize=2)
def _read(folders: tuple[Path, Path], _: tuple[Stamps, ...]) -> Known:
    live, drafts = (Reader(folder) for folder in folders)
    answers = {**live.answers("2000-01"), **drafts.answers("2000-01")}
    taught = live.reviewed()
    sentences = {
        intent: tuple(text for text in texts if text not in taught.get(intent, ()))
        for intent, texts in live.examples().items()
    }
    for id_, answer in answers.items():
        sentences[id_] = (answer.title, *answer.questions, *sentences.get(id_, ()))
    return Known(
        titles=dict(sorted(((id_, a.title) for id_, a in answers.items()), key=lambda p: p[1])),
        refusals={id_: words for id_, words in choices("out_of_scope") if id_ in sentences},
        sentences=sentences,
    )
