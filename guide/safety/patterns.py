"""What the patterns of danger are once they are read: signs, phrases, and an index over them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from guide.safety.phrases import Anchor, Atom
from guide.safety.text import Spelling

Kind = Literal["emergency", "crisis", "urgent"]


@dataclass(frozen=True)
class Sign:
    """One sign of danger.

    Attributes:
        name: its name in the file.
        kind: which text the patient gets.
        language: the language of its phrases, two letters (ISO 639-1).
        body_first: it stays an emergency when the message also speaks of suicide.
        at_least: how many of its lists must be met, where it has lists.
    """

    name: str
    kind: Kind
    language: str
    body_first: bool = False
    at_least: int = 1


@dataclass(frozen=True)
class Phrase:
    """A compiled phrase.

    Attributes:
        atoms: what has to stand in the message; the first is the finding, the others are its
            circumstances ("fever & infusion").
        sign: the sign that it shows; None in guards.
        sure: questions do not undo it.
        group: name of the list, where the sign asks for several lists; else empty.
    """

    atoms: tuple[Atom, ...]
    sign: Sign | None = None
    sure: bool = True
    group: str = ""


class Index:
    """Finds the few phrases whose rarest word stands in a message."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._by_word: dict[str, list[Phrase]] = {}
        self._by_start: dict[str, list[Phrase]] = {}
        self._phrases = tuple(phrases)
        for phrase in self._phrases:
            rarest = max((atom.anchors[0] for atom in phrase.atoms), key=Anchor.weight)
            for word in rarest.words:
                self._by_word.setdefault(word, []).append(phrase)
            for start in rarest.starts:
                self._by_start.setdefault(start, []).append(phrase)
        self._lengths = sorted({len(start) for start in self._by_start})

    def __iter__(self) -> Iterator[Phrase]:
        return iter(self._phrases)

    def candidates(self, words: frozenset[str]) -> Iterator[Phrase]:
        """Phrases that may fit a message with these words, each once."""
        seen: set[int] = set()
        for phrase in self._touched(words):
            if id(phrase) not in seen:
                seen.add(id(phrase))
                yield phrase

    def _touched(self, words: frozenset[str]) -> Iterator[Phrase]:
        # Sorted, so that of several signs of one kind always the same one is reported.
        for word in sorted(words):
            yield from self._by_word.get(word, ())
            for length in self._lengths:
                if length > len(word):
                    break
                yield from self._by_start.get(word[:length], ())


@dataclass(frozen=True)
class Patterns:
    """All patterns, compiled. `denied` and `undenied` are single words; the others are phrases."""

    spelling: Spelling
    denied: frozenset[str]
    undenied: frozenset[str]
    signs: Index
    harmless: Index
    over: Index
    now: Index
    told_of: Index
    telling: Index
    asking: Index
    perhaps_asking: Index
