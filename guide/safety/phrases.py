"""The small language in which phrases are written, compiled to regular expressions.

    chest pain        these words, one after the other
    tight*            a word that begins so
    (hurts|aches)     one of these
    my? (left|right)? may be there or not
    ...               up to five other words, in the same sentence, none of them a "no"
    {breath}          one of the wordings in the list of that name
    <39-42>           a number from 39 to 42, with or without a decimal
    <38.3-42.9>       a number written with a decimal, from 38.3 to 42.9
    ^ does            at the beginning of a sentence or after a comma
    emergency $       at the end of a sentence or before a comma
    chest ~ pain      near each other, whichever comes first (at most six words between)
    fever & infusion  both somewhere in the message

`~` binds tighter than `&`. Every expression is bounded and runs over a bounded stretch of text
(see `screen.py`), so matching takes linear time.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import permutations

from guide.safety.text import plain

_TOKENS = re.compile(
    r"\{[a-z_0-9]+\}|<[\d.]+-[\d.]+>|\.\.\.|[()|?&~^$]|[^\W_]+\*?|\d+[./]\d+|(\S)", re.UNICODE
)
_COMMA = "(?:, )?"
# Words that may stand in a gap written "..." and in one written "~"; width of a number range.
_FEW, _SOME, _WIDEST = 5, 6, 400


class PhraseError(ValueError):
    """A phrase that cannot be understood; the text says why, in an editor's words."""


@dataclass(frozen=True)
class Anchor:
    """Words of which at least one stands in every message that the phrase fits."""

    words: frozenset[str] = frozenset()
    starts: frozenset[str] = frozenset()

    def __or__(self, other: Anchor) -> Anchor:
        return Anchor(self.words | other.words, self.starts | other.starts)

    def weight(self) -> float:
        """How rare it is, guessed from number and length of its words."""
        every = self.words | self.starts
        return min(map(len, every)) - len(every) / 20


@dataclass(frozen=True)
class Part:
    """A piece of a phrase: its expression, and its anchor (None where it may be absent)."""

    regex: str
    anchor: Anchor | None


@dataclass(frozen=True)
class Atom:
    """What has to stand together in one place: expression and the anchors it needs."""

    source: str
    anchors: tuple[Anchor, ...]

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """Compiled when first needed: all of them together would take seconds."""
        return re.compile(self.source)


