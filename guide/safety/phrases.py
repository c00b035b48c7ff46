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
    chest ~ pain      near each other, whichever comes first (at most six words between)
    fever & infusion  both somewhere in the message

`~` binds tighter than `&`. Every expression is bounded and runs over a bounded stretch of text
(see `screen.py`), so matching takes linear time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import permutations

from guide.safety.text import plain

_TOKENS = re.compile(
    r"\{[a-z_0-9]+\}|<[\d.]+-[\d.]+>|\.\.\.|[()|?&~^]|[^\W_]+\*?|\d+[./]\d+|(\S)", re.UNICODE
)
_COMMA = "(?:, )?"
_FEW, _SOME = 5, 6


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
class _Part:
    """A piece of a phrase: its expression, and its anchor (None where it may be absent)."""

    regex: str
    anchor: Anchor | None


@dataclass(frozen=True)
class Atom:
    """What has to stand together in one place: expression and the anchors it needs."""

    regex: re.Pattern[str]
    anchors: tuple[Anchor, ...]


class PhraseCompiler:
    """Compiles phrases; `lists` may grow while it is in use, each list naming earlier ones.

    Args:
        spell: brings a run of plain words into the spelling of messages (may drop some).
        denials: words that a gap must not contain, such as "no" and "not".
    """

    def __init__(self, spell: Callable[[str], str], denials: frozenset[str]) -> None:
        self._spell = spell
        self._lists: dict[str, _Part] = {}
        barrier = f"(?!(?:{'|'.join(sorted(denials))}) )" if denials else ""
        self._gap = "(?:" + barrier + "[^ .?#]+ ){0,%d}?"

    def add_list(self, name: str, phrases: list[str]) -> None:
        """Define `{name}`. Raises PhraseError."""
        parts = [self._parse(phrase, near=False)[0][0] for phrase in phrases]
        self._lists[name] = _either(parts)

    @property
    def lists(self) -> Mapping[str, object]:
        """The lists defined so far, by name."""
        return self._lists

    def compile(self, phrase: str) -> tuple[Atom, ...]:
        """All atoms of a phrase (several where it has `&`). Raises PhraseError."""
        return tuple(self._atom(parts) for parts in self._parse(phrase, near=True))

    def _atom(self, parts: list[_Part]) -> Atom:
        gap = self._gap % _SOME
        orders = permutations(part.regex for part in parts)
        anchors = sorted(
            (part.anchor for part in parts if part.anchor), key=Anchor.weight, reverse=True
        )
        if not anchors:
            raise PhraseError("has no word that must be there")
        regex = "|".join(gap.join(order) for order in orders)
        return Atom(re.compile(f"(?<![^ ])(?:{regex})"), tuple(anchors))

    def _parse(self, phrase: str, *, near: bool) -> list[list[_Part]]:
        """The parts of a phrase: those joined by `&`, each a list of those joined by `~`."""
        tokens = self._tokens(phrase)
        result: list[list[_Part]] = [[]]
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

    def _run(self, tokens: list[str]) -> _Part:
        """One after the other, up to a joint or closing bracket."""
        regex, anchors = "", []
        while tokens and tokens[0] not in ("&", "~", "|", ")"):
            part = self._item(tokens)
            if tokens and tokens[0] == "?":
                tokens.pop(0)
                part = _Part(f"(?:{part.regex})?", None)
            elif re.search(r"\(\?:\||\|\)|\|\|", part.regex):
                raise PhraseError("has a bracket with a word that is skipped everywhere")
            regex += part.regex
            if part.anchor:
                anchors.append(part.anchor)
        # The rarest word stands for the run: it is looked up before the expression is tried.
        return _Part(regex, max(anchors, key=Anchor.weight, default=None))

    def _item(self, tokens: list[str]) -> _Part:
        token = tokens.pop(0)
        if token == "...":
            return _Part(self._gap % _FEW, None)
        if token == "(":
            return self._group(tokens)
        if token.startswith("{"):
            if token[1:-1] not in self._lists:
                raise PhraseError(f"names the unknown list {token}")
            return self._lists[token[1:-1]]
        if token.startswith("<"):
            return _number(token)
        if token == "^":
            return _Part(r"(?:\A|(?<=[.?,#] ))", None)
        if token == "?":
            raise PhraseError("has a '?' with nothing before it")
        if token.endswith("*"):
            stem = token[:-1]
            return _Part(f"{stem}[a-z]* {_COMMA}", Anchor(starts=frozenset({stem})))
        return self._words(token, tokens)

    def _words(self, token: str, tokens: list[str]) -> _Part:
        """A run of plain words, spelled like a message."""
        words = [token]
        while tokens and tokens[0][0].isalnum() and not tokens[0].endswith("*"):
            if len(tokens) > 1 and tokens[1] == "?":
                break
            words.append(tokens.pop(0))
        if tokens and tokens[0] == "?" and len(words) > 1:
            raise PhraseError("has a '?' after several words; put them in brackets")
        spelled = self._spell(" ".join(words)).split()
        if not spelled:
            return _Part("", None)
        regex = "".join(f"{re.escape(word)} {_COMMA}" for word in spelled)
        return _Part(regex, Anchor(frozenset({max(spelled, key=len)})))

    def _group(self, tokens: list[str]) -> _Part:
        parts = [self._run(tokens)]
        while tokens and tokens[0] == "|":
            tokens.pop(0)
            parts.append(self._run(tokens))
        if not tokens or tokens.pop(0) != ")":
            raise PhraseError("has a bracket that is not closed")
        return _either(parts)


def _either(parts: list[_Part]) -> _Part:
    # Longest first: "chest wall" must win over "chest" where both are in a list.
    regex = "|".join(sorted({part.regex for part in parts}, key=len, reverse=True))
    anchor: Anchor | None = Anchor()
    for part in parts:
        anchor = anchor | part.anchor if anchor is not None and part.anchor else None
    return _Part(f"(?:{regex})", anchor)


def _number(token: str) -> _Part:
    """A number in a range, in steps of a tenth: a fever is never written more exactly.

    Ends with a decimal ask for a decimal: 38.5 is a temperature, 40 may be dollars.
    """
    try:
        low, high = (round(float(end) * 10) for end in token[1:-1].split("-"))
    except ValueError:
        raise PhraseError(f"has an unreadable range {token}") from None
    if not low < high <= low + 4000:
        raise PhraseError(f"has a range {token} that is empty or too wide")
    words = {f"{n // 10}.{n % 10}" for n in range(low, high + 1)}
    if "." not in token:
        words |= {f"{n // 10}" for n in range(low, high + 1, 10)}
    regex = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    return _Part(f"(?:{regex}) {_COMMA}", Anchor(frozenset(words)))
