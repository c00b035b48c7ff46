"""What patients of a load ask, each message another one, and by what its reply is known."""

from __future__ import annotations

import html
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from guide.content import DATA, load
from guide.content.wording import load_responses
from guide.safety import screen
from tests.server.talk import WORDING
from tests.small_guide import URGENT

LETTERS = 60  # of a text's beginning, by which it is known
TRIALS, SOURCES, URGENT_WORDS = "trials", "sources", "urgent"
CITIES = ("Boston", "Chicago", "Denver", "Houston", "Atlanta", "Seattle", "Phoenix", "Dallas")
ASKED_FOR_SOURCES = ("show sources", "what are your sources", "references please", "who said that")
URGENT_TEXTS = (*URGENT, "I have trouble breathing", "chest pain since this morning")
APOLOGIES = (
    "failed", "too_many", "restarting", "service_down_sources", "service_down_trials", "no_words",
)  # fmt: skip
# Of twelve messages: two need the action server, one is urgent.
MIX = (TRIALS, SOURCES, URGENT_WORDS, *[""] * 9)


@dataclass(frozen=True)
class Question:
    """A message and what it asks for: the id of an answer, or one of the three names above."""

    text: str
    about: str


class Questions:
    """Messages that every guide on one of these contents answers in a known way.

    Args:
        folders: data folders. Messages are word for word examples of the first; replies are known
            by the texts of all, for a guide whose content changes meanwhile.
    """

    def __init__(self, *folders: Path) -> None:
        contents = [load(folder) for folder in folders or (DATA,)]
        self._examples = [
            Question(text, id_)
            for id_ in contents[0].answers
            for text in contents[0].examples[id_]
            if _plain(text)
        ]
        texts = [(id_, answer.answer) for one in contents for id_, answer in one.answers.items()]
        texts += [(name, WORDING.say(name)) for name in APOLOGIES]
        responses = load_responses()
        for kind in set(URGENT.values()):
            text = responses[f"utter_{kind}"][0]["text"]
            texts.append((URGENT_WORDS, WORDING.fill(text)))
        self._known = {_letters(text.partition("[")[0])[:LETTERS]: name for name, text in texts}

    def of(self, patient: int) -> Iterator[Question]:
        """What one patient asks: no message twice, and in an order of its own."""
        chance = random.Random(patient)
        asked = {
            TRIALS: [Question(f"find trials near {city}", TRIALS) for city in CITIES],
            SOURCES: [Question(text, SOURCES) for text in ASKED_FOR_SOURCES],
            URGENT_WORDS: [Question(text, URGENT_WORDS) for text in URGENT_TEXTS],
            "": list(self._examples),
        }
        for listed in asked.values():
            chance.shuffle(listed)
        while asked[""]:
            yield (asked[chance.choice(MIX)] or asked[""]).pop()

    def told(self, reply: str) -> frozenset[str]:
        """What a reply says, in whichever markup: ids of answers, names of other texts."""
        read = _letters(html.unescape(reply))
        return frozenset(name for beginning, name in self._known.items() if beginning in read)


def _plain(text: str) -> bool:
    """Whether it is one sentence that is not urgent."""
    one = text.count("?") <= 1 and not re.search(r"\d|[.;] ", text)
    return 15 < len(text) < 80 and one and screen(text) is None


def _letters(text: str) -> str:
    """Without what marks up, and what joins words."""
    return re.sub(r"[\W_]+", "", text).lower()