class PhraseCompiler:
    """Compiles phrases; `lists` may grow while it is in use, each list naming earlier ones.

    Args:
        spell: brings a run of plain words into the spelling of messages (may drop some).
        denials: words that a gap must not contain, such as "no" and "not".
    """

    def __init__(self, spell: Callable[[str], str], denials: frozenset[str]) -> None:
        self._spell = spell
        self._lists: dict[str, Part] = {}
        barrier = f"(?!(?:{'|'.join(sorted(denials))}) )" if denials else ""
        self._gap = "(?:" + barrier + "[^ .?#]+ ){0,%d}?"

    def add_list(self, name: str, phrases: list[str]) -> Part:
        """Define `{name}`, or define it anew. Raises PhraseError."""
        parts = [self._parse(phrase, near=False)[0][0] for phrase in phrases]
        self._lists[name] = _either(parts)
        return self._lists[name]

    def compile(self, phrase: str) -> tuple[Atom, ...]:
        """All atoms of a phrase (several where it has `&`). Raises PhraseError."""
        return tuple(self._atom(parts) for parts in self._parse(phrase, near=True))

    def _atom(self, parts: list[Part]) -> Atom:
        gap = self._gap % _SOME
        orders = permutations(part.regex for part in parts)
        anchors = sorted(
            (part.anchor for part in parts if part.anchor), key=Anchor.weight, reverse=True
        )
        if not anchors:
            raise PhraseError("has no word that must be there")
        regex = "|".join(gap.join(order) for order in orders)
        return Atom(f"(?<![^ ])(?:{regex})", tuple(anchors))

    def _parse(self, phrase: str, *, near: bool) -> list[list[Part]]:
        """The parts of a phrase: those joined by `&`, each a list of those joined by `~`."""
        tokens = self._tokens(phrase)
        result: list[list[Part]] = [[]]
        while True:
            result[-1].append(self._run(tokens))
            if not tokens:
                return result
            joint = tokens.pop(0)
            if joint not in "&~" or not near:
                raise PhraseError(f"{joint!r} does not belong there")
            if joint == "&":
                result.append([])
            elif len(result[-1]) > 2:
                raise PhraseError("joins more than three with '~'")

    def _tokens(self, phrase: str) -> list[str]:
        tokens: list[str] = []
        for match in _TOKENS.finditer(plain(phrase)):
            if match[1]:
                raise PhraseError(f"contains {match[1]!r}, which means nothing here")
            tokens.append(match[0])
        if not tokens:
            raise PhraseError("is empty")
        return tokens

    def _run(self, tokens: list[str]) -> Part:
        """One after the other, up to a joint or closing bracket."""
        regex, anchors = "", []
        while tokens and tokens[0] not in ("&", "~", "|", ")"):
            part = self._item(tokens)
            if tokens and tokens[0] == "?":
                tokens.pop(0)
                part = Part(f"(?:{part.regex})?", None)
            elif re.search(r"\(\?:\||\|\)|\|\|", part.regex):
                raise PhraseError("has a bracket with a word that is skipped everywhere")
            regex += part.regex
            if part.anchor:
                anchors.append(part.anchor)
        # The rarest word stands for the run: it is looked up before the expression is tried.
        return Part(regex, max(anchors, key=Anchor.weight, default=None))

    def _item(self, tokens: list[str]) -> Part:
        piece = tokens.pop(0)
        if piece == "...":
            return Part(self._gap % _FEW, None)
        if piece == "(":
            return self._group(tokens)
        if piece.startswith("{"):
            if piece[1:-1] not in self._lists:
                raise PhraseError(f"names the unknown list {piece}")
            return self._lists[piece[1:-1]]
        if piece.startswith("<"):
            return _number(piece)
        if piece == "^":
            return Part(r"(?:\A|(?<=[.?,#] ))", None)
        if piece == "$":
            return Part(r"(?:(?<=, )|(?=[.?#] )|\Z)", None)
        if piece == "?":
            raise PhraseError("has a '?' with nothing before it")
        if piece.endswith("*"):
            stem = piece[:-1]
            return Part(f"{stem}[a-z]* {_COMMA}", Anchor(starts=frozenset({stem})))
        return self._words(piece, tokens)

    def _words(self, first: str, tokens: list[str]) -> Part:
        """A run of plain words, spelled like a message."""
        words = [first]
        while tokens and tokens[0][0].isalnum() and not tokens[0].endswith("*"):
            if len(tokens) > 1 and tokens[1] == "?":
                break
            words.append(tokens.pop(0))
        spelled = self._spell(" ".join(words)).split()
        if not spelled:
            return Part("", None)
        regex = "".join(f"{re.escape(word)} {_COMMA}" for word in spelled)
        return Part(regex, Anchor(frozenset({max(spelled, key=len)})))

    def _group(self, tokens: list[str]) -> Part:
        parts = [self._run(tokens)]
        while tokens and tokens[0] == "|":
            tokens.pop(0)
            parts.append(self._run(tokens))
        if not tokens or tokens.pop(0) != ")":
            raise PhraseError("has a bracket that is not closed")
        return _either(parts)


def _either(parts: list[Part]) -> Part:
    # Longest first: "chest wall" must win over "chest" where both are in a list.
    regex = "|".join(sorted({part.regex for part in parts}, key=len, reverse=True))
    anchor: Anchor | None = Anchor()
    for part in parts:
        anchor = anchor | part.anchor if anchor is not None and part.anchor else None
    return Part(f"(?:{regex})", anchor)


def _number(token: str) -> Part:
    """A number in a range; ends with a decimal ask for one: 38.5 is a fever, 40 may be dollars."""
    low, _, high = token[1:-1].partition("-")
    try:
        first, last = round(float(low) * 10), round(float(high) * 10)
    except ValueError:
        raise PhraseError(f"has an unreadable range {token}") from None
    if not first < last <= first + _WIDEST * 10:
        raise PhraseError(f"has a range {token} that is empty or too wide")
    whole = [str(n) for n in range(first // 10, last // 10 + 1)]
    if "." not in token:
        regex = f"(?:{'|'.join(whole)})(?:\\.[0-9]+)?"
        return Part(f"{regex} {_COMMA}", Anchor(starts=frozenset(whole)))
    tenths = [f"{n // 10}.{n % 10}" for n in range(first, last + 1)]
    regex = "|".join(
        rf"{n}\.[{min(t[-1] for t in tenths if t.startswith(n + '.'))}"
        rf"-{max(t[-1] for t in tenths if t.startswith(n + '.'))}]"
        for n in whole
    )
    return Part(f"(?:{regex}) {_COMMA}", Anchor(frozenset(tenths)))
