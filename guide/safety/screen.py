"""Decides whether a message tells of danger, and of which kind."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from guide.safety.loader import load_patterns
from guide.safety.patterns import Index, Kind, Patterns, Phrase, Sign
from guide.safety.phrases import Anchor
from guide.safety.text import pieces

# A stretch of text is looked at as one; a long message is many overlapping stretches. That keeps
# every expression on a short text, and time proportional to the length of the message.
_STRETCH, _STEP = 150, 110
# So many words before a finding are searched for a "no".
_BEFORE = 3
# What ends the reach of a "no".
_ENDS = frozenset((".", "?", ",", "#", "but", "pero"))
_RANK = {"urgent": 0, "emergency": 1, "crisis": 2}


@dataclass(frozen=True)
class Urgent:
    """What was found.

    Attributes:
        kind: which text the patient gets.
        rule: name of the sign in `data/safety`.
        language: the language in which the danger was told, two letters (ISO 639-1).
        also_crisis: with kind "emergency": the message also speaks of suicide (pills already
            taken to end it), so the crisis line belongs in the reply too.
    """

    kind: Kind
    rule: str
    language: str
    also_crisis: bool = False


def screen(text: str, patterns: Patterns | None = None) -> Urgent | None:
    """Tell whether a message speaks of danger, now or a short while ago, to anybody near.

    Never raises for any text; takes time proportional to its length, up to a bound.

    Args:
        text: the message as it was typed.
        patterns: other patterns than those of the project.

    Returns:
        None for harmless messages. Crisis goes before emergency and emergency before urgent, but
        signs that are told first in any case (an overdose already taken) stay emergencies.
    """
    if patterns is None:
        return _screened(text)
    return _found(text, patterns)


# Asked of each message by the gate and by the pipeline; few are remembered, and not for long.
@lru_cache(maxsize=8)
def _screened(text: str) -> Urgent | None:
    return _found(text, load_patterns())


def _found(text: str, patterns: Patterns) -> Urgent | None:
    words = pieces(text)
    found: list[Sign] = []
    for start in range(0, max(1, len(words) - (_STRETCH - _STEP)), _STEP):
        line = patterns.spelling.line(words[start : start + _STRETCH])
        found += _Stretch(line, patterns).signs()
    return _decide(found)


def _decide(found: list[Sign]) -> Urgent | None:
    if not found:
        return None
    # Numbers and names read alike in all languages, so an English sign shows the language least.
    first = max(found, key=lambda sign: (_RANK[sign.kind], sign.language != "en"))
    if first.kind == "crisis":
        for sign in found:
            if sign.body_first and sign.kind == "emergency":
                return Urgent("emergency", sign.name, sign.language, also_crisis=True)
    return Urgent(first.kind, first.name, first.language)


class _Stretch:
    """One stretch of a message, with what is known of it."""

    def __init__(self, line: str, patterns: Patterns) -> None:
        self._patterns = patterns
        # Guards look at the same sentence again and again.
        self._stood: dict[tuple[Index, str], bool] = {}
        self._line = line
        self._words = frozenset(line.split())
        self._line = self._without_harmless()
        # Without what was taken out: words of a figure of speech must not lead anywhere.
        self._words = frozenset(self._line.split())
        self._asking = self._asks(self._line) or (
            self._perhaps_asks() and not self._stands(patterns.telling, self._line)
        )

    def signs(self) -> list[Sign]:
        """All signs of danger in the stretch."""
        # Per sign the lists that are met; "" stands for a phrase that is enough by itself.
        groups: dict[Sign, set[str]] = {}
        for phrase in self._patterns.signs.candidates(self._words):
            sign = phrase.sign
            if sign is None:
                continue
            reached = groups.setdefault(sign, set())
            if phrase.group not in reached and self._fits(phrase):
                reached.add(phrase.group)
        return [
            sign
            for sign, reached in groups.items()
            if "" in reached or len(reached) >= sign.at_least
        ]

    def _fits(self, phrase: Phrase) -> bool:
        """Whether a phrase stands here without a guard undoing it.

        The finding is the first part; "& infusion" and the like only have to be recent.
        """
        if not all(self._has(anchor) for atom in phrase.atoms for anchor in atom.anchors):
            return False
        finding, *circumstances = phrase.atoms
        return any(
            self._told(match.start(), match.end(), phrase.sure)
            for match in finding.regex.finditer(self._line)
        ) and all(
            any(self._recent(*match.span()) for match in atom.regex.finditer(self._line))
            for atom in circumstances
        )

    def _has(self, anchor: Anchor) -> bool:
        if not anchor.words.isdisjoint(self._words):
            return True
        starts = tuple(anchor.starts)
        return bool(starts) and any(word.startswith(starts) for word in self._words)

    def _told(self, start: int, end: int, sure: bool) -> bool:
        """Whether a finding is stated: not denied just before it, not over, not asked about."""
        close = self._line[:start].split()[-_BEFORE:]
        for place, word in enumerate(close):
            if word in self._patterns.denied and self._reaches(close[place + 1 :]):
                return False
        if not self._recent(start, end) or self._of_others(start, end):
            return False
        if sure or not self._asking:
            return True
        # Asked in one sentence, told in another: "My arm is numb. Could it be the infusion?"
        sentence = self._sentence(start, end)
        return any(
            self._stands(self._patterns.telling, part) and not self._asks(part)
            for part in (sentence, self._clause(start, end))
        )

    def _clause(self, start: int, end: int) -> str:
        """The words from the last comma up to the finding: told first, asked about after.

        "My arm went numb, is that a side effect" tells, "is a numb arm a side effect" asks.
        """
        first = max(self._line.rfind(mark, 0, start) for mark in (" . ", " ? ", " , ")) + 3
        return self._line[first if first > 2 else 0 : end]

    def _perhaps_asks(self) -> bool:
        return " ? " in self._line or self._stands(self._patterns.perhaps_asking, self._line)

    def _asks(self, line: str) -> bool:
        return self._stands(self._patterns.asking, line)

    def _recent(self, start: int, end: int) -> bool:
        """Whether nothing in the sentence shows the thing to be long over."""
        sentence = self._sentence(start, end)
        return not self._stands(self._patterns.over, sentence) or self._stands(
            self._patterns.now, sentence
        )

    def _of_others(self, start: int, end: int) -> bool:
        """Whether the sentence retells a film, a book or the like."""
        return self._stands(self._patterns.told_of, self._sentence(start, end))

    def _reaches(self, after: list[str]) -> bool:
        """Whether a "no" followed by these words still speaks of what comes next."""
        if after and after[0] in self._patterns.undenied:
            return False
        return _ENDS.isdisjoint(after)

    def _sentence(self, start: int, end: int) -> str:
        """The sentence around a place in the line, its question mark included."""
        first = max(self._line.rfind(mark, 0, start) for mark in (" . ", " ? ")) + 3
        ends = [self._line.find(mark, end - 1) for mark in (" . ", " ? ")]
        last = min((at + 3 for at in ends if at >= 0), default=len(self._line))
        return self._line[first if first > 2 else 0 : last]

    def _stands(self, index: Index, line: str) -> bool:
        """Whether any phrase of a guard stands in the line (the stretch or part of it)."""
        if (index, line) not in self._stood:
            self._stood[index, line] = any(
                all(atom.regex.search(line) for atom in phrase.atoms)
                for phrase in index.candidates(self._words)
            )
        return self._stood[index, line]

    def _without_harmless(self) -> str:
        """The line with figures of speech and the like taken out."""
        line = self._line
        for phrase in self._patterns.harmless.candidates(self._words):
            line = phrase.atoms[0].regex.sub("# ", line)
        return line
