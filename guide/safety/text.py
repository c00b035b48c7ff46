"""Brings messages and patterns into one plain spelling, so that they can be compared.

A message becomes a line of lower-case words, each followed by one space, without accents and
apostrophes. Of the punctuation only three marks stay, as words of their own: "." between
sentences, "?" after questions, "," inside sentences.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

# Longer messages are cut: no channel lets so much through, and time must stay bounded.
LONGEST = 60_000

# What cannot be seen is taken out; NFKD leaves it in: soft hyphen, joiners, direction marks,
# variation selectors, and the accents that NFKD has split from their letters.
_INVISIBLE = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff\u0300-\u036f]"
)
# Asterisks go too: people write k*ll to get past filters.
_APOSTROPHES = re.compile(r"(?<=[a-z])['*]+(?=[a-z])")
# All that is typed for an apostrophe; NFKD would make a space and an accent of some.
_QUOTES = str.maketrans(dict.fromkeys("\u2018\u2019\u02bc\u00b4`", "'"))
# Letters that NFKD leaves whole.
_LIGATURES = str.maketrans({"\u00df": "ss", "\u0153": "oe", "\u0152": "oe", "\u00e6": "ae"})
# d1e and su!cide get past filters elsewhere.
_DISGUISED = re.compile(r"(?<=[a-z])[013@$!](?=[a-z])")
_UNDISGUISED = {"0": "o", "1": "i", "3": "e", "@": "a", "$": "s", "!": "i"}
# The 's of "throat's closing" and "dad's cup" goes; it's, he's and the like keep theirs.
_POSSESSIVE = re.compile(r"\b(?!(?:she|that|what|who|there|here|let|how|where)\b)([a-z]{3,})'s\b")
_PIECES = re.compile(r"\d+(?:[.,/:]\d+)*|[a-z]+|\?|[.!;:\n]|[,()\u2013\u2014]")
_LONG_RUN = re.compile(r"([a-z])\1{2,}")
_COMMAS = ",()\u2013\u2014"
# Longer words are no misspelling of anything we look for.
_LONGEST_WORD = 24


def plain(text: str) -> str:
    """The text in small letters, without accents, invisible signs and apostrophes in words."""
    text = _INVISIBLE.sub(
        "", unicodedata.normalize("NFKD", text[:LONGEST].translate(_QUOTES)).lower()
    )
    text = _DISGUISED.sub(lambda match: _UNDISGUISED[match.group()], text)
    text = text.translate(_LIGATURES)
    return _APOSTROPHES.sub("", _POSSESSIVE.sub(r"\1", text))


def pieces(text: str) -> list[str]:
    """Words, numbers and the three marks of a text, in order; never raises."""
    result: list[str] = []
    for piece in _PIECES.findall(plain(text)):
        if piece[0].isdigit():
            # 39,4 is 39.4; 78/40 is read aloud as "78 over 40".
            result += piece.replace(",", ".").replace("/", " over ").split()
        elif piece.isalpha():
            result.append(piece)
        else:
            result.append("?" if piece == "?" else "," if piece in _COMMAS else ".")
    return result


def shortened(word: str) -> frozenset[str]:
    """The word without each of its letters in turn."""
    return frozenset(word[:i] + word[i + 1 :] for i in range(len(word)))


def one_slip_apart(a: str, b: str) -> bool:
    """Whether a and b differ by one letter: added, left out, wrong, or swapped with the next."""
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    rest_a, rest_b = a[start:], b[start:]
    return (
        rest_a[1:] == rest_b
        or rest_a == rest_b[1:]
        or rest_a[1:] == rest_b[1:]
        or (rest_a[:2] == rest_b[1::-1] and rest_a[2:] == rest_b[2:])
    )


@dataclass(frozen=True)
class Spelling:
    """How words are made alike.

    Attributes:
        same: wording (one word or several) -> the word it is read as.
        skipped: words without weight, left out of messages and patterns alike.
        mend: words of danger that are recognised with one slip of the finger.
        known: words that are never taken for a slip (all words of the patterns, and more).
    """

    same: Mapping[str, str]
    skipped: frozenset[str]
    mend: frozenset[str]
    known: frozenset[str] = frozenset()
    _several: re.Pattern[str] | None = field(init=False)
    _near: Mapping[str, tuple[str, ...]] = field(init=False)

    def __post_init__(self) -> None:
        several = sorted((s for s in self.same if " " in s), key=len, reverse=True)
        joined = "|".join(map(re.escape, several))
        object.__setattr__(
            self, "_several", re.compile(f"(?<![^ ])(?:{joined})(?= )") if several else None
        )
        near: dict[str, tuple[str, ...]] = {}
        for word in sorted(self.mend):
            for key in shortened(word) | {word}:
                near[key] = (*near.get(key, ()), word)
        object.__setattr__(self, "_near", near)

    def line(self, words: Iterable[str]) -> str:
        """Words in one spelling, each followed by a space; those without weight left out."""
        line = "".join(f"{self._word(word)} " for word in words)
        if self._several:
            line = self._several.sub(lambda match: self.same[match.group()], line)
        return "".join(f"{word} " for word in line.split() if word not in self.skipped)

    def _word(self, word: str) -> str:
        if not word.isalpha() or len(word) > _LONGEST_WORD:
            return word
        if _LONG_RUN.search(word):
            double = _LONG_RUN.sub(r"\1\1", word)
            word = double if double in self.known else _LONG_RUN.sub(r"\1", word)
        if word in self.same:
            return self.same[word]
        if len(word) < 4 or word in self.known:
            return word
        return self._mended(word)

    def _mended(self, word: str) -> str:
        for key in (word, *sorted(shortened(word))):
            for candidate in self._near.get(key, ()):
                if word[0] == candidate[0] and one_slip_apart(word, candidate):
                    return candidate
        return word
